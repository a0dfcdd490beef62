package poller

import (
	"net/netip"
	"time"
)

// Kernel is the little of an operating system that a poller needs. Descriptors are non-blocking; errno is Linux's number, 0 for
// success. Package linux has the real one; a simnet.Kernel is another.
type Kernel interface {
	Socket(family int) (fd, errno int)      // 4 or 6: a stream socket
	SocketDgram(family int) (fd, errno int) // likewise, of datagrams
	Bind(fd int, addr netip.AddrPort) (errno int)
	Listen(fd, backlog int) (errno int)
	Accept(fd int) (nfd int, from netip.AddrPort, errno int)
	Connect(fd int, to netip.AddrPort) (errno int)
	Recv(fd int, b []byte) (n, errno int)
	Send(fd int, b []byte) (n, errno int)
	RecvFrom(fd int, b []byte) (n, size int, from netip.AddrPort, errno int)
	SendTo(fd int, b []byte, to netip.AddrPort) (n, errno int)
	Shutdown(fd int, how int) (errno int) // 0 read 1 write 2 both
	Close(fd int) (errno int)
	Dup(fd int) (nfd, errno int)
	LocalAddr(fd int) (netip.AddrPort, int)
	EpollCreate() (ep, errno int)
	EpollCtl(ep, op, fd int, events uint32, data uint64) (errno int)
	EpollWait(ep int, data []uint64, ready []uint32, timeout time.Duration) (n, errno int)
	Now() time.Duration
}

// Events of epoll_ctl(2).
const (
	evIn        = 0x1
	evPri       = 0x2
	evOut       = 0x4
	evErr       = 0x8
	evHup       = 0x10
	evRdHup     = 0x2000
	evExclusive = 1 << 28
	evOneShot   = 1 << 30
	evEdge      = 1 << 31
)

// Operations of epoll_ctl(2).
const (
	ctlAdd = 1
	ctlDel = 2
	ctlMod = 3
)

// Error numbers of Linux that are told apart here; errno(3).
const (
	eNOENT        = 2
	eINTR         = 4
	eBADF         = 9
	eAGAIN        = 11
	eNOMEM        = 12
	eEXIST        = 17
	eINVAL        = 22
	eNFILE        = 23
	eMFILE        = 24
	eNOSPC        = 28
	ePIPE         = 32
	eAFNOSUPPORT  = 97
	eADDRINUSE    = 98
	eNETUNREACH   = 101
	eCONNRESET    = 104
	eNOBUFS       = 105
	eISCONN       = 106
	eNOTCONN      = 107
	eTIMEDOUT     = 110
	eCONNREFUSED  = 111
	eHOSTUNREACH  = 113
	eALREADY      = 114
	eINPROGRESS   = 115
	eOPNOTSUPP    = 95
	eMSGSIZE      = 90
	eDESTADDRREQ  = 89
	eCONNABORTED  = 103
	eADDRNOTAVAIL = 99
)
