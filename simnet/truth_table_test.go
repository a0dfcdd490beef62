package simnet

import (
	"fmt"
	"net/netip"
	"testing"
	"time"
)

// The truth table: how many of several waiters return for how many events. The rows are those of
// the kernel's selftest epoll_wakeup_test.c, with UDP sockets as sources and also queued before
// anybody waits, and of the measurements in the facts about epoll. Some counts are exact: they are
// asserted here and, in truth_table_linux_test.go, of the real kernel. Others depend on who is
// faster: here every one of them must come out for some seed.

// wakeRow is one situation: each waiter makes one call with room for one event.
type wakeRow struct {
	mask      Ready
	nested    bool  // the waiters wait on an instance that watches the one with the sources
	inner     Ready // then this is how the inner one watches
	instances int   // if not 0, each of so many waiters has an instance of its own on the one source
	waiters   int
	sources   int
	datagrams int  // to each source
	queued    bool // they have arrived before anybody waits
	reads     bool // who returns receives one datagram at once

	least, most int // how many waiters return in the end
}

func (r wakeRow) String() string {
	when, then, how := "blocked", "nobody reads", Ready.String(r.mask)
	if r.queued {
		when = "queued"
	}
	if r.reads {
		then = "each reads one"
	}
	if r.nested {
		how += " over " + r.inner.String()
	}
	if r.instances > 0 {
		how += " own instances"
	}
	return fmt.Sprintf("%s, %d waiters, %d sources, %d datagrams, %s, %s", how, r.waiters, r.sources, r.datagrams, when, then)
}

// wakeRows is the table.
func wakeRows() []wakeRow {
	var rows []wakeRow
	for _, queued := range []bool{true, false} {
		// The exact part: one event to each source, nobody reads.
		for _, mask := range []Ready{IN, IN | ET, IN | ONESHOT, IN | ET | ONESHOT, IN | EXCLUSIVE, IN | ET | EXCLUSIVE} {
			for waiters := 1; waiters <= 3; waiters++ {
				for sources := 1; sources <= 2; sources++ {
					n := min(waiters, sources)
					if mask&(ET|ONESHOT) == 0 {
						n = waiters
					}
					rows = append(rows, wakeRow{mask: mask, waiters: waiters, sources: sources, datagrams: 1,
						queued: queued, least: n, most: n})
				}
			}
		}
		// Two datagrams to one source.
		for _, x := range []struct {
			mask        Ready
			reads       bool
			least, most int
		}{
			{IN, false, 2, 2},
			{IN, true, 2, 2},
			{IN | EXCLUSIVE, false, 2, 2},
			{IN | ET, false, 1, 2}, // if the second finds the first collected, it is an edge of its own
			{IN | ET, true, 1, 2},
			{IN | ET | EXCLUSIVE, false, 1, 2},
			{IN | ONESHOT, false, 1, 1},
			{IN | ET | ONESHOT, false, 1, 1},
		} {
			if queued && x.mask&ET != 0 {
				x.most = 1
			}
			rows = append(rows, wakeRow{mask: x.mask, waiters: 2, sources: 1, datagrams: 2, reads: x.reads,
				queued: queued, least: x.least, most: x.most})
		}
		// One datagram, and whoever comes second may find nothing.
		rows = append(rows, wakeRow{mask: IN, waiters: 2, sources: 1, datagrams: 1, reads: true, queued: queued, least: 1, most: 2})
		// Nested: the outer interest decides.
		for _, outer := range []Ready{IN, IN | ET} {
			for _, inner := range []Ready{IN, IN | ET} {
				n := 2
				if outer&ET != 0 {
					n = 1
				}
				rows = append(rows, wakeRow{mask: outer, nested: true, inner: inner, waiters: 2, sources: 1, datagrams: 1,
					queued: queued, least: n, most: n})
			}
		}
		// One source in three instances: all hear of it, unless exclusive, and then only when they
		// wait already.
		for _, mask := range []Ready{IN, IN | ET, IN | EXCLUSIVE, IN | ET | EXCLUSIVE} {
			n := 3
			if mask&EXCLUSIVE != 0 && !queued {
				n = 1
			}
			rows = append(rows, wakeRow{mask: mask, instances: 3, waiters: 3, sources: 1, datagrams: 1,
				queued: queued, least: n, most: n})
		}
		rows = append(rows, wakeRow{mask: IN, instances: 3, waiters: 3, sources: 1, datagrams: 1, reads: true,
			queued: queued, least: 1, most: 3})
	}
	return rows
}

