package spec

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// told is a sample, and what becomes of some rules in it besides being broken: how often they hold, in which situations and with which alternatives, or how often they
// were void or could not be told: "RDY-5: 2 readable, writable", "KEY-1: 1 several keys in flight, 3 voided", "RDY-7: 0".
type told struct {
	sample
	holds []string
}

// toldOf is what became of a rule, in the words of told.
func toldOf(r *Rule, n Count) string {
	var names []string
	for i, s := range slices.Concat(r.Situations, r.Alternatives) {
		if bits := uint64(n.Situations) | uint64(n.Alternatives)<<len(r.Situations); bits&(1<<i) != 0 {
			names = append(names, s)
		}
	}
	if n.Voided != 0 {
		names = append(names, fmt.Sprint(n.Voided, " voided"))
	}
	if n.Unknown != 0 {
		names = append(names, fmt.Sprint(n.Unknown, " unknown"))
	}
	return strings.TrimSpace(fmt.Sprintf("%s: %d %s", r.ID, n.Checks, strings.Join(names, ", ")))
}

// judgeAsTold runs the samples.
func judgeAsTold(t *testing.T, samples []told) {
	checker := NewChecker()
	for _, s := range samples {
		t.Run(strings.ReplaceAll(s.name, " ", "-"), func(t *testing.T) {
			trace := build(t, s.about(), s.text)
			if err := trace.Validate(); err != nil {
				t.Errorf("the trace is malformed: %v", err)
			}
			j := checker.Check(trace)
			ids, why := brokenBy(j)
			if got := strings.Join(ids, " "); got != s.broken {
				t.Errorf("broken: %q, want %q\n%s", got, s.broken, strings.Join(why, "\n"))
			}
			for _, want := range s.holds {
				id, _, _ := strings.Cut(want, ":")
				i := slices.IndexFunc(Rules(), func(r *Rule) bool { return r.ID == id })
				if i < 0 {
					t.Fatalf("there is no rule %s", id)
				}
				if got := toldOf(Rules()[i], j.Counts[i]); got != want {
					t.Errorf("got %q, want %q", got, want)
				}
			}
		})
	}
}
