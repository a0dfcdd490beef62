//go:build linux && !race

package linux

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// Recv and Send are the two calls that a server makes for every message.

func (k *Kernel) Recv(fd int, b []byte) (n, errno int) {
	r, _, e := unix.RawSyscall6(unix.SYS_RECVFROM, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b)), 0, 0, 0)
	if e != 0 {
		return 0, int(e)
	}
	return int(r), 0
}

// Send asks for no SIGPIPE: EPIPE says the same.
func (k *Kernel) Send(fd int, b []byte) (n, errno int) {
	r, _, e := unix.RawSyscall6(unix.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b)), unix.MSG_NOSIGNAL, 0, 0)
	if e != 0 {
		return 0, int(e)
	}
	return int(r), 0
}
