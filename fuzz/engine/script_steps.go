package engine

import (
	"reflect"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/scenario"
)

// Scripts are taken apart and put together as the steps that they consist of: lines and blocks.

// tidy is the script without what only a reader needs: comments, blank lines, expectations of where it came from.
func tidy(c *conformance.Case) *conformance.Case {
	f := &scenario.File{Name: c.File.Name}
	for _, n := range c.File.Lines {
		if h, is := n.(*scenario.Header); is && (h.Word == "needs" || h.Word == "world" || h.Word == "axes" || h.Word == "answers") {
			f.Lines = append(f.Lines, h)
		}
	}
	f.Lines = append(f.Lines, steps(c.File.Lines)...)
	if again, ok := rebuilt(c, f.Lines); ok {
		return again
	}
	return c
}

// steps are the lines and blocks of the nodes.
func steps(nodes []scenario.Node) (list []scenario.Node) {
	for _, n := range nodes {
		switch n := n.(type) {
		case *scenario.Line:
			list = append(list, n)
		case *scenario.Block:
			b := *n
			if b.Lines = steps(n.Lines); len(b.Lines) > 0 {
				list = append(list, &b)
			}
		}
	}
	return list
}

// rebuilt makes a case of the lines, without those that refer to what is gone.
func rebuilt(c *conformance.Case, nodes []scenario.Node) (*conformance.Case, bool) {
	f := &scenario.File{Name: c.File.Name, Lines: nodes}
	for range 200 {
		again, err := parsed(c.Name, string(scenario.Print(f)))
		if err == nil {
			return again, true
		}
		wrong, is := err.(*scenario.Error)
		if !is {
			return nil, false
		}
		line := 0
		var found bool
		if f.Lines, found = without(f.Lines, wrong.Line, &line); !found {
			return nil, false
		}
	}
	return nil, false
}

// without leaves out the step that stands in a line of the printed text, and blocks that have nothing left.
func without(nodes []scenario.Node, line int, at *int) (list []scenario.Node, found bool) {
	for _, n := range nodes {
		*at++
		b, is := n.(*scenario.Block)
		if !is {
			if *at == line {
				found = true
				continue
			}
			list = append(list, n)
			continue
		}
		if *at == line { // the block itself is what is wrong
			found = true
			*at += 1 + count(b.Lines)
			continue
		}
		kept := *b
		var inner bool
		kept.Lines, inner = without(b.Lines, line, at)
		*at++
		found = found || inner
		if len(kept.Lines) > 0 {
			list = append(list, &kept)
		}
	}
	return list, found
}

// count is how many lines of text the nodes take.
func count(nodes []scenario.Node) (n int) {
	for _, x := range nodes {
		n++
		if b, is := x.(*scenario.Block); is {
			n += 1 + count(b.Lines)
		}
	}
	return n
}

// onMain is the lines on the main thread.
func onMain(nodes []scenario.Node) (list []scenario.Node) {
	for _, n := range nodes {
		if l, is := n.(*scenario.Line); is {
			x := *l
			x.Thread, x.Background = "", false
			list = append(list, &x)
		}
	}
	return list
}

// changed is a copy of the nodes in which each line has been changed.
func changed(nodes []scenario.Node, change func(*scenario.Line)) (list []scenario.Node) {
	for _, n := range nodes {
		switch n := n.(type) {
		case *scenario.Line:
			x := *n
			x.Action = copyOf(n.Action)
			change(&x)
			list = append(list, &x)
		case *scenario.Block:
			b := *n
			b.Lines = changed(n.Lines, change)
			list = append(list, &b)
		}
	}
	return list
}

// copyOf is an action that can be changed without changing a, except for what is behind its slices and pointers.
func copyOf(a scenario.Action) scenario.Action {
	x := reflect.New(reflect.TypeOf(a).Elem())
	x.Elem().Set(reflect.ValueOf(a).Elem())
	return x.Interface().(scenario.Action)
}
