package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/mutant"
)

// A name in a list is a word of its own, however long it is: it is what other commands are asked with.
func TestListedNamesAreWords(t *testing.T) {
	cases, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string][]string{}
	for _, c := range cases {
		names["cases"] = append(names["cases"], c.Name)
	}
	for _, m := range mutant.Catalogue() {
		names["mutants"] = append(names["mutants"], m.ID)
	}
	for list, want := range names {
		var b strings.Builder
		if err := (&Catalogue{Cases: cases}).List(&b, list, "text", Page{}); err != nil {
			t.Fatal(err)
		}
		words := strings.Fields(b.String())
		for _, name := range want {
			if !slices.Contains(words, name) {
				t.Errorf("list %s runs %s into what is said of it", list, name)
			}
		}
	}
}
