package spec

import (
	"slices"
	"strings"
	"testing"
)

// In the lines of readiness p1 is a poller, the t7 of an add or modify is its token and the words behind it are what is asked for; a wait answers
// with events such as t7:in+hup, separated by semicolons.

// asks reads a word of an interest.
func (b *builder) asks(e *Event, w string) bool {
	bit, known := InterestByWord(w)
	e.Ask |= bit
	return (known || w == "none") && e.Verb != NoVerb
}

// polled reads the events that a wait on a poller returned.
func (b *builder) polled(line string, e *Event, answer string) {
	if c, known := CodeByWord(strings.TrimSpace(answer)); known && c != OK {
		e.Status = Is(c)
		return
	}
	for part := range strings.SplitSeq(answer, ";") {
		name, events, _ := strings.Cut(strings.TrimSpace(part), ":")
		if name[0] == 'x' {
			e.N = int(num(name[1:]))
			return
		}
		r := Ready{Token: num(name[1:])}
		for w := range strings.SplitSeq(events, "+") {
			bit, known := InterestByWord(w)
			if !known {
				b.fail(line, "unknown event "+w)
			}
			r.Events |= bit
		}
		e.Ready = append(e.Ready, r)
	}
	e.N = len(e.Ready)
}

// tried reads the descriptor that a try-accept brought.
func (b *builder) tried(e *Event, c Event, words []string) (rest []string) {
	if c.Verb == DupRaw {
		e.Into = c.Into
	}
	for _, w := range words {
		if id, is := strings.CutPrefix(w, "sock=s"); is {
			e.Into = uint32(num(id))
		} else {
			rest = append(rest, w)
		}
	}
	return rest
}

const (
	poller1 = "main poller p1\n"
	polled1 = poller1 + `
main raw s1
main listen s1 @80 backlog=16
c peer-connect c1 @80
main try-accept s1 -> sock=s2 @1001
`
	polled2 = polled1 + `
d peer-connect c2 @80
main try-accept s1 -> sock=s3 @1002
`
	// ready1 has been reported as readable, level-triggered.
	ready1 = polled1 + `
main add p1 s2 t7 in
c peer-send c1 "abcd"
main wait-ready p1 -> t7:in
`
)

// The samples of readiness go through all that those of completion go through.
func init() {
	goodReadiness = append(goodReadiness, goodReadyRest...)
	doctoredReadiness = append(doctoredReadiness, doctoredReadyRest...)
	for _, list := range [][]sample{goodReadiness, doctoredReadiness, legalReadyRest} {
		for i := range list {
			list[i].can = []Capability{CanPoll, CanAccept, CanConnect, CanDatagram, CanExclusive, CanNest}
		}
	}
	goodSamples = append(goodSamples, goodReadiness...)
	doctoredSamples = append(doctoredSamples, doctoredReadiness...)
	legalSamples = append(legalSamples, legalReadyRest...)
}

// Every situation and alternative of the rules about readiness comes in some good sample, and for every rule that is judged a doctored one breaks it and no
// other.
func TestEveryReadinessRuleIsShownAndBroken(t *testing.T) {
	counts := make([]Count, len(Rules()))
	alone := map[string]bool{}
	checker := NewChecker()
	for _, s := range slices.Concat(goodReadiness, doctoredReadiness) {
		for i, n := range checker.Check(build(t, s.about(), s.text)).Counts {
			if s.broken == "" {
				counts[i].Add(n)
			}
		}
		alone[s.broken] = true
	}
	for i, r := range Rules() {
		if !strings.HasPrefix(r.ID, "RDY-") {
			continue
		}
		for _, name := range counts[i].Missing(r, nil) {
			t.Errorf("%s: no good sample shows the situation %q", r.ID, name)
		}
		for k, name := range r.Alternatives {
			if counts[i].Alternatives&(1<<k) == 0 {
				t.Errorf("%s: no good sample shows the alternative %q", r.ID, name)
			}
		}
		if r.Level < MAY && !alone[r.ID] {
			t.Errorf("%s: no doctored sample breaks it alone", r.ID)
		}
	}
}
