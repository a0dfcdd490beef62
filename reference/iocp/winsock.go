//go:build windows

package iocp

import (
	"net/netip"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/ioconform/ioconform/spec"
)

// What golang.org/x/sys/windows has not, or has in another form.

var (
	kernel32              = windows.NewLazySystemDLL("kernel32.dll")
	procGetQueuedStatusEx = kernel32.NewProc("GetQueuedCompletionStatusEx")
	procPostQueuedStatus  = kernel32.NewProc("PostQueuedCompletionStatus")
	procQueueUserAPC      = kernel32.NewProc("QueueUserAPC")
	startWinsock          = sync.OnceValue(func() error { var d windows.WSAData; return windows.WSAStartup(0x202, &d) })
	disconnectEx          = sync.OnceValues(func() (uintptr, error) {
		return extension(windows.GUID{Data1: 0x7fda2e11, Data2: 0x8630, Data3: 0x436f, Data4: [8]byte{0xa0, 0x31, 0xf5, 0x36, 0xa6, 0xee, 0xc1, 0x57}})
	})
	never windows.Overlapped // of no operation, for CancelIoEx to look for in vain
)

// entry is OVERLAPPED_ENTRY. The pointer is a number here: in a posted packet it is any number, which must not be shown to the garbage collector as a pointer.
type entry struct {
	key        uintptr
	overlapped uintptr
	internal   uintptr
	bytes      uint32
}

func getQueuedCompletionStatusEx(port windows.Handle, entries []entry, timeout uint32, alertable bool) (int, error) {
	var n, alert uint32
	if alertable {
		alert = 1
	}
	r, _, e := syscall.SyscallN(procGetQueuedStatusEx.Addr(), uintptr(port), uintptr(unsafe.Pointer(&entries[0])), uintptr(len(entries)),
		uintptr(unsafe.Pointer(&n)), uintptr(timeout), uintptr(alert))
	if r == 0 {
		return 0, e // n means nothing then (Wine kernel32 tests, file.c, test_post_completion)
	}
	return int(n), nil
}

func postQueuedCompletionStatus(port windows.Handle, n uint32, key, overlapped uintptr) error {
	if r, _, e := syscall.SyscallN(procPostQueuedStatus.Addr(), uintptr(port), uintptr(n), key, overlapped); r == 0 {
		return e
	}
	return nil
}

// extension looks up one of the functions that a provider has beside those of ws2_32.dll.
func extension(id windows.GUID) (address uintptr, err error) {
	s, err := openSocket(spec.TCP4)
	if err != nil {
		return 0, err
	}
	defer windows.Closesocket(s)
	var n uint32
	err = windows.WSAIoctl(s, windows.SIO_GET_EXTENSION_FUNCTION_POINTER, (*byte)(unsafe.Pointer(&id)), uint32(unsafe.Sizeof(id)),
		(*byte)(unsafe.Pointer(&address)), uint32(unsafe.Sizeof(address)), &n, nil, 0)
	return address, err
}

// openSocket opens an overlapped socket that child processes do not inherit.
func openSocket(n spec.Network) (windows.Handle, error) {
	family, kind, protocol := int32(windows.AF_INET), int32(windows.SOCK_STREAM), int32(windows.IPPROTO_TCP)
	if n.Over6() {
		family = windows.AF_INET6
	}
	if n.Datagrams() {
		kind, protocol = windows.SOCK_DGRAM, windows.IPPROTO_UDP
	}
	return windows.WSASocket(family, kind, protocol, nil, 0, windows.WSA_FLAG_OVERLAPPED|windows.WSA_FLAG_NO_HANDLE_INHERIT)
}

// sockaddr is a in the form that x/sys takes.
func sockaddr(a netip.AddrPort) windows.Sockaddr {
	if a.Addr().Is6() {
		return &windows.SockaddrInet6{Addr: a.Addr().As16(), Port: int(a.Port())}
	}
	return &windows.SockaddrInet4{Addr: a.Addr().As4(), Port: int(a.Port())}
}

// addrPort is the way back; what is no address of the internet is the zero AddrPort.
func addrPort(sa windows.Sockaddr, err error) netip.AddrPort {
	switch a := sa.(type) {
	case *windows.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(a.Addr), uint16(a.Port))
	case *windows.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(a.Addr), uint16(a.Port))
	}
	return netip.AddrPort{}
}
