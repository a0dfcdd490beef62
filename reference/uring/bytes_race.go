//go:build linux && race

package uring

import (
	"runtime"
	"unsafe"
)

// The race detector does not see what the kernel does. It is told, by the ring's thread: that a buffer to send is read when it is submitted and when
// that has ended, and that one to fill has been written when that has ended. A program that touches one meanwhile is found out.

func kernelReads(b []byte) {
	if len(b) > 0 {
		runtime.RaceReadRange(unsafe.Pointer(unsafe.SliceData(b)), len(b))
	}
}

func kernelWrote(b []byte) {
	if len(b) > 0 {
		runtime.RaceWriteRange(unsafe.Pointer(unsafe.SliceData(b)), len(b))
	}
}
