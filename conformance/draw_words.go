package conformance

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// Names are what a script calls the objects of a trace, by their numbers there. Those that it has no name for keep their number.
type Names struct {
	Ops, Socks, Ports map[uint32]string
	Posts             map[uint64]string // by token
	Watched           map[uint64]string // by token: what a poller watches under it
	Lines             map[uint32]int    // lines of the script, by the ids of the calls they made
}

func (n Names) op(id uint32, token uint64) string {
	if id == 0 {
		if name := n.Posts[token]; name != "" {
			return name
		}
		return fmt.Sprintf("token %#x", token)
	}
	return named1(n.Ops, "op", id)
}

func (n Names) sock(id uint32) string { return named1(n.Socks, "socket", id) }

func (n Names) port(id uint32) string { return named1(n.Ports, "port", id) }

func (n Names) poller(id uint32) string { return named1(n.Ports, "poller", id) }

func named1(names map[uint32]string, kind string, id uint32) string {
	if name := names[id]; name != "" {
		return name
	}
	return fmt.Sprintf("%s %d", kind, id)
}

var object = regexp.MustCompile(`(operation|socket|port|poller) ([0-9]+)`)

// Legend says which name stands for which number, since messages of the checker speak of numbers.
func (n Names) Legend(violations []spec.Violation) string {
	var parts []string
	said := map[string]bool{}
	for _, v := range violations {
		for _, m := range object.FindAllStringSubmatch(v.Said+", "+strings.Join(v.Objects, ", "), -1) {
			id, _ := strconv.ParseUint(m[2], 10, 32)
			name := map[string]map[uint32]string{"operation": n.Ops, "socket": n.Socks, "port": n.Ports, "poller": n.Ports}[m[1]][uint32(id)]
			if name != "" && !said[m[0]] {
				said[m[0]] = true
				parts = append(parts, m[0]+" is "+name)
			}
		}
	}
	return strings.Join(parts, ", ")
}

// call says what a call does, in few words.
func (d *Drawing) call(e *spec.Event) string {
	n := d.Names
	if e.Verb.OfPoller() {
		return n.readyCall(e)
	}
	switch e.Verb {
	case spec.OpenPort:
		if e.N > 0 {
			return fmt.Sprintf("open %s, limit %d", n.port(e.Port), e.N)
		}
		return "open " + n.port(e.Port)
	case spec.OpenSocket:
		return "open " + n.sock(e.Sock)
	case spec.Bind:
		return "bind " + n.sock(e.Sock)
	case spec.Listen:
		return "listen on " + n.sock(e.Sock)
	case spec.Associate:
		return fmt.Sprintf("associate %s with %s, key %#x", n.sock(e.Sock), n.port(e.Port), e.Key)
	case spec.Post:
		return fmt.Sprintf("post %s to %s, key %#x", n.op(0, e.Token), n.port(e.Port), e.Key)
	case spec.Wait:
		return "wait on " + n.port(e.Port) + limits(e)
	case spec.Cancel:
		return "cancel " + n.op(e.Op, e.Token)
	case spec.CancelAll:
		return "cancel all of " + n.sock(e.Sock)
	case spec.ShutdownSocket:
		return fmt.Sprintf("shut down %s, %s", n.sock(e.Sock), e.Side)
	case spec.UpdateContext:
		if e.Into == 0 {
			return "tell " + n.sock(e.Sock) + " that it has connected"
		}
		return "tell " + n.sock(e.Sock) + " that it came from " + n.sock(e.Into)
	case spec.LocalName:
		return "own name of " + n.sock(e.Sock)
	case spec.PeerName:
		return "far end's name of " + n.sock(e.Sock)
	case spec.Skip:
		return "skip on success, " + n.sock(e.Sock)
	case spec.CloseSocket:
		return "close " + n.sock(e.Sock)
	case spec.ClosePort:
		return "close " + n.port(e.Port)
	case spec.QueueAPC:
		return fmt.Sprintf("queue procedure call %d", e.Token)
	case spec.OpenEvent:
		return fmt.Sprintf("make event %d", e.Event)
	case spec.WaitEvent:
		return fmt.Sprintf("wait for event %d", e.Event)
	case spec.DuplicateSocket:
		return "duplicate " + n.sock(e.Sock) + " as " + n.sock(e.Into)
	case spec.ExitThread:
		return "exit"
	case spec.PeerConnect:
		return "connect"
	case spec.PeerListen:
		if e.Refuse {
			return "refuse"
		}
		return "listen"
	case spec.PeerAccept:
		return "accept"
	case spec.PeerSend:
		return fmt.Sprintf("send %d", e.Len)
	case spec.PeerRead:
		return fmt.Sprintf("read up to %d", e.Len)
	case spec.PeerHalfClose:
		return "half-close"
	case spec.PeerClose:
		return "close"
	case spec.PeerAbort:
		return "reset"
	}
	s := fmt.Sprintf("%s %s on %s", e.Verb, n.op(e.Op, e.Token), n.sock(e.Sock))
	if e.Into != 0 {
		s += " into " + n.sock(e.Into)
	}
	if e.Len > 0 || e.Verb == spec.Receive || e.Verb == spec.Send {
		s += fmt.Sprintf(", %s", bytesOf(e.Len))
	}
	if e.Flags&spec.WaitAll != 0 {
		s += ", all"
	}
	if e.Event != 0 {
		s += fmt.Sprintf(", event %d", e.Event)
	}
	if e.Flags&spec.EventOnly != 0 {
		s += " alone"
	}
	if e.Flags&spec.Reuse != 0 {
		s += ", to be used again"
	}
	if e.Flags&spec.NoContext != 0 {
		s += ", no context"
	}
	if a := e.Args; a != nil {
		s += argumentsOf(a)
	}
	return s
}

