package realworld

import (
	"net"
	"net/netip"
	"os"
	"runtime"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/ioconform/ioconform/spec"
)

// datagrams is a bound datagram socket of the far end. Package net's cannot be had under Wine 8.0, which does not know the control code by which package net keeps
// reports that nobody was there away from its receives (SIO_UDP_CONNRESET); here, where Windows knows it, it is used, and where not there are no
// such reports.
type datagrams struct {
	handle windows.Handle
	local  netip.AddrPort
	over6  bool

	mu     sync.Mutex // closed, and the handle's use
	closed bool

	reading  sync.Mutex // one receive at a time; it owns what follows
	until    time.Time
	event    windows.Handle
	pins     runtime.Pinner
	incoming windows.Overlapped
	from     windows.RawSockaddrAny
}

func bindDatagrams(n spec.Network, at netip.AddrPort) (mailConn, error) {
	family := int32(windows.AF_INET)
	if n.Over6() {
		family = windows.AF_INET6
	}
	h, err := windows.WSASocket(family, windows.SOCK_DGRAM, windows.IPPROTO_UDP, nil, 0, windows.WSA_FLAG_OVERLAPPED|windows.WSA_FLAG_NO_HANDLE_INHERIT)
	if err != nil {
		return nil, os.NewSyscallError("WSASocket", err)
	}
	d := &datagrams{handle: h, over6: n.Over6()}
	if d.event, err = windows.CreateEvent(nil, 1, 0, nil); err != nil {
		windows.Closesocket(h)
		return nil, os.NewSyscallError("CreateEvent", err)
	}
	var off, size uint32
	windows.WSAIoctl(h, windows.SIO_UDP_CONNRESET, (*byte)(unsafe.Pointer(&off)), uint32(unsafe.Sizeof(off)), nil, 0, &size, nil, 0)
	if err := windows.Bind(h, sockaddr(at)); err != nil {
		d.Close()
		return nil, os.NewSyscallError("bind", err)
	}
	bound, err := windows.Getsockname(h)
	if err != nil {
		d.Close()
		return nil, os.NewSyscallError("getsockname", err)
	}
	d.local = addrPortOf(bound)
	return d, nil
}

func (d *datagrams) WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return 0, net.ErrClosed
	}
	buffer := windows.WSABuf{Len: uint32(len(b)), Buf: unsafe.SliceData(b)}
	var n uint32
	err := windows.WSASendto(d.handle, &buffer, 1, &n, 0, sockaddr(to), nil, nil)
	return int(n), err
}

// ReadFromUDPAddrPort receives one datagram. The receive is overlapped and waits on an event, because timeouts of blocking receives are rounded up to half a second by
// some versions of Windows. One that ran out of time is cancelled, and its end awaited: it may have been successful meanwhile.
func (d *datagrams) ReadFromUDPAddrPort(b []byte) (n int, from netip.AddrPort, err error) {
	d.reading.Lock()
	defer d.reading.Unlock()
	d.incoming = windows.Overlapped{HEvent: d.event}
	length, flags, got := int32(unsafe.Sizeof(d.from)), uint32(0), uint32(0)
	d.pins.Pin(d)
	if len(b) > 0 {
		d.pins.Pin(&b[0])
	}
	defer d.pins.Unpin()
	buffer := &windows.WSABuf{Len: uint32(len(b)), Buf: unsafe.SliceData(b)}
	lives := &length // written when the receive completes, so not on this stack
	d.pins.Pin(lives)
	d.mu.Lock()
	if d.closed {
		d.mu.Unlock()
		return 0, from, net.ErrClosed
	}
	err = windows.WSARecvFrom(d.handle, buffer, 1, &got, &flags, &d.from, lives, &d.incoming, nil)
	d.mu.Unlock()
	if err != nil && err != windows.ERROR_IO_PENDING {
		return 0, from, err
	}
	if event, e := windows.WaitForSingleObject(d.event, d.patience()); event == uint32(windows.WAIT_TIMEOUT) && e == nil {
		d.mu.Lock()
		if !d.closed {
			windows.CancelIoEx(d.handle, &d.incoming)
		}
		d.mu.Unlock()
		windows.WaitForSingleObject(d.event, windows.INFINITE)
	}
	switch st := spec.WindowsStatus(spec.NTStatus, uint32(d.incoming.Internal)); st.Code {
	case spec.OK, spec.Truncated:
		sa, err := d.from.Sockaddr()
		if err != nil {
			return 0, from, err
		}
		return int(d.incoming.InternalHigh), addrPortOf(sa), nil
	case spec.Aborted:
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.closed {
			return 0, from, net.ErrClosed
		}
		return 0, from, os.ErrDeadlineExceeded
	default:
		return 0, from, syscall.Errno(windows.WSAECONNRESET)
	}
}

// patience is how long a receive waits.
func (d *datagrams) patience() uint32 {
	if d.until.IsZero() {
		return windows.INFINITE
	}
	return uint32(max(0, time.Until(d.until)+time.Millisecond-1) / time.Millisecond)
}

func (d *datagrams) SetReadDeadline(t time.Time) error {
	d.reading.Lock()
	defer d.reading.Unlock()
	d.until = t
	return nil
}

func (d *datagrams) SetWriteDeadline(time.Time) error { return nil } // a send of a datagram does not wait
func (d *datagrams) SetDeadline(t time.Time) error    { return d.SetReadDeadline(t) }
func (d *datagrams) LocalAddr() net.Addr              { return net.UDPAddrFromAddrPort(d.local) }
func (d *datagrams) RemoteAddr() net.Addr             { return nil }

func (d *datagrams) Read(b []byte) (int, error) {
	n, _, err := d.ReadFromUDPAddrPort(b)
	return n, err
}

func (d *datagrams) Write([]byte) (int, error) { return 0, windows.WSAENOTCONN }

// Close ends a receive that is under way.
func (d *datagrams) Close() error {
	d.mu.Lock()
	if d.closed {
		d.mu.Unlock()
		return net.ErrClosed
	}
	d.closed = true
	err := windows.Closesocket(d.handle)
	d.mu.Unlock()
	d.reading.Lock() // until it has ended
	defer d.reading.Unlock()
	windows.CloseHandle(d.event)
	return os.NewSyscallError("closesocket", err)
}

// discard is the port of a service that says nothing (RFC 863).
const discard = 9

// connectNowhere connects a socket to an address of its own machine where nothing comes from.
func connectNowhere(conn mailConn, at netip.Addr) error {
	return windows.Connect(conn.(*datagrams).handle, sockaddr(netip.AddrPortFrom(at, discard)))
}

func sockaddr(a netip.AddrPort) windows.Sockaddr {
	if a.Addr().Is6() {
		return &windows.SockaddrInet6{Addr: a.Addr().As16(), Port: int(a.Port())}
	}
	return &windows.SockaddrInet4{Addr: a.Addr().As4(), Port: int(a.Port())}
}

func addrPortOf(sa windows.Sockaddr) netip.AddrPort {
	switch a := sa.(type) {
	case *windows.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(a.Addr), uint16(a.Port))
	case *windows.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(a.Addr), uint16(a.Port))
	}
	return netip.AddrPort{}
}
