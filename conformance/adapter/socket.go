package adapter

import (
	"net/netip"

	"github.com/ioconform/ioconform/spec"
)

// socket is a socket in another process.
type socket struct {
	b   *backend
	id  int64
	net spec.Network // of those that the suite made
}

var _ spec.Socket = (*socket)(nil)

func (s *socket) simple(do string, needs ...spec.Capability) spec.Status {
	m := Message{Do: do, Socket: s.id, Has: set(FSocket)}
	_, st := s.b.do(&m, needs...)
	return st
}

// Bind implements spec.Socket.
func (s *socket) Bind(a netip.AddrPort) spec.Status {
	m := Message{Do: "bind", Socket: s.id, Address: a, Has: set(FSocket, FAddress)}
	_, st := s.b.do(&m)
	return st
}

// Listen implements spec.Socket.
func (s *socket) Listen(backlog int) spec.Status {
	m := Message{Do: "listen", Socket: s.id, Backlog: int64(backlog), Has: set(FSocket, FBacklog)}
	_, st := s.b.do(&m)
	return st
}

// Cancel implements spec.Socket.
func (s *socket) Cancel(op *spec.Op) spec.Status {
	if op == nil {
		return s.simple("cancel-all")
	}
	m := Message{Do: "cancel", Socket: s.id, Token: op.Token, Has: set(FSocket, FToken)}
	_, st := s.b.do(&m)
	return st
}

// Shutdown implements spec.Socket.
func (s *socket) Shutdown(side spec.Side) spec.Status {
	m := Message{Do: "shutdown", Socket: s.id, Side: side.String(), Has: set(FSocket, FSide)}
	_, st := s.b.do(&m)
	return st
}

// SkipOnSuccess implements spec.Socket.
func (s *socket) SkipOnSuccess() spec.Status { return s.simple("skip") }

// Close implements spec.Socket.
func (s *socket) Close() spec.Status { return s.simple("close") }

// Local implements spec.Socket.
func (s *socket) Local() (netip.AddrPort, spec.Status) { return s.b.address("local", s.id) }

// Peer implements spec.Socket.
func (s *socket) Peer() (netip.AddrPort, spec.Status) { return s.b.address("peer", s.id) }

// Start implements spec.Socket.
func (s *socket) Start(op *spec.Op) spec.Result {
	b := s.b
	m := Message{Do: op.Kind.String(), Socket: s.id, Token: op.Token, Has: set(FSocket, FToken)}
	o := &operation{op: op}
	var needs []spec.Capability
	switch op.Kind {
	case spec.Accept:
		if into, mine := op.Into.(*socket); mine && into != nil {
			m.Into, m.Has = into.id, m.Has.With(FInto)
			needs = append(needs, spec.CanAcceptInto)
		} else {
			o.as = b.number()
			m.As, m.Has = o.as, m.Has.With(FAs)
		}
		if op.Data > 0 {
			m.Length, m.Has = int64(op.Data), m.Has.With(FLength)
			needs = append(needs, spec.CanAcceptData)
		}
	case spec.Connect:
		m.To, m.Has = op.To, m.Has.With(FTo)
		if len(op.Buf) > 0 {
			m.Data, m.Has = op.Buf, m.Has.With(FData)
		}
	case spec.Disconnect:
		if op.Flags&spec.Reuse != 0 {
			m.Reuse, m.Has = true, m.Has.With(FReuse)
		}
	case spec.Receive, spec.ReceiveFrom:
		m.Length, m.Has = int64(len(op.Buf)), m.Has.With(FLength)
		if op.Flags&spec.WaitAll != 0 && op.Kind == spec.Receive {
			m.WaitAll, m.Has = true, m.Has.With(FWaitAll)
			needs = append(needs, spec.CanWaitAll)
		}
	case spec.SendTo:
		m.To, m.Has = op.To, m.Has.With(FTo)
		fallthrough
	case spec.Send:
		m.Data, m.Has = op.Buf, m.Has.With(FData)
	}
	b.mu.Lock()
	if b.ops == nil {
		b.ops = map[uint64]*operation{}
	}
	before := b.ops[op.Token]
	b.ops[op.Token] = o
	b.mu.Unlock()
	a, st := b.do(&m, needs...)
	return s.started(op, o, before, &a, st)
}

// started looks at what became of an operation at its start.
func (s *socket) started(op *spec.Op, o, before *operation, a *Message, st spec.Status) spec.Result {
	b := s.b
	how := a.How
	if how == "" {
		how = "pending"
		if !st.Ok() {
			how = "refused"
		}
	}
	res := spec.Result{How: spec.Pending, Status: st, Size: -1}
	switch how {
	case "refused":
		if st.Ok() {
			b.mistake("%s was refused with status ok; the reason is missing", op.Kind)
		}
		res.How = spec.RefusedAtStart
		b.mu.Lock()
		if b.ops[op.Token] == o {
			if delete(b.ops, op.Token); before != nil {
				b.ops[op.Token] = before
			}
		}
		b.mu.Unlock()
	case "pending":
		if !st.Ok() {
			b.mistake("%s is pending, and yet has status %s, which belongs into its packet", op.Kind, st)
		}
	case "done":
		res.How, res.N, res.From = spec.Done, count(a), a.From
		if a.Has.Contains(FSize) {
			res.Size = int(a.Size)
		}
		if !st.Ok() && st.Code != spec.Truncated {
			b.mistake("%s is done with status %s; what fails at its start is refused, and what fails later has a packet that says so", op.Kind, st)
		}
		var f *Fault
		b.mu.Lock()
		if b.ops[op.Token] == o { // else its packet has been taken, and the buffer is the program's
			f = b.fill(op, a, res.N)
			o.filled = true
		}
		b.mu.Unlock()
		if f != nil {
			b.giveUp(f)
		}
	}
	return res
}
