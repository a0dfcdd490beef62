package faulty

import (
	"slices"
	"testing"

	"github.com/ioconform/ioconform/spec"
)

type completes struct{ spec.Backend }

type polls struct{ spec.ReadyBackend }

// Where no bug of a layer is asked for there is no layer, and names of others are handed on.
func TestWithoutABugThereIsNoLayer(t *testing.T) {
	b := &completes{}
	if layer, others := Backend(b, []string{"lost-wake"}); layer != b || !slices.Equal(others, []string{"lost-wake"}) {
		t.Errorf("%T, %q", layer, others)
	}
	if layer, others := Backend(b, []string{"late-byte", "lost-wake"}); layer == b || !slices.Equal(others, []string{"lost-wake"}) {
		t.Errorf("%T, %q", layer, others)
	}
	r := &polls{}
	if layer, others := Ready(r, nil); layer != r || len(others) > 0 {
		t.Errorf("%T, %q", layer, others)
	}
}

// Each name is that of one bug, and each bug has a name.
func TestEachBugHasAName(t *testing.T) {
	if len(Completion) != oneByteTwo+1 || len(Readiness) != outEdgeBesideIn+1 || len(Kernels) != datagramIsAnEdge+1 {
		t.Errorf("%d, %d and %d names, %d, %d and %d bugs", len(Completion), len(Readiness), len(Kernels), oneByteTwo+1, outEdgeBesideIn+1, datagramIsAnEdge+1)
	}
	for _, list := range [][]string{Completion, Readiness, Kernels} {
		for i, name := range list {
			if set, others := plant(list, []string{name}); !bugs(set).has(i) || len(others) > 0 || set != 1<<i {
				t.Errorf("%s is %b", name, set)
			}
		}
	}
}
