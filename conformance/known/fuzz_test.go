package known

import (
	"reflect"
	"testing"

	"github.com/ioconform/ioconform/conformance/scenario"
)

var vocabulary = Vocabulary{
	Cases: []string{"accept/backlog", "accept/twice", "close/port", "receive/several"},
	Rules: map[string]bool{"ACC-4": true, "RCV-2": true, "DSC-1": false},
}

// FuzzParse: whatever the text, it is an error with a place, or a file that is printed and read back as it was.
//
// Like every fuzz target it uses nothing of the other tests (.clusterfuzzlite); its seeds are in testdata/fuzz.
func FuzzParse(f *testing.F) {
	f.Fuzz(readsBack)
}

func readsBack(t *testing.T, src []byte) {
	tree, err := Parse("f", src, vocabulary)
	if err != nil {
		if e, ok := err.(*scenario.Error); !ok || e.Line < 1 || e.Col < 1 || e.Msg == "" || tree != nil {
			t.Fatalf("odd error %#v", err)
		}
		return
	}
	text := Print(tree)
	again, err := Parse("f", text, vocabulary)
	if err != nil {
		t.Fatalf("%q was printed as %q: %v", src, text, err)
	}
	if twice := Print(again); string(twice) != string(text) {
		t.Fatalf("%q printed as %q, then as %q", src, text, twice)
	}
	if a, b := bare(tree), bare(again); !reflect.DeepEqual(a, b) {
		t.Fatalf("%q is another file when printed: %q", src, text)
	}
}

// bare is the file without positions.
func bare(f *File) File {
	plain := func(lines []Line) (list []Line) {
		for _, l := range lines {
			l.Line, l.Col = 0, 0
			list = append(list, l)
		}
		return list
	}
	b := File{Name: f.Name, Head: plain(f.Head), Tail: f.Tail}
	for _, e := range f.Entries {
		c := *e
		c.File, c.Line, c.Fields = nil, 0, plain(e.Fields)
		b.Entries = append(b.Entries, &c)
	}
	return b
}
