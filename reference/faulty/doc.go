// Package faulty puts a layer around a correct back end that gets one thing wrong: a wrapper that narrows a number, treats one kind of socket otherwise, or answers
// without having asked. Such faults sit in the bindings and layers above a back end, where the references' own planted bugs cannot be.
//
// The names stand in the catalogue with those of the target that is wrapped (conformance/mutant/layers.go). A layer with no bug planted is not put there at all.
package faulty

import (
	"fmt"
	"slices"
)

// plant splits names into those of this package and the others.
func plant(known, names []string) (mine uint64, others []string) {
	for _, name := range names {
		if i := slices.Index(known, name); i >= 0 {
			mine |= 1 << i
		} else {
			others = append(others, name)
		}
	}
	return mine, others
}

// bugs is a set of planted bugs, by their place in the list of names.
type bugs uint64

func (s bugs) has(b int) bool { return s>>b&1 != 0 }

// unknown is the answer to something that is not this package's.
func unknown(what any) string { return fmt.Sprintf("faulty: %T is not of this back end", what) }
