package simnet

import (
	"net/netip"
	"time"
)

var (
	testAddr  = netip.MustParseAddrPort("127.0.0.1:80")
	testAddr6 = netip.MustParseAddrPort("[::1]:80")
	deadAddr  = netip.MustParseAddrPort("127.0.0.1:9") // nobody is there
)

// echo is the program most tests run: a server with workers on one epoll instance, ONESHOT and
// re-arming, and clients that send rounds messages of three bytes each and wait for their echo. It
// is built once and allocates nothing when run.
type echo struct {
	w              *World
	k              *Kernel
	ep, listener   int
	stop           int
	workers        int
	clients        int
	rounds         int
	served, echoed int
	ended          int
	mu             *Mutex
	workerBody     func()
	clientBody     func()
	mainBody       func()
	bufs           [16]struct {
		data  [4]uint64
		ready [4]uint32
		b     [16]byte
	}
}

func newEcho(w *World, workers, clients, rounds int) *echo {
	e := &echo{w: w, workers: workers, clients: clients, rounds: rounds}
	e.workerBody, e.clientBody, e.mainBody = e.work, e.client, e.main
	return e
}

func must(errno int) {
	if errno != 0 {
		panic(Errno(errno))
	}
}

const (
	listenerData = 1 << 40
	stopData     = 2 << 40
)

func (e *echo) main() {
	e.served, e.echoed, e.ended = 0, 0, 0
	e.k = e.w.NewKernel()
	e.mu = e.w.NewMutex()
	var errno int
	e.listener, errno = e.k.Socket(4)
	must(errno)
	must(e.k.Bind(e.listener, testAddr))
	must(e.k.Listen(e.listener, 8))
	e.ep, errno = e.k.EpollCreate()
	must(errno)
	e.stop, errno = e.k.EventFD()
	must(errno)
	must(e.k.EpollCtl(e.ep, EpollAdd, e.listener, uint32(IN|ONESHOT), listenerData))
	must(e.k.EpollCtl(e.ep, EpollAdd, e.stop, uint32(IN), stopData))
	for range e.workers {
		e.w.Go("worker", e.workerBody)
	}
	for range e.clients {
		e.w.Go("client", e.clientBody)
	}
	e.w.Settle()
	must(e.k.EventWrite(e.stop, 1))
	e.w.Settle()
}

func (e *echo) work() {
	buf := &e.bufs[e.w.Current().ID()]
	for {
		n, errno := e.k.EpollWait(e.ep, buf.data[:1], buf.ready[:1], -1)
		must(errno)
		for _, d := range buf.data[:n] {
			switch d {
			case stopData:
				return
			case listenerData:
				if fd, _, errno := e.k.Accept(e.listener); errno == 0 {
					must(e.k.EpollCtl(e.ep, EpollAdd, fd, uint32(IN|ONESHOT), uint64(fd)))
				}
				must(e.k.EpollCtl(e.ep, EpollMod, e.listener, uint32(IN|ONESHOT), listenerData))
				continue
			}
			fd := int(d)
			got, errno := e.k.Recv(fd, buf.b[:])
			if errno != 0 || got == 0 {
				must(e.k.Close(fd))
				e.mu.Lock()
				e.ended++
				e.mu.Unlock()
				continue
			}
			if sent, errno := e.k.Send(fd, buf.b[:got]); sent != got {
				panic(Errno(errno))
			}
			e.mu.Lock()
			e.served += got
			e.mu.Unlock()
			must(e.k.EpollCtl(e.ep, EpollMod, fd, uint32(IN|ONESHOT), uint64(fd)))
		}
	}
}

func (e *echo) client() {
	buf := &e.bufs[e.w.Current().ID()]
	k := e.w.NewKernel()
	fd, errno := k.Socket(4)
	must(errno)
	ep, errno := k.EpollCreate()
	must(errno)
	must(k.EpollCtl(ep, EpollAdd, fd, uint32(IN|OUT|ET), 0))
	if errno := k.Connect(fd, testAddr); errno != int(EINPROGRESS) {
		panic(Errno(errno))
	}
	for {
		if _, errno := k.RemoteAddr(fd); errno == 0 {
			break
		}
		_, errno = k.EpollWait(ep, buf.data[:], buf.ready[:], -1)
		must(errno)
	}
	for range e.rounds {
		_, errno := k.Send(fd, []byte("abc"))
		must(errno)
		for got := 0; got < 3; {
			n, errno := k.Recv(fd, buf.b[:])
			if errno == int(EAGAIN) {
				_, errno = k.EpollWait(ep, buf.data[:], buf.ready[:], 10*time.Second)
				must(errno)
				continue
			}
			must(errno)
			got += n
			e.echoed += n
		}
	}
	must(k.Close(fd))
}
