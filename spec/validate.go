package spec

import "fmt"

// Validate reports the first thing that makes t no trace at all: it was written by a broken recorder, so that nothing can be concluded
// from it. Events must be in order. A trace that ends early is fine, and so is one in which calls never return.
func (t *Trace) Validate() error {
	at, err := t.fault()
	if err == nil || at < 0 {
		return err
	}
	return fmt.Errorf("event %d: %w", t.Events[at].Q, err)
}

// fault returns the first fault and the index of its event, -1 for the header.
func (t *Trace) fault() (at int, err error) {
	if err := t.headerFault(); err != nil {
		return -1, err
	}
	v := validator{
		trace: t, threads: make([]activity, len(t.Threads)), calls: map[uint32]bool{},
		socks: map[uint32]bool{}, events: map[uint32]bool{}, ports: map[uint32]bool{}, peers: map[uint32]bool{}, ops: map[uint32]bool{}, handlers: map[[2]uint32]bool{},
	}
	for i := range t.Events {
		if err := v.event(i, &t.Events[i]); err != nil {
			return i, err
		}
	}
	return -1, nil
}

func (t *Trace) headerFault() error {
	if err := t.levelFault(); err != nil {
		return err
	}
	if err := t.About.Axes.Check(); err != nil {
		return err
	}
next:
	for _, c := range t.About.Capabilities {
		for _, known := range Capabilities {
			if c == known.Name {
				continue next
			}
		}
		return fmt.Errorf("unknown capability %q", c)
	}
	switch t.About.World {
	case "sim", "real", "kernel", "":
	default:
		return fmt.Errorf("unknown world %q; known are sim and real", t.About.World)
	}
	return nil
}

func (t *Trace) levelFault() error {
	switch t.Data {
	case DataNone, DataSum, DataPattern, DataBytes, "":
		return nil
	}
	return fmt.Errorf("unknown data level %q; known are none, sum, pattern and bytes", t.Data)
}

// activity is what a thread is doing.
type activity struct {
	call uint32 // the one that is open, 0 if none
	verb Verb
	port uint32
	max  int
	gone bool // it has ended
}

type validator struct {
	trace    *Trace
	threads  []activity
	calls    map[uint32]bool // ids used; true while open
	socks    map[uint32]bool
	events   map[uint32]bool
	ports    map[uint32]bool
	peers    map[uint32]bool
	ops      map[uint32]bool
	handlers map[[2]uint32]bool // entered and not left: operation, thread
	ended    bool
}

func (v *validator) event(i int, e *Event) error {
	if i > 0 && e.Q == v.trace.Events[i-1].Q {
		return fmt.Errorf("number %d comes twice", e.Q)
	}
	if i > 0 && e.Q < v.trace.Events[i-1].Q {
		return fmt.Errorf("number %d comes after %d", e.Q, v.trace.Events[i-1].Q)
	}
	switch {
	case e.Q == 0 || e.Q == open:
		return fmt.Errorf("%d is no number of an event", e.Q)
	case v.ended:
		return fmt.Errorf("there is an event after the end")
	case e.Kind >= eventKinds:
		return fmt.Errorf("unknown kind of event %d", e.Kind)
	case e.Verb >= verbs:
		return fmt.Errorf("unknown call %d", e.Verb)
	case e.Thread < 0 || int(e.Thread) >= len(v.threads):
		return fmt.Errorf("there is no thread %d; the trace has %d", e.Thread, len(v.threads))
	case e.How > RefusedAtStart || e.Side > SideBoth || e.Net >= networks || e.Flags&^(WaitAll|Reuse|NoContext|EventOnly|Alertable) != 0:
		return fmt.Errorf("an unknown answer, side, network or flag")
	case e.Len < 0:
		return fmt.Errorf("the length %d is negative", e.Len)
	case e.Since > e.Q:
		return fmt.Errorf("what began at %d has the earlier number %d", e.Since, e.Q)
	}
	if err := or(statusFault(e.Status), e.Args.fault(e)); err != nil {
		return err
	}
	t := &v.threads[e.Thread]
	switch e.Kind {
	case CallEvent:
		return v.call(t, e)
	case ReturnEvent:
		return v.ret(t, e)
	case LateEvent:
		if e.Op != 0 && !v.ops[e.Op] {
			return fmt.Errorf("operation %d has not been started", e.Op)
		}
	case EndEvent:
		v.ended = true
	case NetEvent:
		if !e.Verb.OfNet() {
			return fmt.Errorf("%q is nothing that a network does", e.Verb)
		}
	case EnterEvent, LeaveEvent:
		return v.handler(t, e)
	}
	return nil
}

func statusFault(s Status) error {
	if s.Code >= codes || s.Space >= spaces {
		return fmt.Errorf("unknown status %s", s)
	}
	return nil
}

func (v *validator) handler(t *activity, e *Event) error {
	if e.Op != 0 && !v.ops[e.Op] {
		return fmt.Errorf("operation %d has not been started", e.Op)
	}
	if t.call != 0 {
		return fmt.Errorf("a handler begins or ends on %s while call %d is open there", v.name(e.Thread), t.call)
	}
	k := [2]uint32{e.Op, uint32(e.Thread)}
	switch {
	case e.Kind == LeaveEvent && !v.handlers[k]:
		return fmt.Errorf("%s leaves the handler of operation %d, which it has not entered", v.name(e.Thread), e.Op)
	case e.Kind == LeaveEvent:
		delete(v.handlers, k)
	case v.handlers[k]:
		return fmt.Errorf("%s enters the handler of operation %d twice", v.name(e.Thread), e.Op)
	default:
		v.handlers[k] = true
	}
	return nil
}

