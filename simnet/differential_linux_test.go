//go:build linux

package simnet

import (
	"fmt"
	"net/netip"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// The differential test: random single-threaded programs of descriptor calls run on the simulator,
// which delivers everything promptly, and then on the real kernel over loopback; each result must
// be the same, descriptor numbers and the order of epoll's reports included.
// SIMNET_DIFFERENTIAL=20000 runs that many programs instead of 300.
//
// On the real side each program runs on an OS thread with a descriptor table of its own
// (unshare(CLONE_FILES)), so that numbers can be compared and programs can run side by side.

// syscalls is what both sides offer.
type syscalls interface {
	Socket(family int) (fd, errno int)
	Bind(fd int, addr netip.AddrPort) (errno int)
	Listen(fd, backlog int) (errno int)
	Accept(fd int) (nfd int, from netip.AddrPort, errno int)
	Connect(fd int, to netip.AddrPort) (errno int)
	SocketError(fd int) (errno int)
	Recv(fd int, b []byte) (n, errno int)
	Send(fd int, b []byte) (n, errno int)
	Shutdown(fd int, how int) (errno int)
	Close(fd int) (errno int)
	Dup(fd int) (nfd, errno int)
	SetLinger(fd int, seconds int) (errno int)
	LocalAddr(fd int) (netip.AddrPort, int)
	RemoteAddr(fd int) (netip.AddrPort, int)
	EpollCreate() (ep, errno int)
	EpollCtl(ep, op, fd int, events uint32, data uint64) (errno int)
	EpollWait(ep int, data []uint64, ready []uint32, timeout time.Duration) (n, errno int)
	EventFD() (fd, errno int)
	EventRead(fd int) (v uint64, errno int)
	EventWrite(fd int, v uint64) (errno int)
}

type diffCall struct {
	name  string
	fd, a int
	b     int
	data  uint64
	want  string
}

func (c diffCall) String() string {
	return fmt.Sprintf("%s(%d, %d, %#x, %d)", c.name, c.fd, c.a, uint32(c.b), c.data)
}

// do makes one call and describes its result, without what may differ: port numbers.
func (c diffCall) do(k syscalls) string {
	word := func(errno int) string { return Errno(errno).String() }
	fd := func(n, errno int) string { return fmt.Sprint(n, " ", Errno(errno)) }
	switch c.name {
	case "socket":
		return fd(k.Socket(4))
	case "bind":
		return word(k.Bind(c.fd, netip.MustParseAddrPort("127.0.0.1:0")))
	case "bind-taken":
		addr, errno := k.LocalAddr(c.a)
		return word(errno) + " " + word(k.Bind(c.fd, addr))
	case "listen":
		return word(k.Listen(c.fd, c.a))
	case "accept":
		n, from, errno := k.Accept(c.fd)
		return fmt.Sprint(n, " ", from.IsValid(), " ", Errno(errno))
	case "connect":
		addr, errno := k.LocalAddr(c.a)
		return word(errno) + " " + word(k.Connect(c.fd, addr))
	case "so_error":
		return word(k.SocketError(c.fd))
	case "recv":
		b := make([]byte, c.a)
		n, errno := k.Recv(c.fd, b)
		return fmt.Sprintf("%q %v", b[:n], Errno(errno))
	case "send":
		n, errno := k.Send(c.fd, []byte("abcdefghijklmnopqrstuvwxyz")[c.b:c.b+c.a])
		return fd(n, errno)
	case "shutdown":
		return word(k.Shutdown(c.fd, c.a))
	case "close":
		return word(k.Close(c.fd))
	case "dup":
		return fd(k.Dup(c.fd))
	case "linger":
		return word(k.SetLinger(c.fd, c.a))
	case "local":
		a, errno := k.LocalAddr(c.fd)
		return fmt.Sprint(a.Addr(), " ", a.Port() != 0, " ", Errno(errno))
	case "remote":
		a, errno := k.RemoteAddr(c.fd)
		return fmt.Sprint(a.Addr(), " ", a.Port() != 0, " ", Errno(errno))
	case "epoll_create":
		return fd(k.EpollCreate())
	case "epoll_ctl":
		return word(k.EpollCtl(c.fd, int(c.data>>32), c.a, uint32(c.b), c.data))
	case "epoll_wait":
		data, ready := make([]uint64, c.a), make([]uint32, c.a)
		n, errno := k.EpollWait(c.fd, data, ready, 0)
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "%d:%v ", uint32(data[i]), Ready(ready[i]))
		}
		return b.String() + word(errno)
	case "eventfd":
		return fd(k.EventFD())
	case "event_read":
		v, errno := k.EventRead(c.fd)
		return fmt.Sprint(v, " ", Errno(errno))
	case "event_write":
		return word(k.EventWrite(c.fd, c.data))
	}
	panic("unknown call " + c.name)
}

