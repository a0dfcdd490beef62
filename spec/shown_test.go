package spec

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// shown is a sample, and what becomes of some rules in it besides being broken: the situations that it brings about, and no others. Situations and alternatives are separated
// by semicolons, alternatives stand behind a bar, and ×N is how often the rule held: "one thread waits; several threads wait", "not watched | new ×2", "×0". Behind the
// situations may stand "void" and "unknown", if the rule was that; "void ×N" is how often.
type shown struct {
	sample
	shows map[string]string
}

// judgeAsShown runs the samples.
func judgeAsShown(t *testing.T, samples []shown) {
	checker := NewChecker()
	for _, s := range samples {
		t.Run(strings.ReplaceAll(s.name, " ", "-"), func(t *testing.T) {
			trace := build(t, s.about(), s.text)
			if err := trace.Validate(); err != nil {
				t.Errorf("the trace is malformed: %v", err)
			}
			j := checker.Check(trace)
			if ids, why := brokenBy(j); strings.Join(ids, " ") != s.broken {
				t.Errorf("broken: %q, want %q\n%s", ids, s.broken, strings.Join(why, "\n"))
			}
			for _, id := range slices.Sorted(maps.Keys(s.shows)) {
				s.compare(t, id, j)
			}
		})
	}
}

// compare compares what the sample says of a rule with what was counted.
func (s *shown) compare(t *testing.T, id string, j Judgement) {
	t.Helper()
	want, times, counted := strings.Cut(s.shows[id], "×")
	situations, alternatives, told := strings.Cut(strings.TrimSpace(want), " | ")
	r, count := ruleAndCount(t, id, j)
	n := count.Checks
	var in []string
	for _, word := range strings.Split(situations, "; ") {
		instead := 0
		switch word {
		case "void":
			instead = count.Voided
		case "unknown":
			instead = count.Unknown
		default:
			in = append(in, word)
			continue
		}
		if instead == 0 {
			t.Errorf("%s is not %s", id, word)
		}
		if situations == word {
			n = instead
		}
	}
	if got, want := named(r.Situations, count.Situations), strings.Join(in, "; "); got != want {
		t.Errorf("%s is shown in the situations %q, want %q", id, got, want)
	}
	if got := named(r.Alternatives, count.Alternatives); told && got != alternatives {
		t.Errorf("%s is shown with the alternatives %q, want %q", id, got, alternatives)
	}
	if counted && strconv.Itoa(n) != times {
		t.Errorf("%s was counted %d times, want %q", id, n, s.shows[id])
	}
}

func ruleAndCount(t *testing.T, id string, j Judgement) (*Rule, Count) {
	t.Helper()
	i := slices.IndexFunc(Rules(), func(r *Rule) bool { return r.ID == id })
	if i < 0 {
		t.Fatalf("there is no rule %s", id)
	}
	return Rules()[i], j.Counts[i]
}

// named joins those of the names whose bit is set.
func named(names []string, bits uint32) string {
	var in []string
	for i, name := range names {
		if bits&(1<<i) != 0 {
			in = append(in, name)
		}
	}
	return strings.Join(in, "; ")
}
