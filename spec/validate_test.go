package spec

import (
	"strings"
	"testing"
)

// The structure of a trace is checked, whoever recorded it.
func TestAMalformedTraceIsToldFromABrokenRule(t *testing.T) {
	call := func(id uint32, th int32, v Verb) Event {
		return Event{Kind: CallEvent, Call: id, Thread: th, Verb: v, Port: 1, Sock: 1, Peer: 1}
	}
	ret := func(id uint32, th int32, v Verb) Event {
		return Event{Kind: ReturnEvent, Call: id, Thread: th, Verb: v}
	}
	early := func(id uint32, c Code) Event {
		e := ret(id, 0, Wait)
		e.Early, e.Status = 1, Is(c)
		return e
	}
	nameless := ret(3, 0, Wait)
	nameless.Packets = []PacketEvent{{Addr: at("80"), NoAddr: true}}
	from := ret(3, 0, Wait)
	from.Addr, from.NoAddr = at("80"), true
	opened := []Event{call(1, 0, OpenPort), ret(1, 0, OpenPort), call(2, 0, OpenSocket), ret(2, 0, OpenSocket)}
	start := call(3, 0, Receive)
	start.Op = 1
	for _, c := range []struct {
		name   string
		events []Event
		want   string // "" = nothing is wrong
	}{
		{"nothing", nil, ""},
		{"cut", append(opened, call(3, 0, Wait)), ""},
		{"early", append(opened, call(3, 0, Wait), early(3, TimedOut)), ""},
		{"early, with a packet", append(opened, call(3, 0, Wait), early(3, OK)), "event 6: only a wait runs out of time early"},
		{"an address that was told and was not", append(opened, call(3, 0, Wait), nameless), "event 6: packet 1: no address was told, and it is 127.0.0.1:80"},
		{"an address of what was done at its start that was told and was not", append(opened, call(3, 0, Wait), from), "event 6: no address was told, and it is 127.0.0.1:80"},
		{"a return without its call", []Event{ret(1, 0, Wait)}, "event 1: the return of call 1, which was not made"},
		{"a call id twice", append(opened, call(1, 0, Wait)), "event 5: the call's id 1 is 0 or has been used"},
		{"two open calls", append(opened, call(3, 0, Wait), call(4, 0, Wait)), `event 6: thread "main" makes call 4 while call 3 is open`},
		{"a return twice", append(opened, ret(2, 0, OpenSocket)), "event 5: call 2 returns twice"},
		{"on another thread", append(opened, call(3, 0, Wait), ret(3, 1, Wait)), `event 6: call 3 returns on thread "w1", which did not make it`},
		{"as another call", append(opened, call(3, 0, Wait), ret(3, 0, Post)), "event 6: call 3 was wait and returns as post"},
		{"a thread that is not there", []Event{call(1, 7, OpenPort)}, "event 1: there is no thread 7; the trace has 2"},
		{"a negative thread", []Event{call(1, -1, OpenPort)}, "event 1: there is no thread -1"},
		{"a port out of nowhere", []Event{call(1, 0, Wait)}, "event 1: there has been no port 1 so far"},
		{"a socket out of nowhere", []Event{call(1, 0, Receive)}, "event 1: there has been no socket 1 so far"},
		{"a far end out of nowhere", []Event{call(1, 0, PeerSend)}, "event 1: there has been no far end 1 so far"},
		{"a socket twice", append(opened, call(3, 0, OpenSocket)), "event 5: the socket's id 1 is 0 or has been used"},
		{"an operation twice", append(opened, start, ret(3, 0, Receive), func() Event { e := start; e.Call = 4; return e }()), "event 7: the operation's id 1 is 0 or has been used"},
		{"leave without enter", append(opened, start, ret(3, 0, Receive), Event{Kind: LeaveEvent, Op: 1}), `event 7: thread "main" leaves the handler of operation 1, which it has not entered`},
		{"enter of what was not started", append(opened, Event{Kind: EnterEvent, Op: 1}), "event 5: operation 1 has not been started"},
		{"after the end", []Event{{Kind: EndEvent}, {Kind: PauseEvent}}, "event 2: there is an event after the end"},
		{"an unknown kind", []Event{{Kind: 77}}, "event 1: unknown kind of event 77"},
		{"an unknown call", []Event{{Kind: CallEvent, Verb: 77}}, "event 1: unknown call 77"},
		{"an unknown status", []Event{{Status: Status{Code: 77}}}, "event 1: unknown status code(77)"},
		{"a status of an unknown space", []Event{{Status: Status{Space: 77}}}, "event 1: unknown status"},
		{"the first status that there is not", []Event{{Status: Status{Code: codes}}}, "event 1: unknown status"},
		{"the first space that there is not", []Event{{Status: Status{Space: spaces}}}, "event 1: unknown status"},
		{"a late change of what was not started", []Event{{Kind: LateEvent, Op: 1}}, "event 1: operation 1 has not been started"},
		{"a late change of nobody knows which", []Event{{Kind: LateEvent}}, ""},
		{"a late change", append(opened, start, Event{Kind: LateEvent, Op: 1}), ""},
		{"an association with a port out of nowhere", append(opened, Event{Kind: CallEvent, Call: 3, Verb: Associate, Sock: 1, Port: 9}), "event 5: there has been no port 9 so far"},
		{"an association", append(opened, call(3, 0, Associate)), ""},
		{"an association of a socket out of nowhere", append(opened, Event{Kind: CallEvent, Call: 3, Verb: Associate, Sock: 9, Port: 1}), "event 5: there has been no socket 9 so far"},
		{"a negative length", []Event{{Kind: PauseEvent, Len: -1}}, "event 1: the length -1 is negative"},
	} {
		trace := &Trace{Threads: []string{"main", "w1"}, Events: append([]Event(nil), c.events...)}
		for i := range trace.Events {
			trace.Events[i].Q = uint64(i + 1)
		}
		got := ""
		if err := trace.Validate(); err != nil {
			got = err.Error()
		}
		if got != c.want && (c.want == "" || !strings.HasPrefix(got, c.want)) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
		NewChecker().Check(trace) // and nothing panics
	}
	// What is longer than it was may have begun before the wait that brought its socket; but a socket is made once.
	for _, x := range []struct {
		e    Event
		fine bool
	}{
		{Event{Verb: Receive, Sock: 5}, true},
		{Event{Verb: OpenSocket, Sock: 5}, true},
		{Event{Verb: OpenSocket, Sock: 1}, false},
		{Event{Verb: OpenRaw, Sock: 5}, true},
		{Event{Verb: OpenRaw, Sock: 1}, false},
		{Event{Verb: Receive, Sock: 0}, false},
	} {
		x.e.Kind, x.e.Call = CallEvent, 9
		trace := &Trace{Threads: []string{"main"}, Widened: true, Events: append(append([]Event(nil), opened[2:]...), x.e)}
		for i := range trace.Events {
			trace.Events[i].Q = uint64(i + 1)
		}
		if err := trace.Validate(); (err == nil) != x.fine {
			t.Errorf("%s of socket %d, with intervals that are longer than they were: %v", x.e.Verb, x.e.Sock, err)
		}
	}
	header := &Trace{About: About{World: "moon"}}
	if at, err := header.fault(); at != -1 || err == nil {
		t.Errorf("the header's fault stands at event %d: %v", at, err)
	}
	for _, known := range Capabilities {
		if err := (&Trace{About: About{Capabilities: []Capability{known.Name}}}).Validate(); err != nil {
			t.Error(err)
		}
	}
	if (&Trace{About: About{Capabilities: []Capability{CanPost, "fly"}}}).Validate() == nil {
		t.Error("a capability that there is not passes")
	}
	for _, c := range []struct{ a, b uint64 }{{5, 5}, {5, 4}, {0, 1}} {
		trace := &Trace{Threads: []string{"main"}, Events: []Event{{Kind: PauseEvent, Q: c.a}, {Kind: PauseEvent, Q: c.b}}}
		if trace.Validate() == nil {
			t.Errorf("the numbers %d, %d are not in order", c.a, c.b)
		}
	}
}