// diffProgram draws a program by running it on the simulator.
func diffProgram(w *World, seed uint64, length int) []diffCall {
	rnd, serial := wyrand(seed), uint64(0)
	var calls []diffCall
	w.Reset(Dull())
	out := w.Run(func() {
		k := w.NewKernel()
		step := func(c diffCall) {
			c.want = c.do(k)
			calls = append(calls, c)
			w.Settle()
		}
		// One listener and one connection to begin with, else most programs are about nothing.
		step(diffCall{name: "socket"})
		step(diffCall{name: "bind", fd: 3})
		step(diffCall{name: "listen", fd: 3, a: rnd.below(3)})
		step(diffCall{name: "epoll_create"})
		step(diffCall{name: "socket"})
		if rnd.below(2) == 0 {
			step(diffCall{name: "connect", fd: 5, a: 3})
			step(diffCall{name: "accept", fd: 3})
		}
		for range length {
			if c, ok := k.draw(&rnd, &serial); ok {
				step(c)
			}
		}
	})
	if !out.OK() {
		panic(out.String())
	}
	return calls
}

// draw makes up the next call. What it avoids, and why:
//   - connecting a socket to itself: simultaneous open is not modelled;
//   - binding to an address other than a listener's: without SO_REUSEADDR connections and TIME_WAIT are in
//     the way on Linux, with it two sockets that do not listen may share an address;
//   - epoll instances inside epoll instances, EPOLLEXCLUSIVE: refused by the simulator;
//   - read and write of event counters on other files, which Linux allows for sockets;
//   - using the address of a socket that has none;
//   - shutting down a socket watched by an epoll instance that watches others too: loopback delivers FIN and RST
//     inside the call, before the call's own edge, so a peer comes first in the ready list; on a network it comes later.
func (k *Kernel) draw(rnd *wyrand, serial *uint64) (diffCall, bool) {
	var socks, listeners, bound, eps, evs, all []int
	for fd, f := range k.files {
		if f == nil {
			continue
		}
		all = append(all, fd)
		switch {
		case f.ep != nil:
			eps = append(eps, fd)
		case f.ev != nil:
			evs = append(evs, fd)
		default:
			socks = append(socks, fd)
			if f.sock.state == tcpListen {
				listeners = append(listeners, fd)
			}
			if f.sock.hasPort {
				bound = append(bound, fd)
			}
		}
	}
	one := func(list []int) int {
		if len(list) == 0 || rnd.below(200) == 0 {
			return firstDescriptor + rnd.below(11) // open, closed or never used
		}
		return list[rnd.below(len(list))]
	}
	sock := one(socks)
	switch p := rnd.below(100); {
	case p < 4 && len(all) < 9:
		return diffCall{name: "socket"}, true
	case p < 5 && len(eps) < 2:
		return diffCall{name: "epoll_create"}, true
	case p < 7 && len(evs) < 2:
		return diffCall{name: "eventfd"}, true
	case p < 8:
		return diffCall{name: "bind", fd: sock}, true
	case p < 9 && len(listeners) > 0:
		return diffCall{name: "bind-taken", fd: sock, a: listeners[0]}, true
	case p < 11:
		return diffCall{name: "listen", fd: sock, a: rnd.below(3)}, true
	case p < 20:
		if rnd.below(10) > 0 && len(listeners) > 0 {
			sock = listeners[rnd.below(len(listeners))]
		}
		return diffCall{name: "accept", fd: sock}, true
	case p < 28:
		to := bound
		if rnd.below(4) > 0 {
			to = listeners
		}
		if len(to) == 0 {
			return diffCall{}, false
		}
		target := to[rnd.below(len(to))]
		if f := k.file(sock); f != nil && f == k.file(target) {
			return diffCall{}, false
		}
		return diffCall{name: "connect", fd: sock, a: target}, true
	case p < 31:
		return diffCall{name: "so_error", fd: sock}, true
	case p < 42:
		return diffCall{name: "recv", fd: sock, a: rnd.below(9)}, true
	case p < 53:
		return diffCall{name: "send", fd: sock, a: 1 + rnd.below(6), b: rnd.below(20)}, true
	case p < 57:
		if f := k.file(sock); f != nil && f.sock != nil {
			for _, it := range f.sock.interests {
				for _, other := range it.ep.interests {
					if other.file != f {
						return diffCall{}, false
					}
				}
			}
		}
		return diffCall{name: "shutdown", fd: sock, a: rnd.below(3)}, true
	case p < 61:
		return diffCall{name: "close", fd: one(all)}, true
	case p < 63 && len(all) < 9:
		return diffCall{name: "dup", fd: one(all)}, true
	case p < 64:
		return diffCall{name: "linger", fd: sock, a: -rnd.below(2)}, true
	case p < 65:
		return diffCall{name: "local", fd: sock}, true
	case p < 67:
		return diffCall{name: "remote", fd: sock}, true
	case p < 83:
		target := one(socks)
		if len(evs) > 0 && rnd.below(6) == 0 {
			target = one(evs)
		}
		if f := k.file(target); f != nil && f.ep != nil {
			return diffCall{}, false
		}
		masks := [...]Ready{0, IN, OUT, RDHUP}
		mask := masks[rnd.below(4)] | masks[rnd.below(4)] | masks[rnd.below(4)]
		mask |= [...]Ready{0, 0, ET, ONESHOT, ET | ONESHOT}[rnd.below(5)]
		op := [...]uint64{EpollAdd, EpollAdd, EpollAdd, EpollMod, EpollMod, EpollDel}[rnd.below(6)]
		*serial++
		return diffCall{name: "epoll_ctl", fd: one(eps), a: target, b: int(int32(mask)), data: op<<32 | *serial}, true
	case p < 97:
		return diffCall{name: "epoll_wait", fd: one(eps), a: 1 + rnd.below(4)}, true
	case p < 98 && len(evs) > 0:
		return diffCall{name: "event_read", fd: evs[rnd.below(len(evs))]}, true
	case len(evs) > 0:
		amount := [...]uint64{0, 1, 5, 1<<64 - 2, 1<<64 - 1}[rnd.below(5)]
		return diffCall{name: "event_write", fd: evs[rnd.below(len(evs))], data: amount}, true
	}
	return diffCall{}, false
}

