package engine

import (
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/spec"
)

// ReadyExecutor runs programs for pollers on one target, one at a time.
type ReadyExecutor struct{ stage }

// NewReadyExecutor returns an executor for the target with these bugs planted.
func NewReadyExecutor(t *spec.Target, bugs ...string) *ReadyExecutor {
	return &ReadyExecutor{newStage(t, bugs)}
}

// Execute runs p under the schedule and judges what happened.
func (x *ReadyExecutor) Execute(p *ReadyProgram, s spec.Schedule) Run {
	return x.play(s, func(in *spec.Instance, rec *spec.Recorder) func() {
		rec.Polls(in.Ready)
		room := newReadyRun(rec, p, &x.target.About)
		room.peek = x.checker
		return func() {
			room.main()
			in.Ready.Close()
			room.threads[0].End()
		}
	})
}

// readyRun is the state of one program.
type readyRun struct {
	p       *ReadyProgram
	rec     *spec.Recorder
	world   spec.World
	about   *spec.About
	peek    *spec.Checker
	threads []*spec.Thread // main, then the threads, then the far ends' threads; the last sends datagrams
	pollers []*spec.PollerRef
	addr    netip.AddrPort
	mail    netip.AddrPort
	nobody  netip.AddrPort
	done    spec.Gate

	mu     sync.Mutex
	descs  []*readyDesc
	fars   []*far
	tokens uint32
	bytes  [][]byte
}

// readyDesc is a descriptor. A program owes that none is closed while a call is made on it.
type readyDesc struct {
	*spec.RawRef
	kind   byte // L listener, S stream, U datagrams
	users  int
	closed bool
}

func newReadyRun(rec *spec.Recorder, p *ReadyProgram, about *spec.About) *readyRun {
	r := &readyRun{p: p, rec: rec, world: rec.World(), about: about}
	n := 2 + p.Threads + p.Sessions
	for i := range n {
		name := fmt.Sprintf("t%d", i)
		switch {
		case i == 0:
			name = "main"
		case i > p.Threads:
			name = fmt.Sprintf("peer:t%d", i-p.Threads)
		}
		r.threads = append(r.threads, rec.Thread(name))
		r.bytes = append(r.bytes, make([]byte, 1024))
	}
	return r
}

func (r *readyRun) adopt(s *spec.RawRef, kind byte) {
	r.mu.Lock()
	r.descs = append(r.descs, &readyDesc{RawRef: s, kind: kind})
	r.mu.Unlock()
}

// main makes the connections, lets everybody loose, waits for all and brings the run to rest.
func (r *readyRun) main() {
	t := r.threads[0]
	for range r.p.Pollers {
		e, st := t.OpenPoller()
		if !st.Ok() {
			return
		}
		r.pollers = append(r.pollers, e)
	}
	lis, _ := t.OpenRaw(spec.TCP4)
	t.BindRaw(lis, r.world.Loopback(spec.TCP4))
	r.addr, _ = t.ListenRaw(lis, 16)
	r.adopt(lis, 'L')
	if refuses, err := t.PeerListen(spec.TCP4, true); err == nil {
		r.nobody = refuses.Listener.Addr()
	}
	for i := range r.p.Sessions {
		r.dial(1 + r.p.Threads + i)
		for w := r.world.Watch(spec.Patient); ; r.world.Settle() {
			_, _, s, st := t.Try(lis, spec.Accept, nil, netip.AddrPort{})
			if s != nil {
				r.adopt(s, 'S')
			}
			if st.Code != spec.WouldBlock || w.Spent() {
				break
			}
		}
	}
	if r.about.Can(spec.CanDatagram) {
		if u, st := t.OpenRaw(spec.UDP4); st.Ok() {
			r.mail, _ = t.BindRaw(u, r.world.Loopback(spec.UDP4))
			r.adopt(u, 'U')
		}
	}
	r.done = r.world.Gate()
	n := len(r.threads) - 1
	for i := 1; i <= n; i++ {
		r.world.Go(fmt.Sprintf("t%d", i), func() {
			for k := range r.p.Steps {
				if int(r.p.Steps[k].Thread) == i-1 {
					r.step(i, &r.p.Steps[k])
				}
			}
			r.done.Open()
		})
	}
	for range n {
		r.done.Pass()
	}
	r.rest()
}