// wakeKernel is what a row needs of either kernel.
type wakeKernel interface {
	SocketDgram(family int) (fd, errno int)
	Bind(fd int, addr netip.AddrPort) (errno int)
	LocalAddr(fd int) (netip.AddrPort, int)
	SendTo(fd int, b []byte, to netip.AddrPort) (n, errno int)
	Recv(fd int, b []byte) (n, errno int)
	Close(fd int) (errno int)
	EpollCreate() (ep, errno int)
	EpollCtl(ep, op, fd int, events uint32, data uint64) (errno int)
	EpollWait(ep int, data []uint64, ready []uint32, timeout time.Duration) (n, errno int)
	EventFD() (fd, errno int)
	EventWrite(fd int, v uint64) (errno int)
}

// wakeScene is a row set up: descriptors.
type wakeScene struct {
	wakeRow
	k       wakeKernel
	sender  int
	targets []int
	eps     []int // one for each waiter
	stop    int   // an event counter that ends all waits
	all     []int
}

const wakeStop = 99 // the data of stop

func newWakeScene(k wakeKernel, r wakeRow) *wakeScene {
	s := &wakeScene{wakeRow: r, k: k}
	open := func(fd, errno int) int {
		must(errno)
		s.all = append(s.all, fd)
		return fd
	}
	s.sender, s.stop = open(k.SocketDgram(4)), open(k.EventFD())
	for range r.sources {
		fd := open(k.SocketDgram(4))
		must(k.Bind(fd, netip.MustParseAddrPort("127.0.0.1:0")))
		s.targets = append(s.targets, fd)
	}
	for range max(r.instances, 1) {
		ep := open(k.EpollCreate())
		must(k.EpollCtl(ep, EpollAdd, s.stop, uint32(IN), wakeStop))
		from, mask := ep, r.mask
		if r.nested {
			from, mask = open(k.EpollCreate()), r.inner
			must(k.EpollCtl(ep, EpollAdd, from, uint32(r.mask), 50))
		}
		for i, fd := range s.targets {
			must(k.EpollCtl(from, EpollAdd, fd, uint32(mask), uint64(i)))
		}
		s.eps = append(s.eps, ep)
	}
	for len(s.eps) < r.waiters {
		s.eps = append(s.eps, s.eps[0])
	}
	return s
}

func (s *wakeScene) send() {
	for range s.datagrams {
		for _, fd := range s.targets {
			to, errno := s.k.LocalAddr(fd)
			must(errno)
			_, errno = s.k.SendTo(s.sender, []byte("x"), to)
			must(errno)
		}
	}
}

// wait is a waiter; it reports whether a source released it.
func (s *wakeScene) wait(i int) bool {
	var data [1]uint64
	var ready [1]uint32
	for {
		n, errno := s.k.EpollWait(s.eps[i], data[:], ready[:], -1)
		if errno == int(EINTR) {
			continue
		}
		must(errno)
		if n != 1 {
			panic("no event from a wait without end")
		}
		break
	}
	if data[0] == wakeStop {
		return false
	}
	if s.reads {
		s.k.Recv(s.targets[0], make([]byte, 1)) // or EAGAIN
	}
	return true
}

// simulate returns how many waiters return under one seed.
func (r wakeRow) simulate(t *testing.T, w *World, src Source) int {
	n := 0
	w.Reset(src)
	out := w.Run(func() {
		s := newWakeScene(w.NewKernel(), r)
		if r.queued {
			s.send()
			w.Settle()
		}
		for i := range r.waiters {
			w.Go("waiter", func() {
				if s.wait(i) {
					n++
				}
			})
		}
		if !r.queued {
			w.Settle()
			s.send()
		}
		w.Settle()
	})
	if !out.OK() {
		t.Fatal(r, out)
	}
	return n
}

func TestEveryWakeCountOfTheTruthTableComesOutAndNoOther(t *testing.T) {
	w := New(Options{})
	defer w.Close()
	rows := wakeRows()
	for _, r := range rows {
		seen := map[int]int{}
		for seed := range uint64(100) {
			seen[r.simulate(t, w, Uniform(seed))]++
			seen[r.simulate(t, w, Lazy(seed))]++
		}
		for n := range seen {
			if n < r.least || n > r.most {
				t.Errorf("%v: %d returned", r, n)
			}
		}
		for n := r.least; n <= r.most; n++ {
			if seen[n] == 0 {
				t.Errorf("%v: %d never returned: %v", r, n, seen)
			}
		}
	}
	t.Log(len(rows), "rows")
}
