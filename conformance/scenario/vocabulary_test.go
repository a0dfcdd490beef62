package scenario

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var asked = regexp.MustCompile(`p\.(?:accept|expect)\("([^"]+)"`)

// Every word that the parser asks for by name is among Words, and so is every word of a line that has every verb, but for names and numbers.
func TestWordsAreAllThatTheParserAsksFor(t *testing.T) {
	words := Words()
	has := func(w string) bool { return slices.Contains(words, w) || slices.Contains(words, w+"=") }
	sources, err := filepath.Glob("parse*.go")
	if err != nil || len(sources) < 5 {
		t.Fatal(sources, err)
	}
	for _, path := range sources {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range asked.FindAllStringSubmatch(string(text), -1) {
			if !has(m[1]) && !strings.HasSuffix(path, "_test.go") {
				t.Errorf("%s asks for %q, which is not among Words", path, m[1])
			}
		}
	}
	for _, w := range append(verbWords(Verbs, ""), verbWords(PeerVerbs, "")...) {
		if !has(w) {
			t.Errorf("verb %q is not among Words", w)
		}
	}
}
