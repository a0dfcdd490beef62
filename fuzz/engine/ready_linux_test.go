package engine_test

import (
	"sync"
	"testing"

	"github.com/ioconform/ioconform/fuzz/engine"
	"github.com/ioconform/ioconform/reference"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

// Nor does the epoll of this machine.
func TestReadinessRulesAreSoundOnThisKernel(t *testing.T) {
	t.Parallel() // it mostly waits
	programs, step := 300, simtest.Every(5)
	if *long {
		programs = 20_000
	}
	if testing.Short() {
		programs, step = 15, 1
	}
	target := reference.Poller()
	lanes := 30 // a program mostly waits
	var wg sync.WaitGroup
	for lane := range lanes {
		wg.Go(func() {
			x := engine.NewReadyExecutor(target)
			var p engine.ReadyProgram
			for seed := lane * step; seed < programs; seed += lanes * step {
				engine.GenerateReady(&p, uint64(seed), 24)
				if r := x.Execute(&p, spec.Schedule{}); r.Failed() != "" {
					t.Errorf("program %d: %s\n%v", seed, r.Failed(), &p)
				}
			}
		})
	}
	wg.Wait()
}
