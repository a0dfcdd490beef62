package realworld

import (
	"syscall"

	"golang.org/x/sys/windows"

	"github.com/ioconform/ioconform/spec"
)

// codeOf is what Winsock's errors mean, and those of Win32 that overlapped calls end in (Learn, "Windows Sockets Error Codes";
// Win32 numbers as GetQueuedCompletionStatus reports them).
var codeOf = map[syscall.Errno]spec.Code{
	windows.WSAECONNREFUSED:    spec.Refused,
	windows.WSAECONNRESET:      spec.Reset,
	windows.WSAECONNABORTED:    spec.Reset,
	windows.WSAENETRESET:       spec.Reset,
	windows.WSAEDISCON:         spec.Reset,
	windows.WSAESHUTDOWN:       spec.Shut,
	windows.WSAETIMEDOUT:       spec.TimedOut,
	windows.WSAENOTSOCK:        spec.Closed,
	windows.WSAEWOULDBLOCK:     spec.WouldBlock,
	windows.WSAEMSGSIZE:        spec.Truncated,
	windows.WSAENOTCONN:        spec.NotConnected,
	windows.WSAEISCONN:         spec.Connected,
	windows.WSAEALREADY:        spec.Busy,
	windows.WSAEADDRINUSE:      spec.InUse,
	windows.WSAEACCES:          spec.InUse, // bind to a port that somebody holds exclusively
	windows.WSAEHOSTUNREACH:    spec.Unreachable,
	windows.WSAENETUNREACH:     spec.Unreachable,
	windows.WSAEHOSTDOWN:       spec.Unreachable,
	windows.WSAENETDOWN:        spec.Unreachable,
	windows.WSAEMFILE:          spec.NoResources,
	windows.WSAENOBUFS:         spec.NoResources,
	windows.WSAEADDRNOTAVAIL:   spec.NoResources,
	windows.WSAEAFNOSUPPORT:    spec.Unsupported,
	windows.WSAEPROTONOSUPPORT: spec.Unsupported,
	windows.WSAEOPNOTSUPP:      spec.Unsupported,

	windows.ERROR_CONNECTION_REFUSED:  spec.Refused,
	windows.ERROR_NETNAME_DELETED:     spec.Reset,
	windows.ERROR_CONNECTION_ABORTED:  spec.Reset,
	windows.ERROR_OPERATION_ABORTED:   spec.Aborted,
	windows.ERROR_SEM_TIMEOUT:         spec.TimedOut,
	windows.ERROR_MORE_DATA:           spec.Truncated,
	windows.ERROR_HOST_UNREACHABLE:    spec.Unreachable,
	windows.ERROR_NETWORK_UNREACHABLE: spec.Unreachable,
	windows.ERROR_PORT_UNREACHABLE:    spec.Refused,
}

// Winsock's numbers start at WSABASEERR, 10000; Win32's network errors lie below.
func spaceOf(number syscall.Errno) spec.Space {
	if number >= 10000 {
		return spec.WSA
	}
	return spec.Win32
}