// compare runs the program on the real kernel and returns the first difference.
func compare(calls []diffCall) (at int, got string) {
	type answer struct {
		at  int
		got string
	}
	answers := make(chan answer, 1)
	go func() {
		// Never unlocked: the thread with its own descriptor table ends with the goroutine.
		runtime.LockOSThread()
		at, got := -1, ""
		k, err := newRealKernel()
		if err != nil {
			at, got = -2, err.Error()
		} else {
			for i, c := range calls {
				if got = c.do(k); got != c.want {
					at = i
					break
				}
				k.settle(c)
			}
			k.closeAll()
		}
		answers <- answer{at, got}
	}()
	a := <-answers
	return a.at, a.got
}

func TestRandomProgramsDoTheSameOnTheRealKernel(t *testing.T) {
	programs, first := 300, 0
	if n, err := strconv.Atoi(os.Getenv("SIMNET_DIFFERENTIAL")); err == nil {
		programs = n
	} else if testing.Short() {
		programs = 50
	}
	if n, err := strconv.Atoi(os.Getenv("SIMNET_DIFFERENTIAL_FIRST")); err == nil {
		first = n
	}
	if at, got := compare(nil); at == -2 {
		t.Skip("no descriptor table of one's own here:", got)
	}
	seeds := make(chan int)
	var wg sync.WaitGroup
	var mu sync.Mutex
	differences, total := 0, 0
	for range 16 {
		wg.Go(func() {
			// No timer is within the horizon: a lost SYN is not knocked again while a program
			// lasts.
			w := New(Options{NoSegment: true, Horizon: -1, StepCap: 1 << 30})
			defer w.Close()
			for seed := range seeds {
				calls := diffProgram(w, uint64(seed)*0x9e3779b97f4a7c15+1, 60)
				var at int
				var got string
				// Loopback delivers inside the call that sends, unless the kernel puts the soft
				// interrupt off under load. A difference has to show five times.
				for range 5 {
					if at, got = compare(calls); at < 0 {
						break
					}
				}
				mu.Lock()
				total += len(calls)
				if at >= 0 {
					if differences++; differences <= 3 {
						var b strings.Builder
						for _, c := range calls[:at+1] {
							fmt.Fprintf(&b, "  %-40v %s\n", c, c.want)
						}
						t.Errorf("program %d, call %d: simnet %q, linux %q\n%s", seed, at, calls[at].want, got, b.String())
					}
				}
				mu.Unlock()
			}
		})
	}
	for i := range programs {
		seeds <- first + i
	}
	close(seeds)
	wg.Wait()
	t.Logf("%d programs, %d calls, %d differences", programs, total, differences)
}