// rest takes what is there from the pollers and from all far ends until nothing new comes.
func (r *readyRun) rest() {
	t, rounds := r.threads[0], 0
	for patient := r.world.Watch(spec.Patient); ; {
		for again := 0; again < 3; again++ {
			for _, e := range r.pollers {
				repeats := 0
				for w := r.world.Watch(spec.Quiet); !w.Spent() && repeats < 3; {
					var got [64]spec.Ready
					if n, _ := t.WaitReady(e, got[:], w.Slice()); n > 0 {
						repeats++
						r.world.Settle()
					}
					rounds += w.Rounds()
				}
			}
			for _, f := range r.fars {
				for w := r.world.Watch(spec.Quiet); !f.gone && !f.end; {
					n, st := f.rec.PeerRead(f.PeerRef, r.bytes[0], w.Slice())
					if f.end = !st.Ok() && st.Code != spec.TimedOut || st.Ok() && n == 0; n == 0 && w.Spent() {
						break
					}
				}
			}
			if r.world.Controlled() && again > 0 {
				break
			}
		}
		if r.world.Controlled() || patient.Spent() || !r.due() {
			break
		}
	}
	t.Settled(rounds)
	for _, e := range r.pollers {
		t.ClosePoller(e)
	}
}

// due reports whether something would be found missing if everything had settled by now.
func (r *readyRun) due() bool {
	t := r.rec.Snapshot()
	before := len(r.peek.Check(t).Violations)
	r.peek.Feed(&spec.Event{Kind: spec.SettleEvent, Q: t.Events[len(t.Events)-1].Q + 1})
	return len(r.peek.End().Violations) > before
}

// use returns a descriptor and keeps it from being closed until release.
func (r *readyRun) use(obj uint8, kinds string) *readyDesc {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.descs {
		d := r.descs[(int(obj)+i)%len(r.descs)]
		if (kinds == "" || strings.IndexByte(kinds, d.kind) >= 0) && (!d.closed || obj%16 == 0 && d.users == 0) {
			if d.closed {
				return d // a call on what has been closed
			}
			d.users++
			return d
		}
	}
	return nil
}

func (r *readyRun) release(d *readyDesc) {
	r.mu.Lock()
	if d.users > 0 {
		d.users--
	}
	r.mu.Unlock()
}

func (r *readyRun) token() uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tokens++
	return conformance.Token(r.tokens)
}

var readyKinds = map[ReadyAct]string{ReadyRecv: "SU", ReadySend: "SU", ReadyAccept: "L", ReadyConnect: "S", ReadyShutdown: "S"}

