package engine_test

import (
	"math/rand/v2"
	"testing"

	"github.com/ioconform/ioconform/fuzz/engine"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

// No random program makes the simulated epoll break a rule about readiness.
func TestReadinessRulesAreSound(t *testing.T) {
	programs, step := 20_000, simtest.Every(7)
	if *long {
		programs = 400_000
	}
	if testing.Short() || simtest.Raced {
		programs, step = 2_000, 1
	}
	x := engine.NewReadyExecutor(simulated.Poller(small))
	counts := make([]spec.Count, len(spec.Rules()))
	var p engine.ReadyProgram
	bad := 0
	for i := 0; i < programs; i += step {
		engine.GenerateReady(&p, uint64(i), 12+i%40)
		r := x.Execute(&p, schedule(i))
		for k, n := range r.Judgement.Counts {
			counts[k].Add(n)
		}
		if f := r.Failed(); f != "" {
			t.Errorf("program %d: %s\n%v", i, f, &p)
			if bad++; bad > 3 {
				return
			}
		}
	}
	for k, rule := range spec.Rules() {
		if n := counts[k]; n.Checks > 0 {
			t.Logf("%s: %d checks, not seen: %q", rule.ID, n.Checks, n.Missing(rule, nil))
		}
	}
}

// A good trace is not accused when it is cut, nor when what is certain becomes less: a return may be recorded later and a call earlier, and two calls,
// or two returns, of different threads may change places.
func TestATraceOfReadinessCutOrWidenedAccusesNobody(t *testing.T) {
	programs := 400
	if testing.Short() || simtest.Raced {
		programs = 60
	}
	x := engine.NewReadyExecutor(simulated.Poller(small))
	checker := spec.NewChecker()
	rng := rand.New(rand.NewPCG(1, 2))
	var p engine.ReadyProgram
	for i := range programs {
		engine.GenerateReady(&p, uint64(i), 24)
		r := x.Execute(&p, schedule(i))
		if r.Err != nil {
			t.Fatal(r.Err)
		}
		trace := r.Trace.Clone()
		for range 8 {
			cut := *trace
			cut.Events = trace.Events[:rng.IntN(len(trace.Events))]
			accused(t, checker, &cut, "cut", i)
		}
		wide := trace.Clone()
		for range 20 * len(wide.Events) {
			k := rng.IntN(len(wide.Events) - 1)
			a, b := &wide.Events[k], &wide.Events[k+1]
			if a.Thread == b.Thread || a.Kind > spec.ReturnEvent || b.Kind > spec.ReturnEvent || a.Kind == spec.CallEvent && b.Kind == spec.ReturnEvent || introduces(a) || introduces(b) {
				continue
			}
			*a, *b = *b, *a
			a.Q, b.Q = b.Q, a.Q
		}
		if err := wide.Validate(); err != nil {
			t.Fatalf("program %d, widened: %v", i, err)
		}
		accused(t, checker, wide, "widened", i)
	}
}

// introduces reports whether the event is of a call that makes something known of which others speak.
func introduces(e *spec.Event) bool {
	switch e.Verb {
	case spec.OpenRaw, spec.OpenPoller, spec.TryAccept, spec.DupRaw, spec.Bind, spec.Listen, spec.PeerConnect, spec.PeerListen, spec.CloseSocket:
		return true
	}
	return false
}

func accused(t *testing.T, c *spec.Checker, trace *spec.Trace, how string, program int) {
	t.Helper()
	for _, v := range c.Check(trace).Violations {
		t.Errorf("program %d, %s: %s at %d: %s", program, how, v.Rule.ID, v.Q, v.Said)
	}
}