// argumentsOf says what is unusual about the arguments of an accept.
func argumentsOf(a *spec.AcceptArguments) (s string) {
	if a.LocalRoom != spec.RoomEnough {
		s += fmt.Sprintf(", room %d for its own address", a.LocalRoom)
	}
	if a.RemoteRoom != spec.RoomEnough {
		s += fmt.Sprintf(", room %d for the far end's", a.RemoteRoom)
	}
	if a.Without != spec.WithAll {
		s += ", without " + a.Without.String()
	}
	return s
}

// limits says how many packets a wait takes at most and for how long it waits, where that is not the usual.
func limits(e *spec.Event) string {
	s := ""
	if e.Flags&spec.Alertable != 0 {
		s = ", alertable"
	}
	if e.Len > 1 {
		s += fmt.Sprintf(", up to %d", e.Len)
	}
	switch timeout := time.Duration(e.N); {
	case e.Kind != spec.CallEvent:
	case timeout < 0:
		s += ", for ever"
	case timeout == 0:
		s += ", without waiting"
	}
	return s
}

func bytesOf(n int) string {
	if n == 1 {
		return "1 byte"
	}
	return fmt.Sprintf("%d bytes", n)
}

// back says what a call returned.
func (d *Drawing) back(e *spec.Event) string {
	if e.Verb.Starts() {
		switch e.How {
		case spec.Done:
			return "done, " + bytesOf(e.N)
		case spec.RefusedAtStart:
			return "refused, " + e.Status.String()
		}
		return "pending"
	}
	if e.Verb.OfPoller() {
		return d.Names.readyBack(e)
	}
	switch e.Verb {
	case spec.Wait:
		if len(e.Packets) == 0 {
			if e.Status.Code == spec.TimedOut {
				return "nothing"
			}
			return e.Status.String()
		}
		parts := make([]string, len(e.Packets))
		for i := range e.Packets {
			parts[i] = d.packet(&e.Packets[i])
		}
		return strings.Join(parts, "; ")
	case spec.PeerSend, spec.PeerRead:
		switch {
		case e.Status.Code == spec.TimedOut && e.N == 0:
			return "nothing"
		case !e.Status.Ok():
			return e.Status.String()
		case e.Verb == spec.PeerRead && e.N == 0:
			return "end of stream"
		case e.Verb == spec.PeerSend:
			return "ok"
		}
		return fmt.Sprint(e.N)
	}
	return e.Status.String()
}

// packet draws a completion packet.
func (d *Drawing) packet(p *spec.PacketEvent) string {
	s := fmt.Sprintf("◆ %s: %s %d, key %#x", d.Names.op(p.Op, p.Token), p.Status.Code, p.N, p.Key)
	if p.Sock != 0 {
		s += ", " + d.Names.sock(p.Sock)
	}
	if p.Guard == spec.GuardBroken {
		s += fmt.Sprintf(", buffer changed at byte %d", p.At)
	}
	return s
}

// mark says what an event is that is no call.
func (d *Drawing) mark(e *spec.Event) string {
	switch e.Kind {
	case spec.EnterEvent:
		return "╔ handler of " + d.Names.op(e.Op, e.Token) + " begins"
	case spec.LeaveEvent:
		return "╚ handler of " + d.Names.op(e.Op, e.Token) + " ends"
	case spec.PauseEvent:
		return "· pause: all that was under way is over"
	case spec.SettleEvent:
		return "· settled: nothing more is to come"
	case spec.LateEvent:
		return fmt.Sprintf("buffer of %s found changed at byte %d", d.Names.op(e.Op, e.Token), e.N)
	}
	return "·"
}
