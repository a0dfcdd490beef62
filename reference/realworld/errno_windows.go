package realworld

import (
	"syscall"

	"github.com/ioconform/ioconform/spec"
)

// codeOf is what Winsock's errors mean, and those of Win32 that overlapped calls end in.
var codeOf = func() map[syscall.Errno]spec.Code {
	m := map[syscall.Errno]spec.Code{}
	for _, w := range spec.WindowsWords {
		if w.Space != spec.NTStatus {
			m[syscall.Errno(w.Number)] = w.Code
		}
	}
	return m
}()

// Winsock's numbers start at WSABASEERR, 10000; Win32's network errors lie below.
func spaceOf(number syscall.Errno) spec.Space {
	if number >= 10000 {
		return spec.WSA
	}
	return spec.Win32
}
