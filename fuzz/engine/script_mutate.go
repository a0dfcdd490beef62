package engine

import (
	"slices"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/spec"
)

// MutateScript changes a script in one to four places: lines go, come twice, change places or threads, run at once that did not, take other numbers, or
// are drawn anew among what is there. What comes out is a script for a target like this that expects nothing and keeps its obligations; it is c's again where every
// change came to nothing. The same seed makes the same of the same script.
func MutateScript(about *spec.About, seed uint64, c *conformance.Case) *conformance.Case {
	body := steps(c.File.Lines)
	s := &script{dice: dice(seed), about: about, dense: dense(body)}
	for range 1 + s.below(4) {
		if changed := s.mutate(body); len(steps(changed)) > 0 {
			body = changed
		}
	}
	return s.whole(c, body)
}

// whole makes a script of what was changed, or gives back c.
func (s *script) whole(c *conformance.Case, body []scenario.Node) *conformance.Case {
	free := []scenario.Node{&scenario.Header{Word: "answers", Words: []string{"any"}}, &scenario.Blank{}}
	again, ok := rebuilt(c, append(free, ownTokens(brief(sane(body)))...))
	if !ok {
		return c
	}
	if _, fits := again.Applies(s.about); !fits {
		return c
	}
	return again
}

const longest = 80 // lines: no mutation makes a script longer

func (s *script) mutate(body []scenario.Node) []scenario.Node {
	if len(body) == 0 {
		return body
	}
	i := s.below(len(body))
	switch s.below(10) {
	case 0: // a stretch goes
		return slices.Delete(slices.Clone(body), i, min(i+1+s.below(3), len(body)))
	case 1: // something comes once more
		if count(body) > longest {
			return body
		}
		return slices.Insert(slices.Clone(body), i, s.anew(body[i], body))
	case 2: // two change places
		list, k := slices.Clone(body), s.below(len(body))
		list[i], list[k] = list[k], list[i]
		return list
	case 3: // a stretch runs at once
		return s.atOnce(body, i)
	case 4: // or one after the other
		if b, is := body[i].(*scenario.Block); is {
			return slices.Concat(body[:i], b.Lines, body[i+1:])
		}
		return s.inBlock(body, i)
	case 5, 6: // other numbers, other threads
		k, n := s.below(max(count(body), 1)), -1
		return changed(body, func(l *scenario.Line) {
			if n++; n == k {
				s.vary(l)
			}
		})
	case 7:
		return s.inBlock(body, i)
	}
	return s.drawn(body, i)
}

// anew is a copy of a node whose names are new.
func (s *script) anew(n scenario.Node, body []scenario.Node) scenario.Node {
	r := resume(s.about, s.next(), nil, body)
	own := map[string]string{}
	eachLine([]scenario.Node{n}, func(l *scenario.Line) {
		for _, name := range introduced(l) {
			own[name] = r.name(name[0])
		}
	})
	if list, ok := renamed([]scenario.Node{n}, own, body); ok && len(list) == 1 {
		return list[0]
	}
	return n
}

// atOnce puts lines into a par, on threads of their own.
func (s *script) atOnce(body []scenario.Node, i int) []scenario.Node {
	b := &scenario.Block{Kind: scenario.Par}
	k := i
	for ; k < len(body) && len(b.Lines) < 2+s.below(3); k++ {
		l, is := body[k].(*scenario.Line)
		if !is || !runsInside(l.Action) {
			break
		}
		x := *l
		if _, far := x.Action.(*scenario.PeerLine); !far && s.can(spec.CanWorkers) {
			x.Thread, x.Background = s.word("t1", "t2", "t3", ""), false
		}
		b.Lines = append(b.Lines, &x)
	}
	if len(b.Lines) < 2 {
		return body
	}
	return slices.Concat(body[:i], []scenario.Node{b}, body[k:])
}

// runsInside reports whether the line may stand in a block, on any thread.
func runsInside(a scenario.Action) bool {
	switch a.(type) {
	case *scenario.SessionLine, *scenario.PoolLine, *scenario.DrainLine, *scenario.ExitLine, *scenario.JoinLine, *scenario.APCLine, *scenario.WokenLine, *scenario.PortLine,
		*scenario.ListenLine, *scenario.PollerLine:
		return false
	}
	return true
}

