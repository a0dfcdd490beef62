//go:build linux

package linux_test

import (
	"bufio"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/ioconform/ioconform/reference/epoll"
	"github.com/ioconform/ioconform/reference/epoll/linux"
	"github.com/ioconform/ioconform/reference/uring"
	"github.com/ioconform/ioconform/spec"
)

// BenchmarkEcho compares echo servers: those of the completion references against Go's net, 64 connections that play
// ping-pong with 64 bytes each.
//
// Each server is a process of its own with GOMAXPROCS=1, pinned to one core; the load comes from
// another core, from one thread that makes the least possible system calls, so that it is not what is
// measured. All servers are up all the time, and the load goes to them in turns, in slices of a few
// thousand messages: what the machine does meanwhile happens to all. x-net is the median over the
// turns of the throughput divided by Go net's of the same turn; x-net-cpu compares the processor time
// that the servers have used per message, and is the figure to believe should the load be the
// bottleneck.
func BenchmarkEcho(b *testing.B) {
	cores := allowed(b)
	if len(cores) < 2 {
		b.Skip("needs a core for the server and one for the load")
	}
	runtime.LockOSThread() // never unlocked: the thread is pinned and ends with the goroutine
	kinds := []string{"net", "epoll", "epoll-skip"}
	if u, err := uring.New(); err == nil {
		u.Close()
		kinds = append(kinds, "uring", "uring-skip")
	} else {
		b.Log("no uring: ", err)
	}
	var servers []*server
	for _, kind := range kinds {
		pin(b, cores[1])
		servers = append(servers, startServer(b, kind))
	}
	pin(b, cores[0])
	for _, s := range servers {
		s.connect(b, 64)
		s.run(b, 2000)
	}
	for i, kind := range kinds {
		b.Run(kind, func(b *testing.B) {
			const turns = 10
			runtime.LockOSThread()
			pin(b, cores[0])
			var ratios, cpu []float64
			var mine time.Duration
			for range turns {
				n := max(b.N/turns, 64)
				cpuNet, cpuMine := servers[0].cpu(b), servers[i].cpu(b)
				against := servers[0].run(b, n)
				took := against
				if i != 0 {
					took = servers[i].run(b, n)
				}
				mine += took
				ratios = append(ratios, float64(against)/float64(took))
				cpu = append(cpu, float64(servers[0].cpu(b)-cpuNet)/max(1, float64(servers[i].cpu(b)-cpuMine)))
			}
			b.ReportMetric(float64(mine)/float64(turns*max(b.N/turns, 64)), "ns/op")
			if i != 0 {
				b.ReportMetric(median(ratios), "x-net")
				b.ReportMetric(median(cpu), "x-net-cpu")
			}
		})
	}
}

func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}

func allowed(tb testing.TB) (cores []int) {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		tb.Skip(err)
	}
	for i := range 1024 {
		if set.IsSet(i) {
			cores = append(cores, i)
		}
	}
	return cores
}

// pin binds the calling thread, and the processes it starts, to a core.
func pin(tb testing.TB, core int) {
	var set unix.CPUSet
	set.Set(core)
	if err := unix.SchedSetaffinity(0, &set); err != nil {
		tb.Skip(err)
	}
}

// server is a server process and the connections to it.
type server struct {
	kind  string
	pid   int
	addr  netip.AddrPort
	ep    int
	conns []int
	got   []int // bytes of the current message that have come back, by connection
}

func startServer(tb testing.TB, kind string) *server {
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), serverVariable+"="+kind, "GOMAXPROCS=1")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { in.Close(); cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		tb.Fatal(kind, err)
	}
	return &server{kind: kind, pid: cmd.Process.Pid, addr: netip.MustParseAddrPort(strings.TrimSpace(line))}
}

const size = 64

var (
	message [size]byte
	buffer  [size]byte
)

func (s *server) connect(tb testing.TB, n int) {
	var err error
	if s.ep, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		tb.Fatal(err)
	}
	for i := range n {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err == nil {
			err = unix.Connect(fd, &unix.SockaddrInet4{Port: int(s.addr.Port()), Addr: s.addr.Addr().As4()})
		}
		if err == nil {
			unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
			unix.SetNonblock(fd, true)
			err = unix.EpollCtl(s.ep, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLET&0xffffffff, Fd: int32(i)})
		}
		if err != nil {
			tb.Fatal(err)
		}
		s.conns = append(s.conns, fd)
		s.got = append(s.got, 0)
	}
}

