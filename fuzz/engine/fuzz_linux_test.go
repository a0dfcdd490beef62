package engine_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ioconform/ioconform/fuzz/engine"
	"github.com/ioconform/ioconform/reference"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

// Nor does a random program accuse a completion reference on the kernel of this machine, where threads are threads and time is time.
func TestSoundnessOnTheKernel(t *testing.T) {
	t.Parallel() // it mostly waits
	for _, name := range []string{"epoll", "uring"} {
		t.Run(name, func(t *testing.T) {
			target, err := reference.Lookup(name)
			if err != nil && name == "uring" {
				t.Skip(err) // which says what would help
			}
			if err != nil {
				t.Fatal(err)
			}
			soundOnTheKernel(t, target)
		})
	}
}

func soundOnTheKernel(t *testing.T, target *spec.Target) {
	programs, step := int64(300), int64(simtest.Every(5))
	if *long {
		programs = 20_000
	}
	switch {
	case testing.Short():
		programs, step = 15, 1
	case simtest.Raced:
		programs, step = 60, 1
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			x := engine.NewExecutor(target)
			var p engine.Program
			for i := next.Add(step); i <= programs && !t.Failed(); i = next.Add(step) {
				engine.Generate(&p, uint64(i), 8+int(i)%24)
				r := x.Execute(&p, schedule(int(i)))
				if r.Failed() != "" {
					t.Errorf("program %d: %s\n%v", i, r.Failed(), &p)
				}
			}
		})
	}
	wg.Wait()
}
