package realworld

import (
	"testing"

	"golang.org/x/sys/windows"
)

// A thread that was started as one of the operating system runs its function from end to end on that thread, which has ended when ended returns, and is never
// the one that the process began with.
func TestAThreadOfTheOperatingSystemEnds(t *testing.T) {
	w, err := New()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	err = w.Run(func() {
		for range 20 {
			var ids [2]uint32
			handle := make(chan windows.Handle, 1)
			ended := w.GoThread("t1", func() {
				ids[0] = windows.GetCurrentThreadId()
				h, err := windows.OpenThread(windows.SYNCHRONIZE, false, ids[0])
				if err != nil {
					t.Error(err)
				}
				handle <- h
				w.Settle() // others run meanwhile
				ids[1] = windows.GetCurrentThreadId()
			})
			h := <-handle
			if got, err := windows.WaitForSingleObject(h, 0); err != nil || got != uint32(windows.WAIT_TIMEOUT) {
				t.Errorf("the thread has ended before its function: %d, %v", got, err)
			}
			ended()
			if got, err := windows.WaitForSingleObject(h, 0); err != nil || got != windows.WAIT_OBJECT_0 {
				t.Errorf("the thread goes on after its function: %d, %v", got, err)
			}
			windows.CloseHandle(h)
			if ids[0] != ids[1] || ids[0] == first {
				t.Errorf("the function ran on threads %v; the first thread is %d", ids, first)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}
