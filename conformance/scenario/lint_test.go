package scenario

import (
	"reflect"
	"strings"
	"testing"
)

func TestLintFindsWhatIsOnlyUgly(t *testing.T) {
	tests := []struct {
		in   string
		want []string
	}{
		{"port P\n", []string{`f:1:1: the first line is a comment that says what the case proves, such as "# ACC-4: an accept completes once."`}},
		{"# ACC-4: x\n", []string{"f:1:1: the title is about ACC-4, which no rules header names"}},
		{"# x \nport\tP", []string{"f:1:4: trailing blanks", "f:2:1: the last line does not end in a newline", "f:2:5: tab: blanks look the same everywhere"}},
		{"# x\r\n\n\npar {\n}\n\n", []string{"f:1:4: trailing blanks", "f:3:1: second empty line in a row", "f:4:1: the block has no line to run", "f:6:1: empty line at the end"}},
		{"# " + strings.Repeat("×", 120) + "\n", []string{"f:1:121: line of 122 characters, more than 120"}},
	}
	for _, tt := range tests {
		f, err := Parse("f", []byte(tt.in))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range Lint(f) {
			got = append(got, e.Error())
		}
		if !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%q\n got %q\nwant %q", tt.in, got, tt.want)
		}
	}
}
