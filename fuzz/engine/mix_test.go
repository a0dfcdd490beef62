package engine_test

import (
	"testing"

	"github.com/ioconform/ioconform/fuzz/engine"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet/simtest"
)

// A mixed program has twenty actions, with those that make its connections, at least two threads, two sockets and two far ends that all do something, and in three runs of ten an
// operation in flight is cancelled or its socket closed. In four of ten, calls race. None is accused of anything.
func TestTheMixIsWhatItSays(t *testing.T) {
	x := engine.NewExecutor(simulated.Model(small))
	var p engine.Program
	var m engine.Mix
	for i := range 2000 {
		engine.GenerateMix(&p, uint64(i))
		acting := map[uint8]bool{}
		for _, s := range p.Steps {
			acting[s.Thread] = true
		}
		if len(p.Steps)+2*p.Sessions != engine.MixActions || p.Threads < 2 || p.Sessions < 2 || len(acting) != p.Threads+p.Sessions {
			t.Fatalf("program %d is not of the mix:\n%v", i, &p)
		}
		r := x.Execute(&p, schedule(i))
		if r.Failed() != "" {
			t.Fatalf("program %d: %s\n%v", i, r.Failed(), &p)
		}
		m.Add(&r)
	}
	if m.InFlight < 3*m.Programs/10 {
		t.Errorf("in %d of %d programs something in flight was cancelled or closed, want 3 of 10", m.InFlight, m.Programs)
	}
	if m.Raced < 4*m.Programs/10 {
		t.Errorf("in %d of %d programs calls raced, want 4 of 10", m.Raced, m.Programs)
	}
	t.Logf("%d programs: %d with something in flight cancelled or closed, %d raced, %.1f calls and %.1f events each",
		m.Programs, m.InFlight, m.Raced, float64(m.Calls)/float64(m.Programs), float64(m.Events)/float64(m.Programs))
}

// Once the memory is there, programs are drawn, run and judged without any more of it.
func TestALoopThatIsWarmAllocatesNothing(t *testing.T) {
	if simtest.Raced {
		t.Skip("the race detector allocates")
	}
	x := engine.NewExecutor(simulated.Model(small))
	var p engine.Program
	loop := func() {
		for i := range 200 {
			engine.GenerateMix(&p, uint64(i))
			x.Execute(&p, schedule(i))
		}
	}
	least := testing.AllocsPerRun(1, loop)
	for range 9 { // what other goroutines allocate meanwhile is counted as well
		if least == 0 {
			return
		}
		least = min(least, testing.AllocsPerRun(1, loop))
	}
	t.Errorf("200 programs made %.0f allocations", least)
}
