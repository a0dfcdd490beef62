package reference

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ioconform/ioconform/reference/epoll"
	"github.com/ioconform/ioconform/reference/epoll/linux"
	"github.com/ioconform/ioconform/spec"
)

// EchoRatio measures the same echo on completion (the epoll reference) and on a bare epoll loop, in turns on this machine, and
// returns how many times as many echoes a second completion made: the lowest, the middle and the highest of three.
func EchoRatio() (ratios [3]float64, err error) {
	for i := range ratios {
		completion, err := echoRate(serveCompletion)
		if err != nil {
			return ratios, err
		}
		readiness, err := echoRate(serveReadiness)
		if err != nil {
			return ratios, err
		}
		ratios[i] = completion / readiness
	}
	slices.Sort(ratios[:])
	return ratios, nil
}

// conversations is how many connections echo at once, and how long for.
const (
	conversations = 16
	echoFor       = 150 * time.Millisecond
)

// echoRate counts echoes a second of a server, which serves until stop is called.
func echoRate(serve func() (addr netip.AddrPort, stop func(), err error)) (float64, error) {
	addr, stop, err := serve()
	if err != nil {
		return 0, err
	}
	defer stop()
	var count atomic.Int64
	var wg sync.WaitGroup
	var failed error
	var once sync.Once
	begin := time.Now()
	for range conversations {
		wg.Go(func() {
			c, err := net.Dial("tcp", addr.String())
			if err == nil {
				defer c.Close()
				var b [64]byte
				for err == nil && time.Since(begin) < echoFor {
					if _, err = c.Write(b[:]); err == nil {
						_, err = io.ReadFull(c, b[:])
						count.Add(1)
					}
				}
			}
			if err != nil {
				once.Do(func() { failed = err })
			}
		})
	}
	wg.Wait()
	return float64(count.Load()) / time.Since(begin).Seconds(), failed
}

var anyPort = netip.MustParseAddrPort("127.0.0.1:0")

// serveCompletion echoes with one thread that waits for packets.
func serveCompletion() (netip.AddrPort, func(), error) {
	b := epoll.New(linux.New())
	p, st := b.Port(0)
	l, _ := b.Socket(spec.TCP4)
	if !st.Ok() || !l.Bind(anyPort).Ok() || !l.Listen(conversations).Ok() || !p.Associate(l, 0).Ok() {
		b.Close()
		return netip.AddrPort{}, nil, fmt.Errorf("no listener: %s", st)
	}
	type session struct {
		sock       spec.Socket
		recv, send spec.Op
	}
	sessions := []*session{nil}
	done := make(chan struct{})
	accept := &spec.Op{Kind: spec.Accept}
	l.Start(accept)
	go func() {
		defer close(done)
		var k [16]spec.Packet
		for {
			n, st := p.Wait(k[:], -1)
			if !st.Ok() {
				return
			}
			for _, x := range k[:n] {
				switch {
				case x.Key == 0 && x.Sock != nil:
					id := uint64(len(sessions))
					s := &session{sock: x.Sock, recv: spec.Op{Kind: spec.Receive, Token: id, Buf: make([]byte, 64)}}
					s.send = spec.Op{Kind: spec.Send, Token: 0}
					sessions = append(sessions, s)
					p.Associate(s.sock, id)
					s.sock.Start(&s.recv)
					l.Start(accept)
				case x.Key > 0 && x.Token > 0 && x.N > 0: // a receive
					s := sessions[x.Key]
					s.send.Buf = s.recv.Buf[:x.N]
					s.sock.Start(&s.send)
				case x.Key > 0 && x.Token == 0 && x.Status.Ok(): // its echo is out
					s := sessions[x.Key]
					s.sock.Start(&s.recv)
				}
			}
		}
	}()
	addr, _ := l.Local()
	return addr, func() { p.Close(); <-done; b.Close() }, nil
}

// serveReadiness echoes with one thread in a bare, level-triggered epoll loop.
func serveReadiness() (netip.AddrPort, func(), error) {
	k := linux.New()
	const in, add, del = 1, 1, 2
	ep, e1 := k.EpollCreate()
	bell, e2 := k.EventFD()
	l, e3 := k.Socket(4)
	e4 := k.Bind(l, anyPort)
	e5 := k.Listen(l, conversations)
	addr, e6 := k.LocalAddr(l)
	e7 := k.EpollCtl(ep, add, l, in, uint64(l))
	e8 := k.EpollCtl(ep, add, bell, in, uint64(bell))
	for _, e := range []int{e1, e2, e3, e4, e5, e6, e7, e8} {
		if e != 0 {
			return netip.AddrPort{}, nil, fmt.Errorf("no epoll loop: errno %d", e)
		}
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		var data [16]uint64
		var ready [16]uint32
		var b [64]byte
		open := []int{ep, bell, l}
		defer func() {
			for _, fd := range open {
				k.Close(fd)
			}
		}()
		for {
			n, errno := k.EpollWait(ep, data[:], ready[:], -1)
			if errno != 0 {
				return
			}
			for _, d := range data[:n] {
				switch fd := int(d); fd {
				case bell:
					return
				case l:
					if c, _, errno := k.Accept(l); errno == 0 {
						open = append(open, c)
						k.EpollCtl(ep, add, c, in, uint64(c))
					}
				default:
					got, errno := k.Recv(fd, b[:])
					if errno != 0 || got == 0 {
						k.EpollCtl(ep, del, fd, 0, 0)
						continue
					}
					k.Send(fd, b[:got])
				}
			}
		}
	}()
	return addr, func() { k.EventWrite(bell, 1); <-done }, nil
}
