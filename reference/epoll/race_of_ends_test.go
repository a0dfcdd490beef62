package epoll_test

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

// census counts operations and packets by token. The threads of the simulated world take turns, so it
// needs no lock.
type census struct {
	w       *world
	started map[uint64]bool
	packets map[uint64]int
}

func (c *census) start(s spec.Socket, op *spec.Op) {
	token := op.Token
	c.started[token] = s.Start(op).How != spec.RefusedAtStart
}

func (c *census) work() {
	var dst [2]spec.Packet
	for {
		n, st := c.w.p.Wait(dst[:], c.w.quiet)
		if n == 0 {
			if st.Code != spec.TimedOut && st.Code != spec.Abandoned { // the program may end first
				c.w.Errorf("wait: %v", st)
			}
			return
		}
		for _, pkt := range dst[:n] {
			c.packets[pkt.Token]++
			if pkt.Status.Code == spec.Aborted && pkt.N != 0 {
				c.w.Errorf("aborted with %d bytes", pkt.N)
			}
			if pkt.Sock != nil && pkt.Token >= 20 {
				pkt.Sock.Close()
			}
		}
	}
}

func (c *census) judge() {
	c.w.Helper()
	for token, is := range c.started {
		want := 0
		if is {
			want = 1
		}
		if c.packets[token] != want {
			c.w.Fatalf("operation %d, started %v, has %d packets; all: %v of %v", token, is, c.packets[token], c.packets, c.started)
		}
	}
}

// endings lets everything that can end an operation happen at once: data, end of stream or reset,
// cancel, close, shutdown.
func endings(w *world) {
	s, f := w.pair(7)
	l, addr := w.listener(8)
	into := w.socket()
	c := &census{w: w, started: map[uint64]bool{}, packets: map[uint64]int{}}
	for range 2 {
		w.spawn("worker", c.work)
	}
	w.spawn("issuer", func() {
		for token := range uint64(3) {
			c.start(s, receive(10+token, 2))
			c.start(s, send(15+token, "xyz"))
		}
	})
	w.spawn("acceptor", func() {
		c.start(l, &spec.Op{Kind: spec.Accept, Token: 20, Into: into, Data: 1, Buf: make([]byte, 1)})
		c.start(l, &spec.Op{Kind: spec.Accept, Token: 21, Data: 2, Buf: make([]byte, 2)})
		c.start(l, &spec.Op{Kind: spec.Accept, Token: 22})
	})
	w.spawn("canceller", func() {
		op := receive(30, 1)
		c.start(s, op)
		s.Cancel(op)
		l.Cancel(nil)
		s.Shutdown(spec.SideBoth)
		s.Cancel(nil)
	})
	w.spawn("far end", func() {
		g := w.dialLoosely(addr)
		w.far.Send(f.fd, []byte("abc"))
		w.far.Send(g, []byte("d"))
		f.abort()
		w.far.Close(g)
	})
	w.spawn("closer", func() { into.Close(); s.Close(); l.Close() })
	w.settle()
	c.judge()
}

// dialLoosely begins a connection, whatever will come of it.
func (w *world) dialLoosely(to netip.AddrPort) int {
	fd, _ := w.far.Socket(4)
	w.far.Connect(fd, to)
	return fd
}

func TestAnOperationEndsOnceWhateverEndsIt(t *testing.T) {
	seeds, step := uint64(10_000), uint64(simtest.Every(9))
	if testing.Short() || simtest.Raced {
		seeds, step = 500, 1
	}
	for _, machine := range []struct {
		name    string
		options simnet.Options
	}{
		{"ordinary machine", simnet.Options{}},
		{"buffers of two bytes", simnet.Options{SndBuf: 2, RcvBuf: 2}},
		{"signals and shortage", simnet.Options{Faults: simnet.Faults{EINTR: 8, ShortSend: 4, EAGAIN: 4}}},
		{"no descriptors", simnet.Options{Faults: simnet.Faults{EMFILE: 6}}},
	} {
		t.Run(machine.name, func(t *testing.T) {
			machine.options.StepCap = 20_000
			sim := simulation{simnet.New(machine.options)}
			defer sim.w.Close()
			for seed := uint64(0); seed < seeds; seed += step {
				var src simnet.Source = simnet.Uniform(seed)
				if seed&1 == 1 {
					src = simnet.Lazy(seed)
				}
				// With descriptors running out, connecting and opening the port may fail before
				// anything begins.
				if machine.name == "no descriptors" {
					sim.run(t, fmt.Sprint("seed ", seed), src, withoutDescriptors)
				} else {
					sim.run(t, fmt.Sprint("seed ", seed), src, endings)
					sim.run(t, fmt.Sprint("echo, seed ", seed), src, echoProgram)
				}
				if t.Failed() {
					return
				}
			}
		})
	}
}

// withoutDescriptors accepts while descriptors run out now and then. Whoever is told posts again;
// nobody spins, and every connection is accepted in the end.
func withoutDescriptors(w *world) {
	var l spec.Socket
	for {
		l = w.socket()
		if l.Bind(anyPort).Ok() {
			break
		}
		l.Close()
	}
	w.want("listen", l.Listen(8), spec.OK)
	w.want("associate", w.p.Associate(l, 1), spec.OK)
	addr, _ := l.Local()
	accepted := 0
	w.spawn("worker", func() {
		op := &spec.Op{Kind: spec.Accept, Token: 2}
		w.started("accept", l.Start(op))
		var dst [1]spec.Packet
		for accepted < 3 {
			n, _ := w.p.Wait(dst[:], w.quiet)
			if n == 0 {
				return
			}
			switch dst[0].Status.Code {
			case spec.OK:
				accepted++
			case spec.NoResources:
			default:
				w.Errorf("accept: %v", dst[0].Status)
			}
			w.started("accept", l.Start(op))
		}
	})
	for range 3 {
		fd := -1
		for fd < 0 {
			fd, _ = w.far.Socket(4)
		}
		w.far.Connect(fd, addr)
	}
	w.settle()
	if accepted != 3 {
		w.Fatalf("%d of 3 connections were accepted", accepted)
	}
}
