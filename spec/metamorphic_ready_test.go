package spec

import (
	"slices"
	"testing"
)

// readinessSamples are those of back ends of readiness.
func readinessSamples() (all []sample) {
	all = append(all, goodReadiness...)
	for _, s := range slices.Concat(asPollers(edges), asPollers(pollers), asPollers(tries)) {
		all = append(all, s.sample)
	}
	return all
}

// What a correct back end of readiness does is told of by no rule when calls take longer, nor when the trace ends anywhere.
func TestLongerAndShorterTracesOfReadinessAccuseNobody(t *testing.T) {
	longerAndShorter(t, readinessSamples())
}

// Which of two calls was made first, or of two returns, is no precedence: exchanging neighbours of different threads does not change whether a rule about readiness is broken.
func TestSwapOfReadiness(t *testing.T) {
	c := NewChecker()
	done := 0
	for _, s := range append(readinessSamples(), doctoredReadiness...) {
		trace := build(t, s.about(), s.text)
		for i := 1; i < len(trace.Events); i++ {
			a, b := &trace.Events[i-1], &trace.Events[i]
			if a.Kind > ReturnEvent || a.Kind != b.Kind || a.Thread == b.Thread || first(a, b) {
				continue
			}
			*a, *b = *b, *a
			a.Q, b.Q = b.Q, a.Q
			ids, why := brokenBy(c.Check(trace))
			if done++; (len(ids) > 0) != (s.broken != "") {
				t.Errorf("%s, events %d and %d exchanged: broken are %v, were %q: %v\n%s", s.name, i, i+1, ids, s.broken, why, write(t, trace))
			}
			*a, *b = *b, *a
			a.Q, b.Q = b.Q, a.Q
		}
	}
	if t.Logf("%d exchanges", done); done < 30 {
		t.Errorf("only %d exchanges", done)
	}
}
