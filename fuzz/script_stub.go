package fuzz

import (
	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/spec"
)

func MutateScript(about *spec.About, seed uint64, c *conformance.Case) *conformance.Case { return c }
func SpliceScripts(about *spec.About, seed uint64, a, b *conformance.Case) *conformance.Case {
	return a
}
