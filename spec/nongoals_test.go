package spec

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The page of what is left out names facts that are omitted, and no rule that is not there.
func TestWhatIsLeftOutIsNotJudged(t *testing.T) {
	page, err := os.ReadFile("NONGOALS.md")
	if err != nil {
		t.Fatal(err)
	}
	facts := Facts()
	brackets := regexp.MustCompile(`\[([A-Z]+-\d\d[^\]]*)\]`)
	for _, m := range brackets.FindAllStringSubmatch(string(page), -1) {
		for _, id := range strings.FieldsFunc(m[1], func(r rune) bool { return strings.ContainsRune(", \r\n", r) }) {
			i := slices.IndexFunc(facts, func(f Fact) bool { return f.ID == id })
			if i < 0 || facts[i].Omitted == "" {
				t.Errorf("%s is named as left out, and is no fact that is omitted", id)
			}
		}
	}
	for _, id := range regexp.MustCompile(`\b[A-Z]{3}-\d+\b`).FindAllString(brackets.ReplaceAllString(string(page), ""), -1) {
		if _, known := RuleByID(id); !known {
			t.Errorf("%s is no rule", id)
		}
	}
}
