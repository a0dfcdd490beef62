package scenario

import (
	"reflect"
	"testing"
)

// FuzzParse: whatever the text, it is an error with a place, or a scenario that is printed and read back as it was.
//
// Like every fuzz target it uses nothing of the other tests (.clusterfuzzlite); its seeds are in testdata/fuzz.
func FuzzParse(f *testing.F) {
	f.Fuzz(roundTrip)
}

// roundTrip holds any text against the promise of the package.
func roundTrip(t *testing.T, src []byte) {
	tree, err := Parse("f", src)
	if err != nil {
		if e, ok := err.(*Error); !ok || e.Line < 1 || e.Col < 1 || e.Msg == "" || tree != nil {
			t.Fatalf("odd error %#v", err)
		}
		return
	}
	Lint(tree)
	text := Print(tree)
	again, err := Parse("f", text)
	if err != nil {
		t.Fatalf("%q was printed as %q: %v", src, text, err)
	}
	if twice := Print(again); string(twice) != string(text) {
		t.Fatalf("%q printed as %q, then as %q", src, text, twice)
	}
	if !reflect.DeepEqual(without(tree), without(again)) {
		t.Fatalf("%q is another tree when printed: %q", src, text)
	}
}

// without returns the tree with all positions and the source removed, so that texts with other spacing compare equal.
func without(f *File) []Node {
	forget(reflect.ValueOf(f.Lines))
	return f.Lines
}

func forget(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			forget(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			forget(v.Index(i))
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[Pos]() {
			v.SetZero()
			return
		}
		for i := range v.NumField() {
			forget(v.Field(i))
		}
	}
}
