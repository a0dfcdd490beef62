package conformance

import (
	"fmt"

	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/spec"
)

// pool is a number of worker threads that wait on one port and handle what comes: the server of the document that this suite
// executes.
type pool struct {
	p        *program
	name     string
	port     *spec.PortRef
	first    bool // post the next receive first, then work
	idle     bool // take packets, do nothing
	receives int
	size     int
	listener *listener
	workers  []*thread
	ending   bool
	ended    int
	keys     uint64
}

func (t *thread) pool(l *scenario.Line, a *scenario.PoolLine) (outcome, bool) {
	p := t.p
	port, ok := named[*spec.PortRef](p, a.Port)
	if !ok {
		return outcome{}, p.stuck(l, "no port "+a.Port+" yet", "")
	}
	w := &pool{p: p, name: a.Name, port: port, receives: a.Opts.Int("receives", 1), size: a.Opts.Int("size", 64), keys: 0x100}
	switch a.Opts.Word("handler", "") {
	case "session-echo-repost-first":
		w.first = true
	case "drain":
		w.idle = true
	}
	if name := a.Opts.Word("listener", ""); name != "" {
		if w.listener, ok = named[*listener](p, name); !ok {
			return outcome{}, p.stuck(l, "no listener "+name+" yet", "")
		}
		if res := w.start(t, w.listener.Sock, a.Name+".accept", spec.Accept, 0, nil); res.How == spec.RefusedAtStart {
			return outcome{start: &res}, true
		}
	}
	p.bind(a.Name, w)
	p.pools = append(p.pools, w)
	for i := range a.Opts.Int("threads", 1) {
		name := fmt.Sprintf("%s.%d", a.Name, i+1)
		x := &thread{p: p, name: name, rec: p.rec.Thread(name)}
		w.workers = append(w.workers, x)
		p.world.Go(name, func() { w.work(x) })
	}
	// sessions that are there already get their receives
	for name, s := range p.sessions() {
		w.receive(t, s, name)
	}
	w.inline(t)
	return outcome{}, true
}

// sessions returns the sockets that session lines made, in their order.
func (p *program) sessions() func(yield func(string, *spec.Sock) bool) {
	return func(yield func(string, *spec.Sock) bool) {
		for _, n := range p.file.Lines {
			l, ok := n.(*scenario.Line)
			if !ok {
				continue
			}
			if a, is := l.Action.(*scenario.SessionLine); is {
				if s, ok := named[*spec.Sock](p, a.Name); ok && !yield(a.Name, s) {
					return
				}
			}
		}
	}
}

// start starts an operation with a buffer of n bytes, a send of these bytes.
func (w *pool) start(t *thread, s *spec.Sock, name string, kind spec.Verb, n int, bytes []byte) spec.Result {
	o := w.p.newOperation(name, kind, n)
	o.pooled = true
	copy(o.Buf, bytes)
	return t.startOn(s, o)
}

// receive starts as many receives as a session has outstanding.
func (w *pool) receive(t *thread, s *spec.Sock, name string) {
	for range w.receives {
		w.start(t, s, name+".recv", spec.Receive, w.size, nil)
	}
}

// work takes packets and handles them until the pool ends.
func (w *pool) work(t *thread) {
	defer func() {
		w.p.mu.Lock()
		w.p.share(sharedEnded, true)
		w.ended++
		w.p.mu.Unlock()
	}()
	for {
		watch := w.p.world.Watch(spec.Patient)
		got, st := t.take(w.port, 1, watch.Slice())
		if !st.Ok() && st.Code != spec.TimedOut {
			return
		}
		for _, k := range got {
			w.handle(t, k)
			w.inline(t)
		}
		w.p.mu.Lock()
		w.p.share(sharedEnding, false)
		over := w.ending || w.p.shut
		w.p.mu.Unlock()
		if over && len(got) == 0 {
			return
		}
	}
}

// inline handles what was done when this thread started it and has no packet, which may start more.
func (w *pool) inline(t *thread) {
	for len(t.inline) > 0 {
		k := t.inline[0]
		t.inline = t.inline[1:]
		w.handle(t, k)
	}
}

// handle handles one packet.
func (w *pool) handle(t *thread, k *packet) {
	if k.op == nil || k.op.Operation == nil || w.idle {
		return
	}
	switch o := k.op; o.Kind {
	case spec.Accept:
		if k.Status.Ok() && o.Accepted != nil {
			w.p.mu.Lock()
			w.keys++
			key := w.keys
			w.p.mu.Unlock()
			t.rec.Associate(w.port, o.Accepted, key)
			w.receive(t, o.Accepted, w.name)
		}
		if k.Status.Code != spec.Aborted {
			w.start(t, o.On, o.name, spec.Accept, 0, nil)
		}
	case spec.Receive:
		w.echo(t, o, k)
	}
}

// echo is the handler of a receive: send back what came, then, as the last act, post the receive again.
func (w *pool) echo(t *thread, o *operation, k *packet) {
	t.rec.EnterBusy(o.Operation)
	t.entered(o)
	more := k.Status.Ok() && k.N > 0
	if more && w.first {
		w.start(t, o.On, o.name, spec.Receive, w.size, nil)
	}
	if more && w.answers(t) {
		w.start(t, o.On, w.name+".send", spec.Send, k.N, o.Buf[:k.N])
	}
	t.left(o)
	t.rec.LeaveBusy(o.Operation)
	if more && !w.first {
		w.start(t, o.On, o.name, spec.Receive, w.size, nil)
	}
}

// freeAnswers is how often a worker sends something back at most in a script that expects nothing: a pool that has both ends of a connection answers itself, for ever.
const freeAnswers = 50

// answers reports whether the worker sends back what came.
func (w *pool) answers(t *thread) bool {
	t.answered++
	return !w.p.free || t.answered <= freeAnswers
}

// drain lets the pool finish what is queued and ends its threads.
func (t *thread) drain(l *scenario.Line, a *scenario.DrainLine) (outcome, bool) {
	w, ok := named[*pool](t.p, a.Name)
	if !ok {
		return outcome{}, t.p.stuck(l, "no pool "+a.Name+" yet", "")
	}
	if !w.end() {
		return outcome{}, t.p.stuck(l, "a worker of "+a.Name+" is still in its call", "that it returns")
	}
	return outcome{}, true
}

func (w *pool) end() bool {
	w.p.mu.Lock()
	w.p.share(sharedEnding, true)
	w.ending = true
	w.p.mu.Unlock()
	// A worker leaves when its wait runs out of time. In the simulated world that is once everything is quiet, one after the
	// other at worst; in the real one it is a slice away.
	watch := w.p.watch(spec.Patient)
	for tries := 0; ; tries++ {
		w.p.mu.Lock()
		w.p.share(sharedEnded, false)
		all := w.ended == len(w.workers)
		w.p.mu.Unlock()
		switch {
		case all:
			return true
		case w.p.world.Controlled() && tries > 2*len(w.workers)+4, !w.p.world.Controlled() && watch.Spent():
			return false
		case w.p.world.Controlled():
			w.p.world.Sleep(watch.Slice())
		default:
			w.p.world.Sleep(watch.Slice() / 16)
		}
	}
}
