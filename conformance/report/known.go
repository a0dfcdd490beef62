package report

import (
	"fmt"
	"strings"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/known"
)

// Wrong says in a line which entry of a file of known failures has to be changed, and how.
func Wrong(k *conformance.KnownResult) string {
	return fmt.Sprintf("%s: %s: %s: %s", k.Entry.Place(), k.State, k.Entry, k.Why)
}

// known lists what became of the entries of files of known failures: those that have to be changed, then those that were seen, the
// worst harm first and those of one reason together.
func (t *text) known(r *Run) {
	word := "wrong"
	for _, k := range r.Wrong() {
		for j, l := range conformance.Fold(Wrong(k), t.width()-12) {
			if j > 0 {
				word, l = "", "  "+l
			}
			t.printf("  %-8s %s\n", word, t.page.Ink.Bad(l))
		}
	}
	var order []string
	by := map[string][]string{}
	for i := range r.Known {
		k := &r.Known[i]
		if k.State != conformance.KnownSeen && (k.State != conformance.KnownQuiet || k.Entry.Kind() != known.Racy) {
			continue
		}
		said := strings.Join(knownWords(k), ", ") + ": " + k.Entry.Reason()
		if by[said] == nil {
			order = append(order, said)
		}
		by[said] = append(by[said], k.Entry.String())
	}
	var parts []string
	for _, said := range order {
		names, more := by[said], ""
		if n := len(names); n > namedKnown {
			names, more = names[:namedKnown], fmt.Sprintf(" and %d more", n-namedKnown)
		}
		parts = append(parts, strings.Join(names, ", ")+more+": "+said)
	}
	t.list("known", parts)
}

// namedKnown bounds how many entries of one reason are named.
const namedKnown = 3

// knownWords are kind and harm of an entry, and how often it was seen where that says something.
func knownWords(k *conformance.KnownResult) []string {
	list := []string{string(k.Entry.Kind())}
	if h := k.Entry.Harm(); h != "" {
		list = append(list, string(h))
	}
	if k.Entry.Kind() == known.Racy || k.Seen < k.Rounds {
		list = append(list, fmt.Sprintf("seen %d of %d", k.Seen, k.Rounds))
	}
	return list
}

// Entries is "1 entry" or "2 entries".
func Entries(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", n)
}
