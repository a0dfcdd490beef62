package adapter

import (
	"encoding/json"
	"reflect"
	"testing"
)

// FuzzLine: reading never panics, and what can be read can be written and read again.
//
// Like every fuzz target it uses nothing of the other tests (.clusterfuzzlite); its seeds are in testdata/fuzz.
func FuzzLine(f *testing.F) {
	f.Fuzz(readsBack)
}

func readsBack(t *testing.T, line []byte) {
	ms, err := Line(line)
	if err != nil {
		return
	}
	if !json.Valid(line) {
		t.Fatalf("%q is no JSON, and was read", line)
	}
	for i := range ms {
		out := ms[i].Append(nil)
		back, err := Line(out)
		if err != nil || len(back) != 1 || !reflect.DeepEqual(back[0], ms[i]) {
			t.Fatalf("%q was read as %q, and that as %v: %v", line, out, back, err)
		}
	}
}
