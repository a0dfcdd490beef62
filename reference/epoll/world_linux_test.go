package epoll_test

import (
	"sync"
	"testing"
	"time"

	"github.com/ioconform/ioconform/reference/epoll/linux"
)

// onLinux runs program on the real kernel.
func onLinux(t *testing.T, program func(w *world)) {
	t.Helper()
	var threads sync.WaitGroup
	k := linux.New()
	w := &world{
		TB: t, real: true, k: k, far: k, sleep: time.Sleep,
		spawn:   func(_ string, f func()) { threads.Go(f) },
		join:    threads.Wait,
		settle:  func() { time.Sleep(20 * time.Millisecond) },
		patient: 10 * time.Second, quiet: 20 * time.Millisecond,
	}
	defer threads.Wait()
	w.start(program)
}