// run plays n messages and returns how long that took.
func (s *server) run(tb testing.TB, n int) time.Duration {
	k := linux.New()
	began := time.Now()
	sent, back := 0, 0
	post := func(i int) {
		if sent < n {
			sent++
			if _, errno := k.Send(s.conns[i], message[:]); errno != 0 {
				tb.Fatal("send: errno", errno)
			}
		}
	}
	for i := range s.conns {
		post(i)
	}
	var tokens [64]uint64
	var events [64]uint32
	for back < n {
		m, errno := k.EpollWait(s.ep, tokens[:], events[:], 10*time.Second)
		if errno != 0 || m == 0 {
			tb.Fatalf("%s: %d of %d messages came back; epoll_wait: %d, errno %d", s.kind, back, n, m, errno)
		}
		for _, token := range tokens[:m] {
			i := uint32(token)
			got, errno := k.Recv(s.conns[i], buffer[:])
			if errno != 0 || got == 0 {
				tb.Fatal("recv: errno", errno)
			}
			if s.got[i] += got; s.got[i] == size {
				s.got[i] = 0
				back++
				post(int(i))
			}
		}
	}
	return time.Since(began)
}

// cpu is the processor time that the server has used so far.
func (s *server) cpu(tb testing.TB) time.Duration {
	// The clock of another process: ~pid in the high bits, 2 for the scheduler's own count
	// (clock_getcpuclockid, posix-timers.h).
	var ts unix.Timespec
	if err := unix.ClockGettime(int32(^s.pid<<3|2), &ts); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(ts.Nano())
}

const serverVariable = "IOCONFORM_BENCH_SERVER"

func TestMain(m *testing.M) {
	switch kind := os.Getenv(serverVariable); kind {
	case "":
		os.Exit(m.Run())
	case "net":
		serveNet()
	case "uring", "uring-skip":
		b, err := uring.New()
		if err != nil {
			panic(err)
		}
		servePort(b, kind == "uring-skip")
	default:
		servePort(epoll.New(linux.New()), kind == "epoll-skip")
	}
}

// untilStdinEnds ends the process with the benchmark, however that ends.
func untilStdinEnds() {
	os.Stdin.Read(make([]byte, 1))
	os.Exit(0)
}

// serveNet is the server that one writes in Go.
func serveNet() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(l.Addr())
	go untilStdinEnds()
	for {
		c, err := l.Accept()
		if err != nil {
			panic(err)
		}
		go func() {
			b := make([]byte, 4096)
			for {
				n, err := c.Read(b)
				if err != nil {
					c.Close()
					return
				}
				if _, err := c.Write(b[:n]); err != nil {
					c.Close()
					return
				}
			}
		}()
	}
}

type connection struct {
	sock          spec.Socket
	receive, send spec.Op
}

// servePort is the server of the document: wait, handle, post again.
func servePort(b spec.Backend, skip bool) {
	p, _ := b.Port(1)
	l, _ := b.Socket(spec.TCP4)
	l.Bind(netip.MustParseAddrPort("127.0.0.1:0"))
	l.Listen(128)
	p.Associate(l, 0)
	addr, _ := l.Local()
	fmt.Println(addr)
	go untilStdinEnds()
	const (
		isReceive = 1 + iota
		isSend
	)
	var conns []*connection
	accept := &spec.Op{Kind: spec.Accept}
	l.Start(accept)
	dst := make([]spec.Packet, 128)
	for {
		n, _ := p.Wait(dst, -1)
		for _, pkt := range dst[:n] {
			switch pkt.Token {
			case 0:
				c := &connection{sock: pkt.Sock}
				c.receive = spec.Op{Kind: spec.Receive, Token: isReceive, Buf: make([]byte, 4096)}
				c.send = spec.Op{Kind: spec.Send, Token: isSend}
				conns = append(conns, c)
				if skip {
					c.sock.SkipOnSuccess()
				}
				p.Associate(c.sock, uint64(len(conns)-1))
				c.post(skip)
				l.Start(accept)
			case isReceive:
				conns[pkt.Key].received(pkt.N, skip)
			case isSend:
				conns[pkt.Key].post(skip)
			}
		}
	}
}

// received sends back what has come. In skip mode an operation that is done at once has no packet, so
// its handler is called here.
func (c *connection) received(n int, skip bool) {
	for {
		if n == 0 {
			c.sock.Close()
			return
		}
		c.send.Buf = c.receive.Buf[:n]
		if r := c.sock.Start(&c.send); !skip || r.How != spec.Done {
			return
		}
		r := c.sock.Start(&c.receive)
		if !skip || r.How != spec.Done {
			return
		}
		n = r.N
	}
}

// post posts the receive.
func (c *connection) post(skip bool) {
	if r := c.sock.Start(&c.receive); skip && r.How == spec.Done {
		c.received(r.N, skip)
	}
}
