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

// The differential test: random single-threaded programs of descriptor calls (TCP and UDP over both
// families, epoll instances beside and inside each other) run on the simulator, which delivers
// everything promptly, and then on the real kernel over loopback; each result must be the same,
// descriptor numbers and the order of epoll's reports included.
// SIMNET_DIFFERENTIAL=20000 runs that many programs instead of 300.
//
// On the real side each program runs on an OS thread with a descriptor table of its own
// (unshare(CLONE_FILES)), so that numbers can be compared and programs can run side by side.

// syscalls is what both sides offer.
type syscalls interface {
	Socket(family int) (fd, errno int)
	SocketDgram(family int) (fd, errno int)
	Bind(fd int, addr netip.AddrPort) (errno int)
	Listen(fd, backlog int) (errno int)
	Accept(fd int) (nfd int, from netip.AddrPort, errno int)
	Connect(fd int, to netip.AddrPort) (errno int)
	SocketError(fd int) (errno int)
	Recv(fd int, b []byte) (n, errno int)
	Send(fd int, b []byte) (n, errno int)
	SendTo(fd int, b []byte, to netip.AddrPort) (n, errno int)
	RecvFrom(fd int, b []byte) (n, size int, from netip.AddrPort, errno int)
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
		return fd(k.Socket(c.a))
	case "socket-dgram":
		return fd(k.SocketDgram(c.a))
	case "bind":
		return word(k.Bind(c.fd, netip.AddrPortFrom(diffAddrs[c.a], 0)))
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
	case "connect-dead":
		return word(k.Connect(c.fd, netip.AddrPortFrom(diffAddrs[c.a], deadPort)))
	case "disconnect":
		return word(k.Connect(c.fd, netip.AddrPort{}))
	case "so_error":
		return word(k.SocketError(c.fd))
	case "recv":
		b := make([]byte, c.a)
		n, errno := k.Recv(c.fd, b)
		return fmt.Sprintf("%q %v", b[:n], Errno(errno))
	case "send":
		n, errno := k.Send(c.fd, []byte("abcdefghijklmnopqrstuvwxyz")[c.b:c.b+c.a])
		return fd(n, errno)
	case "sendto":
		addr, errno := k.LocalAddr(c.a)
		return word(errno) + " " + fd(k.SendTo(c.fd, diffText(c), addr))
	case "sendto-dead":
		return fd(k.SendTo(c.fd, diffText(c), netip.AddrPortFrom(diffAddrs[c.a], deadPort)))
	case "sendto-nowhere":
		return fd(k.SendTo(c.fd, diffText(c), netip.AddrPort{}))
	case "recvfrom":
		b := make([]byte, c.a)
		n, size, from, errno := k.RecvFrom(c.fd, b)
		return fmt.Sprintf("%q %v %v %v %v", b[:n], size > n, from.Addr(), whose(k, from), Errno(errno))
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

// diffAddrs are what "bind" and the calls to a dead port name by index, the first three of them
// IPv4. Nobody listens on deadPort: without privileges nobody can.
var diffAddrs = [...]netip.Addr{
	netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("0.0.0.0"), netip.MustParseAddr("127.0.0.5"),
	netip.MustParseAddr("::1"), netip.MustParseAddr("::"), netip.MustParseAddr("::ffff:127.0.0.1"),
}

const deadPort = 1

// diffText is what a datagram call sends: b bytes, of which the first few differ from call to call.
func diffText(c diffCall) []byte {
	text := []byte("abcdefghijklmnopqrstuvwxyz")[c.data%20:]
	if c.b > len(text) {
		return make([]byte, c.b)
	}
	return text[:c.b]
}

// whose returns which descriptor has the address.
func whose(k syscalls, a netip.AddrPort) int {
	if !a.IsValid() {
		return -1
	}
	for fd := firstDescriptor; fd < firstDescriptor+12; fd++ {
		if own, errno := k.LocalAddr(fd); errno == 0 && own.Port() == a.Port() {
			return fd
		}
	}
	return -1
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
