package spec

import (
	"strings"
	"testing"
)

// What an interest asks for is said in words, in the order of its bits, and each word stands for its bit.
func TestInterestsAreSaidInWords(t *testing.T) {
	for i, want := range map[Interest]string{
		0: "none", In: "in", Out | In: "in out", Edge | OneShot | Exclusive: "edge oneshot exclusive", Reported: "in out pri rdhup err hup",
	} {
		if got := i.String(); got != want {
			t.Errorf("%b is said as %q, want %q", i, got, want)
		}
	}
	for bit, w := range interestWord {
		if i, known := InterestByWord(w); !known || i != 1<<bit {
			t.Errorf("%s stands for %b", w, i)
		}
	}
	if i, known := InterestByWord("none"); known {
		t.Errorf("no bit is called none, but %b", i)
	}
}

// What is no verb has no word.
func TestVerbsAreSaidInWords(t *testing.T) {
	seen := map[string]bool{}
	for v := NoVerb + 1; v < verbs; v++ {
		w := v.String()
		if back, known := VerbByWord(w); w == "" || seen[w] || !known || back != v {
			t.Errorf("verb %d is called %q, by which verb %d is known", int(v), w, int(back))
		}
		seen[w] = true
	}
	for _, v := range []Verb{verbs, verbs + 1, 255} {
		if w := v.String(); !strings.HasPrefix(w, "verb(") {
			t.Errorf("what is no verb, %d, is called %q", int(v), w)
		}
	}
}

// Each bit of Cells is one situation with one alternative, or with none, and there are no others.
func TestCellsAreSituationsWithAlternatives(t *testing.T) {
	for _, r := range Rules() {
		seen := map[[2]string]bool{}
		bits := 0
		for {
			s, a, there := r.Cell(bits)
			if !there {
				break
			}
			seen[[2]string{s, a}] = true
			bits++
		}
		if want := len(r.Situations) * (len(r.Alternatives) + 1); len(seen) != want || bits != want || want > 64 {
			t.Errorf("%s has %d cells, %d of them different; want %d, and at most 64", r.ID, bits, len(seen), want)
		}
		if _, _, there := r.Cell(-1); there {
			t.Errorf("%s has a cell before the first", r.ID)
		}
	}
}
