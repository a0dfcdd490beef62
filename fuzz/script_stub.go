package fuzz

import (
	"fmt"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/spec"
)

func GenerateScript(about *spec.About, seed uint64, lines int) *conformance.Case {
	c, err := conformance.ParseCase(fmt.Sprintf("fuzz-%d", seed), []byte("# x\n\nsession s\nrecv r on s len=4\npeer c sends 4\nwait P\n"))
	if err != nil {
		panic(err)
	}
	return c
}
func MutateScript(about *spec.About, seed uint64, c *conformance.Case) *conformance.Case { return c }
func SpliceScripts(about *spec.About, seed uint64, a, b *conformance.Case) *conformance.Case {
	return a
}
