//go:build windows

package iocp

import (
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/windows"

	"github.com/ioconform/ioconform/spec"
)

var (
	_ spec.Alerter       = (*Backend)(nil)
	_ spec.AlertablePort = (*port)(nil)
)

// queued are the asynchronous procedure calls that have not run, by the number that Windows hands to runAPC.
var queued = struct {
	sync.Mutex
	calls map[uintptr]func()
	last  uintptr
}{calls: map[uintptr]func(){}}

// runAPC is what Windows calls, on the thread that the call was queued to and inside of an alertable wait of it. A program has a limited number of callbacks, so
// that there is one for all.
var runAPC = sync.OnceValue(func() uintptr {
	return windows.NewCallback(func(number uintptr) uintptr {
		queued.Lock()
		f := queued.calls[number]
		delete(queued.calls, number)
		queued.Unlock()
		if f != nil {
			f()
		}
		return 0
	})
})

// QueueAPC implements spec.Alerter. The goroutine has to be locked to its thread, which else another one may run on when the call does.
func (b *Backend) QueueAPC(f func()) spec.Status {
	queued.Lock()
	queued.last++
	number := queued.last
	queued.calls[number] = f
	queued.Unlock()
	if r, _, err := syscall.SyscallN(procQueueUserAPC.Addr(), runAPC(), uintptr(windows.CurrentThread()), number); r == 0 {
		queued.Lock()
		delete(queued.calls, number)
		queued.Unlock()
		return statusOf(err)
	}
	return ok
}

// WaitAlertable implements spec.AlertablePort.
func (p *port) WaitAlertable(dst []spec.Packet, timeout time.Duration) (int, spec.Status) {
	return p.wait(dst, timeout, true)
}
