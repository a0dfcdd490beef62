package spec

import "time"

// Duplicate makes another handle of s.
func (t *Thread) Duplicate(s *Sock) (*Sock, Status) {
	d := t.r.newSock(nil)
	d.net, d.at = s.net, t.r.Local(s)
	c := t.call(&Event{Verb: DuplicateSocket, Sock: s.ID, Into: d.ID})
	k, st := Socket(nil), Is(Unsupported)
	if x, can := s.sock.(Duplicator); can {
		k, st = x.Duplicate()
	}
	t.r.lock()
	if d.sock = k; k != nil {
		t.r.socks[k] = d
	}
	t.r.unlock()
	t.ret(c, &Event{Verb: DuplicateSocket, Sock: s.ID, Into: d.ID, Status: st})
	return d, st
}

// EventRef is a recorded event.
type EventRef struct {
	ID     uint32
	signal Signal
}

// OpenEvent makes an event.
func (t *Thread) OpenEvent() (*EventRef, Status) {
	t.r.lock()
	t.r.ids.event++
	e := &EventRef{ID: t.r.ids.event}
	t.r.unlock()
	c := t.call(&Event{Verb: OpenEvent, Event: e.ID})
	st := Is(Unsupported)
	if x, can := t.r.backend.(Signaler); can {
		e.signal, st = x.Event()
	}
	t.ret(c, &Event{Verb: OpenEvent, Event: e.ID, Status: st})
	return e, st
}

// WaitEvent waits until e is signaled.
func (t *Thread) WaitEvent(e *EventRef, timeout time.Duration) Status {
	c := t.call(&Event{Verb: WaitEvent, Event: e.ID, N: milliseconds(timeout)})
	st := e.signal.Wait(timeout)
	t.ret(c, &Event{Verb: WaitEvent, Event: e.ID, Status: st})
	return st
}

// Exit ends a thread of the operating system. end makes it end and returns once it has: it is called by another thread, in whose place nothing else
// may be recorded under t any more.
func (t *Thread) Exit(end func()) {
	c := t.call(&Event{Verb: ExitThread})
	end()
	t.ret(c, &Event{Verb: ExitThread})
}

// WaitAlertable is Wait that asynchronous procedure calls may interrupt.
func (t *Thread) WaitAlertable(p *PortRef, dst []Packet, ops []*Operation, timeout time.Duration) (int, Status) {
	x, can := p.port.(AlertablePort)
	if !can {
		return 0, Is(Unsupported)
	}
	return t.wait(p, dst, ops, timeout, Alertable, x.WaitAlertable)
}

// QueueAPC queues an asynchronous procedure call, whose name is token, to the thread that makes this call. ran is called when it runs.
func (t *Thread) QueueAPC(token uint64, ran func()) Status {
	c := t.call(&Event{Verb: QueueAPC, Token: token})
	st := Is(Unsupported)
	if x, can := t.r.backend.(Alerter); can {
		st = x.QueueAPC(func() {
			t.mark(&Event{Kind: APCEvent, Token: token})
			ran()
		})
	}
	t.ret(c, &Event{Verb: QueueAPC, Token: token, Status: st})
	return st
}
