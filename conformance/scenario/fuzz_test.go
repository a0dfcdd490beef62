package scenario

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

func FuzzParse(f *testing.F) {
	for _, text := range files(f, "testdata/*/*.scn") {
		f.Add([]byte(text))
	}
	for _, tt := range bad {
		f.Add([]byte(tt.in))
	}
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

// Bytes seldom mutate into another line of the language; words do.
func TestLinesOfOtherWordsRoundTrip(t *testing.T) {
	text := files(t, "testdata/good/every-verb.scn")["testdata/good/every-verb.scn"]
	_, script, _ := strings.Cut(text, "seed 0xBEEF\n")
	lines := strings.Split(script, "\n")
	words := strings.Fields(strings.NewReplacer("=", " = ", ":", " : ", ",", " , ", "[", " [ ", "]", " ] ").Replace(script))
	draw := rand.New(rand.NewPCG(1, 2))
	rounds := 3000
	if testing.Short() {
		rounds = 300
	}
	for range rounds {
		i := draw.IntN(len(lines))
		line := strings.Fields(lines[i])
		if len(line) == 0 {
			continue
		}
		at, word := draw.IntN(len(line)), words[draw.IntN(len(words))]
		switch draw.IntN(3) {
		case 0:
			line[at] = word
		case 1:
			line = append(line[:at], line[at+1:]...)
		case 2:
			line = append(line[:at:at], append([]string{word}, line[at:]...)...)
		}
		changed := append([]string(nil), lines...)
		changed[i] = strings.Join(line, " ")
		roundTrip(t, []byte(strings.Join(changed, "\n")))
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
