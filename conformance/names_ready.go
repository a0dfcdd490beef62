package conformance

import (
	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/spec"
)

var (
	interestVerbs = map[string]spec.Verb{"add": spec.AddInterest, "modify": spec.ModifyInterest, "remove": spec.RemoveInterest}
	tryVerbs      = map[string]spec.Verb{
		"accept": spec.TryAccept, "connect": spec.TryConnect, "recv": spec.TryReceive, "send": spec.TrySend, "recvfrom": spec.TryReceiveFrom, "sendto": spec.TrySendTo,
	}
)

// matchReady is match for the lines of a script about pollers.
func (m *matcher) matchReady(a scenario.Action) bool {
	switch a := a.(type) {
	case *scenario.PollerLine:
		e, ok := m.take(spec.OpenPoller)
		if ok {
			m.Ports[e.Port] = a.Name
		}
		return ok
	case *scenario.SocketLine:
		e, ok := m.take(spec.OpenRaw)
		if ok {
			m.Socks[e.Sock] = a.Name
			m.take2(a.Verb == "udp", spec.Bind)
		}
		return ok
	case *scenario.ListenLine:
		return m.listenRaw(a.Name)
	case *scenario.SessionLine:
		for _, name := range m.Socks {
			if name == scenario.SessionListener {
				return m.acceptRaw(a.Name)
			}
		}
		return m.listenRaw(scenario.SessionListener) && m.acceptRaw(a.Name)
	case *scenario.PeerLine: // of those that a thread of ours accepts
		return m.acceptRaw(a.As)
	case *scenario.InterestLine:
		e, ok := m.take(interestVerbs[a.Verb])
		if ok && a.Verb != "remove" {
			m.Watched[e.Token] = a.Name
		}
		return ok
	case *scenario.TryLine:
		e, ok := m.take(tryVerbs[a.Verb])
		if ok && a.As != "" {
			m.Socks[m.into(e)] = a.As
		}
		return ok
	case *scenario.DupLine:
		e, ok := m.take(spec.DupRaw)
		if ok {
			m.Socks[e.Into] = a.As
		}
		return ok
	case *scenario.ShutdownLine:
		_, ok := m.take(spec.ShutdownSocket)
		return ok
	case *scenario.CloseLine:
		m.bell()
		_, sock := m.take(spec.CloseSocket)
		_, poller := m.take2(!sock, spec.ClosePoller)
		return sock || poller
	case *scenario.WaitLine:
		return m.waitReady(a)
	}
	return true // makes no calls of its own
}

func (m *matcher) listenRaw(name string) bool {
	for _, v := range []spec.Verb{spec.OpenRaw, spec.Bind, spec.Listen} {
		e, ok := m.take(v)
		if !ok {
			return false
		}
		m.Socks[e.Sock] = name
	}
	return true
}

// acceptRaw gives the line the accepts that are tried until one brings a socket.
func (m *matcher) acceptRaw(name string) bool {
	for {
		e, ok := m.take(spec.TryAccept)
		if !ok {
			return false
		}
		if id := m.into(e); id != 0 {
			m.Socks[id] = name
			return true
		}
	}
}

// into is the socket that a call brought, 0 if none.
func (m *matcher) into(call *spec.Event) uint32 {
	if back := m.back[call.Call]; back != nil {
		return back.Into
	}
	return 0
}

// bell takes the calls by which a poller that is about to be closed is made to wake whoever waits on it.
func (m *matcher) bell() {
	for _, v := range []spec.Verb{spec.OpenRaw, spec.Bind, spec.Listen, spec.AddInterest} {
		if _, ok := m.take(v); !ok {
			return
		}
	}
}

// waitReady gives a wait its calls, as thread.waitReady makes them: one where it says how long, else as many as there are until something else is done. Which of them are this line's and
// which the next one's, if that may wait as well, is not told.
func (m *matcher) waitReady(a *scenario.WaitLine) bool {
	if a.Timed || a.Forever {
		_, ok := m.take(spec.WaitReady)
		return ok
	}
	most := a.Max.Int()
	if most == 0 {
		most = 16
	}
	mine := true
	if m.next != nil {
		next, waits := m.next.Action.(*scenario.WaitLine)
		mine = !(waits && next.Port == a.Port) && m.next.Guard == nil
	}
	for len(m.now) > 0 && m.now[0].Verb == spec.WaitReady && m.now[0].Len == most && m.Ports[m.now[0].Port] == a.Port {
		if mine {
			m.Lines[m.now[0].Call] = m.line.Pos.Line
		}
		m.now = m.now[1:]
	}
	return true
}
