package main

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// source has each thing that an operator changes, and what is to be left alone.
const source = `package p

const most = 1 + 1

type T struct{ bugs set }

func (t *T) f(a, b int, has func(int) bool) int {
	if a < b && b > 0 || a-b >= 3 {
		a++
		return a + b
	}
	for a <= most {
		a = b
		continue
	}
	if has(1) && a > 2 {
		b = 0
	}
	switch {
	case a == b:
		t.g(func() bool { return a > 1 })
	case t.bugs.has(2):
		b = 1
	}
	return a
}
`

func TestEachOperatorFindsItsPlaces(t *testing.T) {
	name := filepath.Join(t.TempDir(), "p.go")
	if err := os.WriteFile(name, []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
	next := 0
	f, err := find(name, &next, map[int]bool{})
	if err != nil {
		t.Fatal(err)
	}
	count, names := map[string]int{}, map[string]bool{}
	for _, p := range f.points {
		count[p.operator]++
		if names[p.name] {
			t.Errorf("%s comes twice", p.name)
		}
		names[p.name] = true
		if strings.Contains(p.text, "has(") || strings.Contains(p.text, "most = ") || p.text == "b = 0" || p.text == "b = 1" || p.text == "return a" {
			t.Errorf("%s is to be left alone", p.name)
		}
	}
	want := map[string]int{negate: 3, always: 3, never: 3, bound: 5, junction: 2, arithmetc: 2, drop: 5}
	for operator, n := range want {
		if count[operator] != n {
			t.Errorf("%s: %d places, want %d", operator, count[operator], n)
		}
	}
	out := f.rewritten()
	if _, err := parser.ParseFile(token.NewFileSet(), "p.go", out, 0); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	// Each point has one hook, and one that is left out has none.
	next = 0
	less, err := find(name, &next, map[int]bool{1: true})
	if err != nil {
		t.Fatal(err)
	}
	if a, b := strings.Count(string(out), "mutated"), strings.Count(string(less.rewritten()), "mutated"); a != len(f.points) || b != a-1 {
		t.Errorf("%d hooks, %d without the first, want %d", a, b, len(f.points))
	}
}
