package adapter

import (
	"io"

	"github.com/ioconform/ioconform/spec"
)

// ServeReady is Serve for a readiness back end.
func ServeReady(in io.Reader, out io.Writer, about spec.About, open func() (spec.ReadyBackend, error)) error {
	s := &server{about: about}
	s.open = func() (caller, error) {
		b, err := open()
		if err != nil {
			return nil, err
		}
		return &readyServer{s: s, backend: b, pollers: map[int64]spec.Poller{}, raws: map[int64]spec.Raw{}}, nil
	}
	return s.serve(in, out)
}

// readyServer makes the calls of a readiness back end, for one case. Requests come one after the other; a wait, which goes on beside them, uses its poller alone.
type readyServer struct {
	s       *server
	backend spec.ReadyBackend
	pollers map[int64]spec.Poller
	raws    map[int64]spec.Raw
}

func (r *readyServer) close(*Message) error { return r.backend.Close() }

func (r *readyServer) call(m, a *Message, epoch int) bool {
	p, k := r.pollers[m.Poller], r.raws[m.Socket]
	switch {
	case m.Do == "poller":
		p, st := r.backend.Poller()
		if withStatus(a, st); st.Ok() {
			r.pollers[m.Poller] = p
		}
		return true
	case m.Do == "socket":
		k, st := r.backend.Socket(networkOf(m.Net))
		if withStatus(a, st); st.Ok() {
			r.raws[m.Socket] = k
		}
		return true
	case m.Has.Contains(FPoller) && p == nil:
		return unable(a, "there is no poller %d", m.Poller)
	case m.Has.Contains(FSocket) && k == nil:
		return unable(a, "there is no socket %d", m.Socket)
	}
	switch m.Do {
	case "add", "modify", "remove":
		return r.watch(m, a, p, k)
	case "wait-ready":
		go r.wait(p, m, a, epoch)
		return false
	case "close-poller":
		withStatus(a, p.Close())
	case "bind":
		withStatus(a, k.Bind(m.Address))
	case "listen":
		withStatus(a, k.Listen(int(m.Backlog)))
	case "local":
		at, st := k.Local()
		if withStatus(a, st); st.Ok() {
			a.Address, a.Has = at, a.Has.With(FAddress)
		}
	case "shutdown":
		withStatus(a, k.Shutdown(sideOf(m.Side)))
	case "close":
		withStatus(a, k.Close())
	case "dup":
		d, st := k.Dup()
		if withStatus(a, st); st.Ok() {
			r.raws[m.As] = d
		}
	case "try-accept", "try-connect", "try-recv", "try-send", "try-recvfrom", "try-sendto":
		r.try(m, a, k)
	default:
		withStatus(a, spec.Is(spec.Unsupported))
	}
	return true
}

// watch makes a call that concerns what a poller watches.
func (r *readyServer) watch(m, a *Message, p spec.Poller, k spec.Raw) bool {
	f := spec.File(k)
	if m.Has.Contains(FInner) {
		inner := r.pollers[m.Inner]
		if inner == nil {
			return unable(a, "there is no poller %d", m.Inner)
		}
		f = inner
	}
	switch m.Do {
	case "add":
		withStatus(a, p.Add(f, m.Token, spec.InterestOf(m.Ask)))
	case "modify":
		withStatus(a, p.Modify(f, m.Token, spec.InterestOf(m.Ask)))
	default:
		withStatus(a, p.Remove(f))
	}
	return true
}

// wait waits, beside everything else, and answers.
func (r *readyServer) wait(p spec.Poller, m, a *Message, epoch int) {
	dst := make([]spec.Ready, min(max(m.Max, 1), 1024))
	n, st := p.Wait(dst, timeoutOf(m))
	withStatus(a, st)
	if n > 0 {
		a.Has = a.Has.With(FReady)
	}
	for _, e := range dst[:max(n, 0)] {
		a.Ready = append(a.Ready, Message{Token: e.Token, Events: e.Events.Words(), Has: set(FToken, FEvents)})
	}
	r.s.say(epoch, a)
}

// try makes a call that does not block.
func (r *readyServer) try(m, a *Message, k spec.Raw) {
	verb, _ := spec.VerbByWord(m.Do[len("try-"):])
	buf := m.Data
	if m.Has.Contains(FLength) {
		buf = make([]byte, m.Length)
	}
	n, from, accepted, st := k.Try(verb, buf, m.To)
	withStatus(a, st)
	if from.IsValid() {
		a.From, a.Has = from, a.Has.With(FFrom)
	}
	switch {
	case verb == spec.Accept && accepted != nil:
		r.raws[m.As] = accepted
	case verb == spec.Receive || verb == spec.ReceiveFrom:
		a.Data = buf[:max(0, min(n, len(buf)))]
		a.Bytes, a.Has = int64(n), a.Has.With(FBytes, FData)
	case verb == spec.Send || verb == spec.SendTo:
		a.Bytes, a.Has = int64(n), a.Has.With(FBytes)
	}
}
