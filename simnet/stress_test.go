package simnet

import (
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

// Three threads of one process do anything to the same descriptors in any order, with faults. Nothing
// may panic inside the simulator, and the books must balance.
func TestThreadsThatDoAnythingBreakNoInvariant(t *testing.T) {
	seeds := uint64(3000)
	if testing.Short() {
		seeds = 300
	}
	w := New(Options{RcvBuf: 5, SndBuf: 7, StepCap: 3000, MaxFiles: 12,
		Faults: Faults{EINTR: 4, ShortSend: 4, ShortRecv: 4, EAGAIN: 4, EMFILE: 50}})
	defer w.Close()
	src := Uniform(0)
	verdicts := map[Verdict]int{}
	for seed := range seeds {
		src.Seed(seed)
		w.Reset(src)
		out := w.Run(func() {
			k := w.NewKernel()
			b := make([]byte, 16)
			data, ready := make([]uint64, 3), make([]uint32, 3)
			fd := func() int { return 3 + w.Pick(KindData, 10) }
			anything := func() {
				switch w.Pick(KindData, 20) {
				case 0, 1:
					k.Socket(4)
				case 2:
					k.Bind(fd(), testAddr)
				case 3:
					k.Listen(fd(), w.Pick(KindData, 3))
				case 4, 5:
					k.Accept(fd())
				case 6, 7:
					k.Connect(fd(), testAddr)
				case 8, 9:
					k.Send(fd(), b[:1+w.Pick(KindData, 15)])
				case 10, 11:
					k.Recv(fd(), b[:1+w.Pick(KindData, 15)])
				case 12:
					k.Shutdown(fd(), w.Pick(KindData, 3))
				case 13:
					k.Close(fd())
				case 14:
					k.Dup(fd())
				case 15:
					k.SetLinger(fd(), w.Pick(KindData, 2)-1)
				case 16:
					k.EpollCreate()
				case 17, 18:
					mask := Ready(w.Pick(KindData, 8)) | Ready(w.Pick(KindData, 4))<<30
					k.EpollCtl(fd(), 1+w.Pick(KindData, 3), fd(), uint32(mask), 0)
				case 19:
					if fd, errno := k.EventFD(); errno == 0 {
						k.EventWrite(fd, 1)
					}
				}
				k.EpollWait(fd(), data, ready, time.Duration(w.Pick(KindData, 3))*time.Millisecond)
			}
			for range 3 {
				w.Go("t", func() {
					for range 40 {
						anything()
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
		verdicts[out.Verdict]++
		if out.Verdict != Completed {
			t.Fatalf("seed %d: %v", seed, out)
		}
	}
}
