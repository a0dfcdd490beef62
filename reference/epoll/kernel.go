package epoll

import (
	"net/netip"
	"time"
)

// Lock is a mutex of the world that the kernel belongs to.
type Lock = interface {
	Lock()
	Unlock()
}

// Kernel is the little of an operating system that completion ports need. Descriptors are
// non-blocking; errno is Linux's number, 0 for success. Package linux has the real one.
type Kernel interface {
	Socket(family int) (fd, errno int) // stream, 4 = IPv4, 6 = IPv6 and only that; non-blocking, close-on-exec
	SocketDgram(family int) (fd, errno int)
	Bind(fd int, addr netip.AddrPort) (errno int)
	Listen(fd, backlog int) (errno int)
	Accept(fd int) (nfd int, from netip.AddrPort, errno int)
	Connect(fd int, to netip.AddrPort) (errno int)
	SocketError(fd int) (errno int) // takes the error away
	Recv(fd int, b []byte) (n, errno int)
	Send(fd int, b []byte) (n, errno int)
	RecvFrom(fd int, b []byte) (n, size int, from netip.AddrPort, errno int) // size is the true length of the datagram
	SendTo(fd int, b []byte, to netip.AddrPort) (n, errno int)
	Shutdown(fd int, how int) (errno int) // 0 read 1 write 2 both
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
	NewLock() interface {
		Lock()
		Unlock()
	}
	Now() time.Duration
}

// Events of epoll_ctl(2).
const (
	evIn    = 0x1
	evOut   = 0x4
	evErr   = 0x8
	evHup   = 0x10   // both directions are over, or there never was a connection
	evRdHup = 0x2000 // the far end will send no more
	evEdge  = 1 << 31
)

// Operations of epoll_ctl(2).
const (
	ctlAdd = 1
	ctlDel = 2
)

const writeSide = 1 // Kernel.Shutdown

// Error numbers of Linux that are told apart here; errno(3).
const (
	eINTR        = 4
	eAGAIN       = 11
	eINVAL       = 22
	ePIPE        = 32
	ePROTO       = 71
	eNOPROTOOPT  = 92
	eOPNOTSUPP   = 95
	eNETDOWN     = 100
	eNETUNREACH  = 101
	eCONNABORTED = 103
	eCONNRESET   = 104
	eCONNREFUSED = 111
	eHOSTDOWN    = 112
	eHOSTUNREACH = 113
	eINPROGRESS  = 115
)