func (v *validator) name(i int32) string { return fmt.Sprintf("thread %q", v.trace.Threads[i]) }

func (v *validator) call(t *activity, e *Event) error {
	if _, used := v.calls[e.Call]; used || e.Call == 0 {
		return fmt.Errorf("the call's id %d is 0 or has been used", e.Call)
	}
	if t.call != 0 {
		return fmt.Errorf("%s makes call %d while call %d is open", v.name(e.Thread), e.Call, t.call)
	}
	if t.gone {
		return fmt.Errorf("%s makes call %d and had ended before", v.name(e.Thread), e.Call)
	}
	v.calls[e.Call] = true
	*t = activity{call: e.Call, verb: e.Verb, port: e.Port, max: e.Len}
	if e.Data != nil && len(e.Data) != e.Len {
		return fmt.Errorf("there are %d bytes, and the length is %d", len(e.Data), e.Len)
	}
	if v.trace.Widened && e.Sock != 0 && e.Verb != OpenSocket && e.Verb != OpenRaw {
		v.socks[e.Sock] = true // the wait that brought it may seem to return later
	}
	switch e.Verb {
	case NoVerb:
		return fmt.Errorf("the call does not say which it is")
	case OpenPort, OpenPoller:
		return introduce(v.ports, "port", e.Port)
	case OpenSocket, OpenRaw:
		return introduce(v.socks, "socket", e.Sock)
	case PeerConnect, PeerListen, PeerAccept, PeerBind:
		return introduce(v.peers, "far end", e.Peer)
	case Post, Wait, ClosePort, WaitReady, ClosePoller:
		return known(v.ports, "port", e.Port)
	case AddInterest, ModifyInterest, RemoveInterest:
		if err := known(v.ports, "poller", e.Port); err != nil || e.Into == 0 {
			return or(err, known(v.socks, "socket", e.Sock))
		}
		return known(v.ports, "poller", e.Into)
	case DupRaw, DuplicateSocket:
		return or(known(v.socks, "socket", e.Sock), introduce(v.socks, "socket", e.Into))
	case Associate:
		if err := known(v.ports, "port", e.Port); err != nil {
			return err
		}
	case ExitThread:
		return nil
	case QueueAPC:
		return nil
	case OpenEvent:
		return introduce(v.events, "event", e.Event)
	case WaitEvent:
		return known(v.events, "event", e.Event)
	}
	if e.Verb.OfPeer() {
		return known(v.peers, "far end", e.Peer)
	}
	if err := known(v.socks, "socket", e.Sock); err != nil || !e.Verb.Starts() && e.Verb != UpdateContext {
		return err
	}
	if e.Into != 0 {
		if err := known(v.socks, "socket", e.Into); err != nil {
			return err
		}
	}
	if e.Verb == UpdateContext {
		return nil
	}
	if e.Event != 0 {
		if err := known(v.events, "event", e.Event); err != nil {
			return err
		}
	}
	if e.Op == 0 {
		return nil // a recorder that knows tokens only
	}
	return introduce(v.ops, "operation", e.Op)
}

func introduce(seen map[uint32]bool, what string, id uint32) error {
	if id == 0 || seen[id] {
		return fmt.Errorf("the %s's id %d is 0 or has been used", what, id)
	}
	seen[id] = true
	return nil
}

func known(seen map[uint32]bool, what string, id uint32) error {
	if !seen[id] {
		return fmt.Errorf("there has been no %s %d so far", what, id)
	}
	return nil
}

func (v *validator) ret(t *activity, e *Event) error {
	open, used := v.calls[e.Call]
	switch {
	case !used:
		return fmt.Errorf("the return of call %d, which was not made", e.Call)
	case !open:
		return fmt.Errorf("call %d returns twice", e.Call)
	case t.call != e.Call:
		return fmt.Errorf("call %d returns on %s, which did not make it", e.Call, v.name(e.Thread))
	case t.verb != e.Verb:
		return fmt.Errorf("call %d was %s and returns as %s", e.Call, t.verb, e.Verb)
	case e.Packets != nil && e.Verb != Wait:
		return fmt.Errorf("only a wait returns packets")
	case e.Early < 0 || e.Early > 0 && (e.Verb != Wait && e.Verb != WaitReady || e.Status.Code != TimedOut):
		return fmt.Errorf("only a wait runs out of time early")
	case e.NoAddr && e.Addr.IsValid():
		return fmt.Errorf("no address was told, and it is %s", e.Addr)
	}
	v.calls[e.Call] = false
	t.call, t.gone = 0, e.Verb == ExitThread
	if e.Verb == TryAccept && e.Into != 0 {
		return introduce(v.socks, "socket", e.Into)
	}
	for i := range e.Packets {
		if err := v.packet(&e.Packets[i]); err != nil {
			return fmt.Errorf("packet %d: %w", i+1, err)
		}
	}
	return nil
}

func (v *validator) packet(p *PacketEvent) error {
	if err := statusFault(p.Status); err != nil {
		return err
	}
	switch {
	case p.Guard > GuardBroken:
		return fmt.Errorf("unknown guard %d", p.Guard)
	case p.Op != 0 && !v.ops[p.Op]:
		return fmt.Errorf("operation %d has not been started", p.Op)
	case p.NoAddr && p.Addr.IsValid():
		return fmt.Errorf("no address was told, and it is %s", p.Addr)
	case p.Data != nil && len(p.Data) != p.N:
		return fmt.Errorf("there are %d bytes, and the packet says %d", len(p.Data), p.N)
	}
	if p.Sock != 0 {
		v.socks[p.Sock] = true // an accept introduces the socket that it made
	}
	return nil
}

func or(a, b error) error {
	if a != nil {
		return a
	}
	return b
}
