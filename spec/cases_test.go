package spec

import (
	"slices"
	"strings"
	"testing"
)

// sample is a small trace and the rules that it breaks. Those that break nothing show the situations and alternatives of the rules.
type sample struct {
	name   string
	axes   Axes
	can    []Capability // nil: everything
	win32  bool         // the back end is Windows', and says its numbers
	world  string       // "": sim
	text   string
	broken string // ids, separated by spaces
}

func (s sample) about() About {
	a := able()
	for k, v := range s.axes {
		a.Axes[k] = v
	}
	if s.can != nil {
		a.Capabilities = s.can
	}
	if s.win32 {
		a.Capabilities = append(a.Capabilities, CanWin32)
	}
	if s.world != "" {
		a.World, a.Path = s.world, Path{}
	}
	return a
}

// port opens a port, listener one whose connections are accepted, served has one connection: socket s2 and far end c1.
const (
	port1    = "main port p1\n"
	listener = port1 + `
main socket s1
main listen s1 @80 backlog=16
main associate p1 s1 key=10
`
	served = listener + `
main accept s1 o1
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
main associate p1 s2 key=20
`
	wide    = "main port p1 limit=8\n" // with room for as many threads
	settled = "main wait p1 -> timedout\nmain settle\n"
)

// TestTheseTracesAreJudgedAsTheyShould runs every sample.
func TestTheseTracesAreJudgedAsTheyShould(t *testing.T) {
	checker := NewChecker()
	for _, s := range slices.Concat(goodSamples, legalSamples, goodHandles, doctoredSamples, doctoredHandles) {
		t.Run(strings.ReplaceAll(s.name, " ", "-"), func(t *testing.T) {
			trace := build(t, s.about(), s.text)
			if err := trace.Validate(); err != nil {
				t.Errorf("the trace is malformed: %v", err)
			}
			ids, why := brokenBy(checker.Check(trace))
			if got := strings.Join(ids, " "); got != s.broken {
				t.Errorf("broken: %q, want %q\n%s", got, s.broken, strings.Join(why, "\n"))
			}
		})
	}
}

// TestEveryRuleIsShownAndBroken: every situation and alternative comes in some good sample, and for every rule that is checked a doctored one
// breaks it and no other.
func TestEveryRuleIsShownAndBroken(t *testing.T) {
	counts := make([]Count, len(Rules()))
	alone := map[string]bool{}
	checker := NewChecker()
	for _, s := range slices.Concat(goodSamples, legalSamples, goodHandles, doctoredSamples, doctoredHandles) {
		for i, n := range checker.Check(build(t, s.about(), s.text)).Counts {
			if s.broken == "" {
				counts[i].Add(n)
			}
		}
		alone[s.broken] = true
	}
	for i, r := range Rules() {
		if r.check == nil || strings.HasPrefix(r.ID, "RDY") || strings.HasPrefix(r.ID, "DGM") { // these have tables of their own
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
