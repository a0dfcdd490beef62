package model

import (
	"slices"

	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// issued is an operation that may end with the thread that started it.
type issued struct {
	op   *spec.Op
	sock *socket
	by   *simnet.Thread
}

// tie remembers who started op. The end of a thread ends what it started on a socket without a port; a port's operations belong to no thread (Microsoft
// Learn, ExitThread), unless they have an event (Wine ws2_32 tests, afd.c, test_async_thread_termination).
func (s *socket) tie(op *spec.Op) {
	if s.b.bugs.has(CancelAllOfThread) {
		s.b.begun = append(s.b.begun, issued{op, s, s.b.world.Current()})
	}
	waits := s.b.bugs.has(WaiterExitCancels) && s.b.member(s.b.world.Current()).port != nil
	if s.port != nil && (op.Event == nil || s.b.bugs.has(ThreadExitSparesEvents)) && !s.b.bugs.has(ThreadExitCancels) && !waits {
		return
	}
	t := s.b.world.Current()
	s.b.world.Touch(s.b.object(), true)
	s.b.member(t)
	s.b.tied = append(s.b.tied, issued{op, s, t})
	t.SetMonitor(s.b)
}

// ended cancels what was tied to the thread. It comes in the middle of the thread's last step, in which the network may not be touched: a thread of the system resets
// the connection that an accept has waited for the first bytes of, and goes on with what waited behind.
func (b *Backend) ended(t *simnet.Thread) {
	b.world.Touch(b.object(), len(b.tied) > 0)
	for _, x := range b.tied {
		if x.by != t && !b.bugs.has(ThreadExitOthers) {
			continue
		}
		x.sock.touch()
		if x.sock.drop(x.op) {
			if x.op.Kind == spec.Accept {
				if k := x.sock.letGo(x.op); k != nil {
					b.world.Go("system", func() { k.Abort() })
				}
			}
			x.sock.complete(x.op, 0, ntCancelled)
			if s := x.sock; len(s.recvs)+len(s.sends) > 0 {
				b.world.Go("system", func() { s.Changed(s.k, s.k.Ready(), 0) })
			}
		}
	}
	b.tied = slices.DeleteFunc(b.tied, func(x issued) bool { return x.by == t })
}

// anothers reports whether another thread than the calling one has started op. See CancelAllOfThread.
func (s *socket) anothers(op *spec.Op) bool {
	t := s.b.world.Current()
	return slices.ContainsFunc(s.b.begun, func(x issued) bool { return x.op == op && x.by != t })
}

// drop takes op off the operations that wait, and reports whether it was there.
func (s *socket) drop(op *spec.Op) bool {
	for _, list := range [...]*[]*spec.Op{&s.recvs, &s.sends, &s.accepts} {
		if slices.Contains(*list, op) {
			if list == &s.sends && s.sends[0] == op || s.b.bugs.has(EndResends) {
				s.sent = 0
			}
			*list = without(*list, op)
			return true
		}
	}
	if s.connect == op {
		s.connect = nil
		return true
	}
	return false
}

// object is the number, for searches, of the list of what is tied to threads.
func (b *Backend) object() simnet.Object {
	if b.list == 0 {
		b.list = b.world.NewObject()
	}
	return b.list
}
