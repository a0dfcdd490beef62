//go:build linux && race

package linux

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// In race builds the calls go through package unix, which tells the race detector that the kernel has
// touched the buffer. After a raw system call it would see neither a receive that writes to a buffer
// in use nor a send that reads one that is being changed.

func (k *Kernel) Recv(fd int, b []byte) (n, errno int) {
	if len(b) == 0 {
		// read(2) of nothing is 0 whatever the state of the socket; only the recv family looks.
		var none [1]byte
		_, _, e := unix.RawSyscall6(unix.SYS_RECVFROM, uintptr(fd), uintptr(unsafe.Pointer(&none)), 0, 0, 0, 0)
		return 0, int(e)
	}
	n, err := unix.Read(fd, b)
	if err != nil {
		return 0, number(err)
	}
	return n, 0
}

func (k *Kernel) Send(fd int, b []byte) (n, errno int) {
	n, err := unix.Write(fd, b) // Go turns SIGPIPE into EPIPE for descriptors above 2 (os/signal)
	if err != nil {
		return 0, number(err)
	}
	return n, 0
}
