package engine

import (
	"testing"

	"github.com/ioconform/ioconform/conformance/scenario"
)

// Every node can be taken out by its number, and what is left is the rest.
func TestReplacedTakesOutOneNode(t *testing.T) {
	text := "port P\nrepeat 2 {\n  tcp s\n  par {\n    @t1 wait P\n    @t2 wait P\n  }\n  settle\n}\ntime 1ms\n"
	f, err := scenario.Parse("f", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for k := range size(f.Lines) {
		list, there := replaced(f.Lines, k, func(scenario.Node) []scenario.Node { return nil })
		got := count(list)
		if !there || k == 1 && got != 2 || k == 3 && got != 6 || k != 1 && k != 3 && got != 9 {
			t.Errorf("without node %d there are %d lines:\n%s", k, got, scenario.Print(&scenario.File{Lines: list}))
		}
	}
	if _, there := replaced(f.Lines, size(f.Lines), nil); there {
		t.Error("there is one node too many")
	}
	list, _ := replaced(f.Lines, 3, func(n scenario.Node) []scenario.Node { return n.(*scenario.Block).Lines })
	if got := count(list); got != 8 {
		t.Errorf("with the block dissolved there are %d lines", got)
	}
}
