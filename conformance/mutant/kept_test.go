package mutant

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/spec"
)

// A redundant case is one that is kept, or it goes; one that is kept is in the suite and redundant, else nothing has to be said of it.
func TestRedundantCasesAreKeptForAReason(t *testing.T) {
	cases := Counted().Cases
	for _, name := range slices.Sorted(maps.Keys(cases)) {
		if c := cases[name]; c.Redundant && kept[name] == "" {
			t.Errorf("%s is redundant: others show and kill the same. Take it away, or say in kept.go what it is kept for", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(kept)) {
		switch c, is := cases[name]; {
		case !is:
			t.Errorf("kept.go has %s, which is no case", name)
		case !c.Redundant:
			t.Errorf("kept.go has %s, which is not redundant: %s. Take it off the list", name, c.Why())
		}
	}
}

// What a reason refers to is so: the claim names the case, the file does, the planted bug exists and is not one of those that nobody notices.
func TestTheReasonsAreTrue(t *testing.T) {
	refers := regexp.MustCompile(`\bS\d+\b|[\w/-]+\.(?:md|txt)|(?:model|epoll-sim|poller-sim)/[a-z-]+`)
	for _, name := range slices.Sorted(maps.Keys(kept)) {
		for _, what := range refers.FindAllString(kept[name], -1) {
			switch {
			case strings.HasPrefix(what, "S"):
				c, is := spec.ClaimByID(what)
				if !is || !slices.Contains(c.Shown, name) && !slices.Contains(c.Against, name) {
					t.Errorf("%s: claim %s does not name it", name, what)
				}
			case strings.HasSuffix(what, ".md"), strings.HasSuffix(what, ".txt"):
				path := "../" + what // of this folder's parent, conformance
				if what == "README.md" {
					path = "../../" + what
				}
				text, err := os.ReadFile(path)
				if err != nil || !strings.Contains(string(text), name) {
					t.Errorf("%s: %s does not name it (%v)", name, what, err)
				}
			default:
				if m, is := Counted().Mutants[what]; !is || m.Killers == 0 {
					t.Errorf("%s: %s is not a planted bug that is noticed", name, what)
				}
			}
		}
	}
}
