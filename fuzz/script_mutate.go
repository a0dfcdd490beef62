package fuzz

import (
	"slices"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/spec"
)

// MutateScript draws a script that differs from c in a few places: lines left out, moved, on another thread, at once with others, with other numbers, or a few drawn
// ones put in. The same seed and the same c give the same script.
func MutateScript(about *spec.About, seed uint64, c *conformance.Case) *conformance.Case {
	d := dice(seed)
	if d.one(3) {
		return SpliceScripts(about, d.next(), c, GenerateScript(about, d.next(), 4+d.below(8)))
	}
	body := steps(c.File.Lines)
	for range 1 + d.below(3) {
		body = mutated(&d, body)
	}
	out, ok := assembled(about, body, seed)
	if !ok {
		return renamed(c, seed)
	}
	return out
}

// mutated is the steps with one change.
func mutated(d *dice, body []scenario.Node) []scenario.Node {
	n := len(body)
	if n < 2 {
		return body
	}
	at := 1 + d.below(n-1) // the first opens the port
	switch d.below(8) {
	case 0:
		return slices.Delete(slices.Clone(body), at, at+1)
	case 1: // two change places
		body = slices.Clone(body)
		to := 1 + d.below(n-1)
		body[at], body[to] = body[to], body[at]
		return body
	case 2: // some lines in a row become a block
		end := min(at+2+d.below(4), n)
		var lines []scenario.Node
		for _, x := range body[at:end] {
			lines = append(lines, atOnce(d, x)...)
		}
		if len(lines) < 2 {
			return body
		}
		return slices.Concat(body[:at], []scenario.Node{&scenario.Block{Kind: scenario.Par, Lines: lines}}, body[end:])
	case 3: // the lines of a block one after the other
		if b, is := body[at].(*scenario.Block); is {
			return slices.Concat(body[:at], onMain(b.Lines), body[at+1:])
		}
		return body
	case 4: // a line on another thread
		i, to := d.below(lines(body)), "t"+string(rune('1'+d.below(4)))
		return changed(body, func(l *scenario.Line) {
			if l.Thread == "" || l.Background || l.Thread == to {
				return
			}
			if i--; i == 0 {
				l.Thread = to
			}
		})
	}
	i, k, way := d.below(lines(body)), -1, d.below(3)
	return changed(body, func(l *scenario.Line) {
		if k++; k == i {
			plainer(l, way)
		}
	})
}

// atOnce is a step as one or several of a block's.
func atOnce(d *dice, x scenario.Node) []scenario.Node {
	switch x := x.(type) {
	case *scenario.Block:
		if x.Kind == scenario.Par {
			return x.Lines
		}
	case *scenario.Line:
		switch x.Action.(type) {
		case *scenario.PortLine, *scenario.SessionLine, *scenario.SettleLine, *scenario.PoolLine, *scenario.DrainLine, *scenario.JoinLine, *scenario.PollerLine,
			*scenario.ListenLine, *scenario.SocketLine:
			return nil
		}
		l := *x
		if _, far := l.Action.(*scenario.PeerLine); !far && l.Thread == "" {
			l.Thread = "t" + string(rune('1'+d.below(4)))
		}
		if l.Background {
			return nil
		}
		return []scenario.Node{&l}
	}
	return nil
}

// lines is how many lines the nodes have, those in blocks included.
func lines(nodes []scenario.Node) (n int) {
	eachLine(nodes, func(*scenario.Line) { n++ })
	return max(n, 1)
}