// step makes the call of one step on the i-th thread.
func (r *readyRun) step(i int, s *ReadyStep) {
	t := r.threads[i]
	e := r.pollers[int(s.Poller)%len(r.pollers)]
	switch s.Act {
	case ReadyPoll, ReadyWait:
		var got [4]spec.Ready
		timeout := time.Duration(0)
		if s.Act == ReadyWait {
			timeout = r.world.Watch(spec.Quiet).Slice()
		}
		t.WaitReady(e, got[:max(1, min(int(s.N), len(got)))], timeout)
		return
	case ReadyOpen:
		if k, st := t.OpenRaw(spec.TCP4); st.Ok() {
			r.adopt(k, 'S')
		}
		return
	case ReadyClose:
		r.close(t, s.Obj)
		return
	case ReadyNest:
		if len(r.pollers) > 1 && r.about.Can(spec.CanNest) {
			if s.Obj%3 == 0 {
				t.RemovePoller(r.pollers[0], r.pollers[1])
			} else {
				t.AddPoller(r.pollers[0], r.pollers[1], r.token(), s.Mask&^spec.Exclusive)
			}
		}
		return
	case ReadyFarSend, ReadyFarRead, ReadyFarHalf, ReadyFarClose, ReadyFarReset, ReadyFarDial:
		r.farStep(i, s)
		return
	}
	d := r.use(s.Obj, readyKinds[s.Act])
	if d == nil {
		return
	}
	defer r.release(d)
	b := r.bytes[i][:min(int(s.N), len(r.bytes[i]))]
	switch s.Act {
	case ReadyAdd:
		t.Add(e, d.RawRef, r.token(), s.Mask)
	case ReadyModify:
		t.Modify(e, d.RawRef, r.token(), s.Mask)
	case ReadyRemove:
		t.Remove(e, d.RawRef)
	case ReadyRecv:
		kind := spec.Receive
		if d.kind == 'U' {
			kind = spec.ReceiveFrom
		}
		t.Try(d.RawRef, kind, b, netip.AddrPort{})
	case ReadySend:
		if d.kind == 'U' {
			t.Try(d.RawRef, spec.SendTo, b, r.mail)
		} else {
			t.Try(d.RawRef, spec.Send, b, netip.AddrPort{})
		}
	case ReadyAccept:
		if _, _, k, _ := t.Try(d.RawRef, spec.Accept, nil, netip.AddrPort{}); k != nil {
			r.adopt(k, 'S')
		}
	case ReadyConnect:
		to := r.addr
		if s.N%2 == 0 && r.nobody.IsValid() {
			to = r.nobody
		}
		t.Try(d.RawRef, spec.Connect, nil, to)
	case ReadyDup:
		if k, st := t.Dup(d.RawRef); st.Ok() {
			r.adopt(k, d.kind)
		}
	case ReadyShutdown:
		t.ShutdownRaw(d.RawRef, spec.Side(s.N%3))
	}
}

func (r *readyRun) close(t *spec.Thread, obj uint8) {
	r.mu.Lock()
	d := r.descs[int(obj)%len(r.descs)]
	mine := d.users == 0 && !d.closed
	if mine {
		d.closed = true
		d.users = 1 << 20 // nobody else may use it until the call has returned
	}
	r.mu.Unlock()
	if !mine {
		return
	}
	t.CloseRaw(d.RawRef)
	r.mu.Lock()
	d.users = 0
	r.mu.Unlock()
}

// farStep makes a far end's call, on its own thread.
func (r *readyRun) farStep(i int, s *ReadyStep) {
	last := i == len(r.threads)-1
	if s.Act == ReadyFarDial && !last {
		r.dial(i)
		return
	}
	var f *far
	r.mu.Lock()
	for _, x := range r.fars {
		if x.rec == r.threads[i] {
			f = x
		}
	}
	r.mu.Unlock()
	if f == nil && last && r.mail.IsValid() {
		f = r.dialTo(i, spec.UDP4, r.mail)
	}
	if f == nil || f.gone {
		return
	}
	slice := r.world.Watch(spec.Quiet).Slice()
	switch s.Act {
	case ReadyFarSend:
		b := r.bytes[i][:max(min(int(s.N), len(r.bytes[i])), 1)]
		conformance.Pattern(b, f.ID, f.sent)
		n, _ := f.rec.PeerSend(f.PeerRef, b, slice)
		f.sent += uint64(n)
	case ReadyFarRead:
		if n, st := f.rec.PeerRead(f.PeerRef, r.bytes[i][:max(int(s.N), 1)], slice); st.Ok() && n == 0 || st.Code == spec.Reset {
			f.end = true
		}
	case ReadyFarHalf:
		if !last {
			f.rec.PeerHalfClose(f.PeerRef)
		}
	case ReadyFarClose:
		f.gone = true
		f.rec.PeerClose(f.PeerRef)
	case ReadyFarReset:
		f.gone = true
		f.rec.PeerAbort(f.PeerRef)
	}
}

func (r *readyRun) dial(i int) { r.dialTo(i, spec.TCP4, r.addr) }

func (r *readyRun) dialTo(i int, n spec.Network, to netip.AddrPort) *far {
	ref, st, err := r.threads[i].PeerConnect(n, to, r.world.Watch(spec.Patient).Slice())
	if err != nil || !st.Ok() {
		return nil
	}
	f := &far{PeerRef: ref, rec: r.threads[i]}
	r.mu.Lock()
	r.fars = append(r.fars, f)
	r.mu.Unlock()
	return f
}
