package realworld

import (
	"runtime"

	"golang.org/x/sys/windows"

	"github.com/ioconform/ioconform/spec"
)

var _ spec.ThreadWorld = (*World)(nil)

// first is the thread that the process began with: packages are initialized on it. Go's runtime never ends it, even if a goroutine that is locked to it
// ends.
var first = windows.GetCurrentThreadId()

// GoThread starts a thread of the operating system. A goroutine that ends locked to its thread takes that with it (package runtime, LockOSThread); what
// the system does about the thread's operations it has done when the thread's handle is signaled. Without such a handle ended does not wait.
func (w *World) GoThread(name string, f func()) (ended func()) {
	t := w.enlist(name)
	self := make(chan windows.Handle)
	go locked(func() {
		process := windows.CurrentProcess()
		var handle windows.Handle
		windows.DuplicateHandle(process, windows.CurrentThread(), process, &handle, windows.SYNCHRONIZE, false, 0)
		self <- handle
		w.play(t, f)
	})
	handle := <-self
	return func() {
		if handle == 0 {
			return
		}
		defer windows.CloseHandle(handle)
		for !w.stopped() {
			if event, err := windows.WaitForSingleObject(handle, sliceOfEnd); err != nil || event == windows.WAIT_OBJECT_0 {
				return
			}
		}
	}
}

// sliceOfEnd is for how many milliseconds the end of a thread is waited for before asking whether the world still goes on.
const sliceOfEnd = 100

// locked runs f on a thread that ends with it. If it finds itself on the first thread it stays there until another goroutine runs f, which cannot get that one
// then.
func locked(f func()) {
	runtime.LockOSThread()
	if windows.GetCurrentThreadId() != first {
		f()
		return
	}
	elsewhere := make(chan struct{})
	go locked(func() {
		close(elsewhere)
		f()
	})
	<-elsewhere
	runtime.UnlockOSThread()
}
