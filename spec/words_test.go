package spec

import (
	"fmt"
	"strings"
	"testing"
)

// A value that a newer back end may have, and this version no word for, is told by its number.
func TestWhatHasNoWordIsToldByItsNumber(t *testing.T) {
	for _, x := range []struct {
		value fmt.Stringer
		want  string
	}{
		{codes - 1, "interrupted"}, {codes, fmt.Sprintf("code(%d)", codes)}, {Code(255), "code(255)"},
		{Errno, "errno"}, {spaces, fmt.Sprintf("space(%d)", spaces)}, {Space(255), "space(255)"},
		{UDP6, "udp6"}, {networks, "network(4)"}, {Network(255), "network(255)"},
		{WithoutSocket, "socket"}, {WithoutSocket + 1, "argument(5)"}, {AcceptArgument(255), "argument(255)"},
	} {
		if got := x.value.String(); got != x.want {
			t.Errorf("%T is told as %q, want %q", x.value, got, x.want)
		}
	}
}

// A status is told with the platform's number, where it has one.
func TestAStatusIsToldWithItsNumber(t *testing.T) {
	for _, x := range []struct {
		status Status
		want   string
	}{
		{Is(Aborted), "aborted"},
		{Status{}, "ok"},
		{Status{Reset, Errno, 104}, "reset (errno 104)"},
		{WindowsStatus(WSA, 10054), "reset (wsa 10054)"},
	} {
		if got := x.status.String(); got != x.want {
			t.Errorf("%q, want %q", got, x.want)
		}
	}
}

// Every word stands for one value, and a word that stands for none is not taken for the first.
func TestWordsAreReadBack(t *testing.T) {
	for c := range codes {
		if got, known := CodeByWord(c.String()); got != c || !known || CodeWords()[c] != c.String() {
			t.Errorf("%q is read as %s, %v", c, got, known)
		}
	}
	for a := WithoutBuffer; a <= WithoutSocket; a++ {
		if got, known := AcceptArgumentByWord(a.String()); got != a || !known {
			t.Errorf("%q is read as %s, %v", a, got, known)
		}
	}
	for _, word := range []string{"", "OK", "okay"} {
		if c, known := CodeByWord(word); known {
			t.Errorf("%q is taken for the code %s", word, c)
		}
		if a, known := AcceptArgumentByWord(word); known {
			t.Errorf("%q is taken for the argument %q", word, a)
		}
	}
	seen := map[string]bool{}
	for v := range verdictsN {
		if word := v.String(); word == "" || seen[word] {
			t.Errorf("verdict %d has the word %q, which is another's or none", v, word)
		}
		seen[v.String()] = true
	}
}

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