// inBlock changes something within a block.
func (s *script) inBlock(body []scenario.Node, i int) []scenario.Node {
	b, is := body[i].(*scenario.Block)
	if !is || len(b.Lines) == 0 {
		return body
	}
	x := *b
	k := s.below(len(b.Lines))
	switch s.below(3) {
	case 0:
		x.Lines = slices.Delete(slices.Clone(b.Lines), k, k+1)
	case 1:
		x.Lines = slices.Insert(slices.Clone(b.Lines), k, s.anew(b.Lines[k], body))
	default:
		m := s.below(len(b.Lines))
		x.Lines = slices.Clone(b.Lines)
		x.Lines[k], x.Lines[m] = x.Lines[m], x.Lines[k]
	}
	if len(x.Lines) == 0 {
		return slices.Delete(slices.Clone(body), i, i+1)
	}
	list := slices.Clone(body)
	list[i] = &x
	return list
}

// vary gives a line other numbers, another time or another thread.
func (s *script) vary(l *scenario.Line) {
	of := func(opts *scenario.Opts) {
		*opts = slices.Clone(*opts)
		for i := range *opts {
			if o := &(*opts)[i]; o.Value.Takes == scenario.TakesNumber && o.Key != "ip" && s.one(2) {
				o.Value.Num = number([...]uint64{0, 1, 2, 4, 8, 16, 64, 300}[s.below(8)])
				if o.Key == "backlog" {
					o.Value.Num = number(uint64(1 + s.below(16)))
				}
			}
		}
	}
	switch a := l.Action.(type) { // not pools, which would echo for too long
	case *scenario.PortLine:
		of(&a.Opts)
	case *scenario.ListenLine:
		of(&a.Opts)
	case *scenario.SessionLine:
		of(&a.Opts)
	case *scenario.StartLine:
		of(&a.Opts)
	case *scenario.PostLine:
		of(&a.Opts)
	case *scenario.AssociateLine:
		of(&a.Opts)
	case *scenario.TryLine:
		of(&a.Opts)
	case *scenario.PeerLine:
		if a.Bytes != nil && a.Verb != "ping-pongs" {
			n := number([...]uint64{1, 2, 4, 8, 64, 300}[s.below(6)])
			a.Bytes = &scenario.Range{Lo: n, Hi: n}
		}
		return
	case *scenario.ShutdownLine:
		a.Side = s.word("send", "receive", "both")
	case *scenario.WaitLine:
		a.Forever, a.Timed = l.Background && s.one(2), false
		if !a.Forever && s.one(2) {
			a.Timed = true
			a.Timeout = [...]scenarioTime{0, 1e6, 5e6}[s.below(3)]
		}
		a.Max = scenario.Num{N: uint64(s.below(4))}
	}
	switch {
	case s.dense:
		s.varyThread(l)
	case l.Thread != "" && !l.Background && runsInside(l.Action) && s.one(3):
		l.Thread = s.word("t1", "t2", "t3")
	}
}

// drawn puts in lines that are drawn among what there is at that place.
func (s *script) drawn(body []scenario.Node, i int) []scenario.Node {
	if count(body) > longest {
		return body
	}
	r := resume(s.about, s.next(), body[:i], body)
	r.room = 1 + s.below(4)
	r.dense = s.dense && !s.one(4)
	if isPoller(s.about) {
		if len(r.pollers) == 0 {
			return body
		}
		if r.dense {
			r.at = r.denseThread()
			r.draw(r.deck([][]kind{denseReadyCalls, denseReadyCalls, denseReadyCalls, readyFarCalls}[s.below(4)]))
		} else {
			r.draw(r.deck([][]kind{readyCalls, readyCalls, readyMoments, readyFarCalls}[s.below(4)]))
		}
	} else {
		if len(r.ports) == 0 {
			return body
		}
		if r.dense {
			r.at = r.denseThread()
			r.draw(r.deck([][]kind{denseCalls, denseCalls, denseCalls, farCalls}[s.below(4)]))
		} else {
			r.draw(r.deck([][]kind{calls, calls, moments, farCalls, openings}[s.below(5)]))
		}
	}
	list, ok := parsedNodes(body[:i], r.text.String())
	if !ok {
		return body
	}
	if r.dense {
		list = r.beside(list)
	}
	return slices.Concat(body[:i], list, body[i:])
}
