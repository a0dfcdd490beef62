package main

import (
	"os"
	"slices"
	"testing"
)

func TestACommandLineIsSplitAsAShellDoes(t *testing.T) {
	for line, want := range map[string][]string{
		"a b  c":                 {"a", "b", "c"},
		` python3 'my adapter'`:  {"python3", "my adapter"},
		`a "b 'c' d" e''f ''`:    {"a", "b 'c' d", "ef", ""},
		`java -cp "x y" 'a"b'.c`: {"java", "-cp", "x y", `a"b.c`},
	} {
		got, err := words(line)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s is %q, %v; want %q", line, got, err, want)
		}
		again, err := words("'" + line + "'")
		if line == "a b  c" && (err != nil || !slices.Equal(again, []string{line})) {
			t.Errorf("%s in quotes is %q, %v", line, again, err)
		}
	}
	for _, line := range []string{"", "  ", `"a`, `a 'b`} {
		if got, err := words(line); err == nil {
			t.Errorf("%q is %q", line, got)
		}
	}
	if os.PathSeparator == '/' {
		if got, err := words(`a\ b \'`); err != nil || !slices.Equal(got, []string{"a b", "'"}) {
			t.Errorf("with backslashes: %q, %v", got, err)
		}
		for _, s := range []string{"plain", "it's", `a "b" \c`} {
			if got, err := words(quoted(s)); err != nil || !slices.Equal(got, []string{s}) {
				t.Errorf("%s is %s in quotes, and that %q, %v", s, quoted(s), got, err)
			}
		}
	}
}
