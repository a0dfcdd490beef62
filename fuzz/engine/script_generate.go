package engine

import (
	"fmt"
	"slices"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/spec"
)

// GenerateScript draws a script of about so many lines that a target like this can run. The same seed gives the same script everywhere; its name is fuzz/seed.
func GenerateScript(about *spec.About, seed uint64, lines int) *conformance.Case {
	s := &script{dice: dice(seed), about: about, room: max(lines, 4), names: map[byte]int{}}
	dense := s.isDense(seed)
	s.corner = !dense && s.isCorner(seed)
	switch {
	case dense:
		s.densely()
	case isPoller(about):
		s.readiness()
	default:
		s.completion()
	}
	return s.finish(seed)
}

// finish puts the headers in front of what was drawn.
func (s *script) finish(seed uint64) *conformance.Case {
	text := "answers any\n\n" + s.text.String()
	c, err := parsed(fmt.Sprintf("fuzz/%d", seed), text)
	if err != nil {
		panic(fmt.Sprintf("fuzz: a script was drawn that cannot be parsed: %v\n%s", err, text))
	}
	if s.dense {
		return s.whole(c, s.beside(steps(c.File.Lines)))
	}
	if body, less := apart(c.File.Lines, owners(c.File.Lines)); less {
		if again, ok := rebuilt(c, body); ok {
			return again
		}
	}
	return c
}

// apart leaves out of pars what closes a socket beside a call of another strand on it, and reports whether there was any: a moment draws its strands without looking at what the others do.
func apart(nodes []scenario.Node, owner map[string]string) (list []scenario.Node, less bool) {
	for _, n := range nodes {
		b, is := n.(*scenario.Block)
		if !is {
			list = append(list, n)
			continue
		}
		x := *b
		inside := false
		if b.Kind == scenario.Par {
			x.Lines = slices.DeleteFunc(slices.Clone(b.Lines), func(n scenario.Node) bool {
				l, is := n.(*scenario.Line)
				return is && closesWhatIsUsed(l, b.Lines, owner)
			})
			inside = len(x.Lines) < len(b.Lines)
		} else {
			x.Lines, inside = apart(b.Lines, owner)
		}
		less = less || inside
		if len(x.Lines) > 0 {
			list = append(list, &x)
		}
	}
	return list, less
}

// parsed makes a case of a text, and says in its header what it needs.
func parsed(name, text string) (*conformance.Case, error) {
	c, err := conformance.ParseCase(name+".scn", []byte(text))
	if err != nil {
		return nil, err
	}
	c.Name = name
	c.File.SetHeader("needs", needs(c.File)...)
	return c, nil
}

// completion draws a script for a completion back end: what there is to begin with, then, until there is no room any more, things done one after the other, things done
// at once, and moments at which something particular may go wrong.
func (s *script) completion() {
	calls, opens, ends, moments := s.deck(calls), s.deck(openings), s.deck(farCalls), s.deck(moments)
	s.begin()
	if s.corner {
		moments = s.deck(corners)
		s.draw(moments)
	}
	for tries := 0; s.room > 0 && tries < 200; tries++ {
		switch n := s.below(20); {
		case n < 2:
			s.draw(opens)
		case n < 6:
			s.draw(calls)
		case n < 8:
			s.draw(ends)
		case n < 11:
			s.draw(moments)
		case n < 13:
			s.repeat(func() { s.draw(moments) })
		case n < 15:
			s.lookOut()
		case n < 16:
			s.line("settle")
		default:
			s.melee(calls, ends)
		}
	}
}

// begin opens a port, and mostly something that is connected.
func (s *script) begin() {
	limit := ""
	if s.can(spec.CanLimit) && s.one(3) {
		limit = fmt.Sprintf(" concurrency=%d", 1+s.below(2))
	}
	s.line("port P%s", limit)
	s.ports = append(s.ports, &thing{name: "P", limit: limit != ""})
	if s.canPair() && !s.one(8) {
		for range 1 + s.below(2) {
			s.session()
		}
	}
	if s.can(spec.CanDatagram) && s.one(4) {
		s.datagrams()
	}
}

// melee lets two to four strands of threads and far ends loose on what there is.
func (s *script) melee(calls, ends deck) {
	strand := func() {
		for range 1 + s.below(4) {
			if s.one(4) {
				s.draw(ends)
			} else {
				s.draw(calls)
			}
		}
	}
	list := []func(){strand, strand, strand, strand}
	s.par(list[:min(2+s.below(3), s.workers())]...)
}

// workers is how many threads may be at it at once.
func (s *script) workers() int {
	if s.can(spec.CanWorkers) && s.about.Axes.Get("consumers") != "1" && s.about.Axes.Get("issuers") != "1" {
		return 4
	}
	return 1
}

// lookOut posts a thread that waits in the background.
func (s *script) lookOut() {
	p := s.any(s.ports, open)
	if p == nil || s.workers() == 1 {
		return
	}
	for range 1 + s.below(2) {
		s.at = s.name('w')
		s.line("wait %s%s &", p.name, s.word("", " forever", " forever", " 1ms", " 5ms", " forever max=2"))
		s.at = ""
	}
}
