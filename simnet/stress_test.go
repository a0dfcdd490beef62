package simnet

import (
	"net/netip"
	"testing"
	"time"
)

// invariants checks what must hold of the network and of epoll at any time.
func invariants(t *testing.T, w *World, seed uint64) {
	t.Helper()
	if w.nlinks != w.busyLinks() {
		t.Errorf("seed %d: %d busy links counted, %d marked", seed, w.nlinks, w.busyLinks())
	}
	for _, c := range w.net.conns.all[:w.net.conns.used] {
		for i := range c.dir {
			d := &c.dir[i]
			if d.arrived < 0 || d.inFlight() < 0 || d.inFlight() > w.opts.SndBuf {
				t.Errorf("seed %d: written %d, read %d, arrived %d", seed, len(d.data), d.read, d.arrived)
			}
			if d.to != nil && !d.to.orphan && d.arrived > w.opts.RcvBuf {
				t.Errorf("seed %d: %d arrived in a buffer of %d", seed, d.arrived, w.opts.RcvBuf)
			}
		}
	}
	sent := map[*Sock]int{}
	for _, f := range w.net.busy {
		if f.queue.first == nil {
			t.Errorf("seed %d: an empty flow holds a link", seed)
		}
		for g := f.queue.first; g != nil; g = g.next {
			if f.sender != nil && !g.extra {
				sent[f.sender] += g.cost()
			}
		}
	}
	for _, s := range w.net.socks.all[:w.net.socks.used] {
		if s.sent != sent[s] {
			t.Errorf("seed %d: %d bytes in flight, %d counted", seed, sent[s], s.sent)
		}
	}
	for _, e := range w.epolls.all[:w.epolls.used] {
		for it, n := e.head, 0; it != nil; it, n = it.next, n+1 {
			if n > 10_000 || it.next != nil && it.next.prev != it || it.next == nil && e.tail != it {
				t.Fatalf("seed %d: the ready list is broken", seed)
			}
		}
	}
	last := time.Duration(1<<63 - 1)
	for _, tm := range w.timers {
		if tm.at > last || !tm.armed {
			t.Errorf("seed %d: the timers are out of order", seed)
		}
		last = tm.at
	}
}

// anything makes random calls on the first ten descriptors of a process.
type anything struct {
	w     *World
	k     *Kernel
	b     [16]byte
	data  [3]uint64
	ready [3]uint32
}

func newAnything(w *World) *anything { return &anything{w: w, k: w.NewKernel()} }

// addr is one of few addresses, and now and then none.
func (a *anything) addr() netip.AddrPort {
	return [...]netip.AddrPort{testAddr, testAddr, testAddr6, testAddr6, deadAddr, {}}[a.w.Pick(KindData, 6)]
}

func (a *anything) call() string {
	k, pick := a.k, func(n int) int { return a.w.Pick(KindData, n) }
	fd := func() int { return firstDescriptor + pick(10) }
	switch pick(31) {
	case 0, 1:
		k.Socket(4 + 2*pick(2))
		return "socket"
	case 24, 25:
		k.SocketDgram(4 + 2*pick(2))
		return "socket_dgram"
	case 26, 27:
		k.SendTo(fd(), a.b[:pick(7)], a.addr())
		return "sendto"
	case 28, 29:
		k.RecvFrom(fd(), a.b[:pick(7)])
		return "recvfrom"
	case 2:
		k.Bind(fd(), a.addr())
		return "bind"
	case 3:
		k.Listen(fd(), pick(3))
		return "listen"
	case 4, 5:
		k.Accept(fd())
		return "accept"
	case 6, 7:
		k.Connect(fd(), a.addr())
		return "connect"
	case 8, 9:
		k.Send(fd(), a.b[:1+pick(15)])
		return "send"
	case 10, 11:
		k.Recv(fd(), a.b[:1+pick(15)])
		return "recv"
	case 12:
		k.Shutdown(fd(), pick(3))
		return "shutdown"
	case 13:
		k.Close(fd())
		return "close"
	case 14:
		k.Dup(fd())
		return "dup"
	case 15:
		k.SetLinger(fd(), pick(2)-1)
		return "linger"
	case 16:
		k.EpollCreate()
		return "epoll_create"
	case 17, 18:
		mask := Ready(pick(8)) | [...]Ready{0, ET, ONESHOT, ET | ONESHOT, EXCLUSIVE, ET | EXCLUSIVE}[pick(6)]
		k.EpollCtl(fd(), 1+pick(3), fd(), uint32(mask), 0)
		return "epoll_ctl"
	case 19:
		if fd, errno := k.EventFD(); errno == 0 {
			k.EventWrite(fd, 1)
		}
		return "eventfd"
	case 20:
		k.SocketError(fd())
		return "so_error"
	}
	k.EpollWait(fd(), a.data[:], a.ready[:], time.Duration(pick(3))*time.Millisecond)
	return "epoll_wait"
}

// Three threads of one process do anything to the same descriptors in any order, with faults.
// Nothing may panic inside the simulator, and the books must balance.
func TestThreadsThatDoAnythingBreakNoInvariant(t *testing.T) {
	seeds := uint64(3000)
	if testing.Short() {
		seeds = 300
	}
	w := New(Options{RcvBuf: 5, SndBuf: 7, StepCap: 3000, MaxFiles: 12,
		Faults: Faults{EINTR: 4, ShortSend: 4, ShortRecv: 4, EAGAIN: 4, EMFILE: 50},
		Net:    Net{Loss: 4, Dup: 4, Reorder: 4}})
	defer w.Close()
	src := Uniform(0)
	for seed := range seeds {
		src.Seed(seed)
		w.Reset(src)
		out := w.Run(func() {
			a := newAnything(w)
			for range 3 {
				w.Go("t", func() {
					for range 60 {
						a.call()
					}
				})
			}
			for range 20 {
				w.Sleep(100 * time.Microsecond)
				invariants(t, w, seed)
			}
			w.Settle()
			invariants(t, w, seed)
		})
		if out.Verdict != Completed {
			t.Fatalf("seed %d: %v", seed, out)
		}
	}
}
