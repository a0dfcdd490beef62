package spec

import (
	"fmt"
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
