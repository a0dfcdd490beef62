package engine

import (
	"slices"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/spec"
)

// SpliceScripts makes one script of two: the beginning of a, then the end of b, or a stretch of b in the middle of a. Things of b become things of a's of the same kind,
// or get new names. What comes out is a script as MutateScript makes them; it is a again where the two do not go together.
func SpliceScripts(about *spec.About, seed uint64, a, b *conformance.Case) *conformance.Case {
	s := &script{dice: dice(seed), about: about}
	first, second := steps(a.File.Lines), steps(b.File.Lines)
	if len(first) == 0 || len(second) == 0 {
		return a
	}
	at := 1 + s.below(len(first))
	rest := first[at:]
	if s.one(2) {
		rest = nil
	}
	from := 0
	if s.one(2) {
		from = s.below(len(second))
	}
	to := len(second)
	if rest != nil {
		to = min(to, from+1+s.below(8))
	}
	for count(first[:at])+count(second[from:to])+count(rest) > longest && to > from+1 {
		to--
	}
	names := s.together(first, first[:at], second)
	// What b introduces before the stretch is there under a's name, or what refers to it goes.
	text, ok := renamed(second, names, nil)
	if !ok {
		return a
	}
	text = text[from:to]
	return s.whole(a, slices.Concat(first[:at], text, rest))
}

// together gives each thing of the second script the name of a thing of the same kind in the first, or a new one. Port P and listener L are one and the same in both.
func (s *script) together(first, before, second []scenario.Node) map[string]string {
	mine := resume(s.about, s.next(), before, first, second)
	theirs := resume(s.about, s.next(), second, first, second)
	names := map[string]string{}
	kinds := [][2][]*thing{
		{mine.ports, theirs.ports}, {mine.listeners, theirs.listeners}, {mine.socks, theirs.socks}, {mine.far, theirs.far}, {mine.places, theirs.places},
		{mine.events, theirs.events}, {mine.pollers, theirs.pollers},
	}
	for _, k := range kinds {
		for _, x := range k[1] {
			if x.name == scenario.SessionPort || x.name == scenario.SessionListener {
				continue
			}
			y := s.any(k[0], func(y *thing) bool { return y.mail == x.mail && y.v6 == x.v6 && !y.closed && !y.gone })
			if y != nil && !s.one(3) && word.FindString(y.name) == y.name {
				names[x.name] = y.name
			}
		}
	}
	eachLine(second, func(l *scenario.Line) {
		for _, n := range introduced(l) {
			if names[n] == "" && n != scenario.SessionPort && n != scenario.SessionListener {
				names[n] = mine.name(n[0])
			}
		}
	})
	return names
}
