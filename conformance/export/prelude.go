package export

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"

	"github.com/ioconform/ioconform/spec"
)

//go:embed prelude.txt
var preludeText string

// noCode is comments and strings.
var noCode = regexp.MustCompile(`(?s)/\*.*?\*/|"(?:[^"\\]|\\.)*"`)

// defines finds the functions that a part defines.
var defines = regexp.MustCompile(`(?m)^static [^=;{]*?(\w+)\([^;]*?\)\s*\{`)

// prelude is what the program needs of prelude.txt: every part that is no function, and the functions that the body calls, or these call. Parts are separated by blank
// lines.
func prelude(body string) string {
	parts := strings.Split(strings.TrimSpace(preludeText), "\n\n")
	uses := map[string]bool{}
	note := func(text string) {
		for _, w := range word.FindAllString(noCode.ReplaceAllString(text, " "), -1) {
			uses[w] = true
		}
	}
	note(body)
	keep := make([]bool, len(parts))
	for i := len(parts) - 1; i >= 0; i-- { // what a part calls stands above it
		defined := defines.FindAllStringSubmatch(parts[i], -1)
		keep[i] = len(defined) == 0
		for _, d := range defined {
			keep[i] = keep[i] || uses[d[1]]
		}
		if keep[i] && len(defined) > 0 {
			note(parts[i])
		}
	}
	var b strings.Builder
	for i, p := range parts {
		if keep[i] {
			b.WriteString(p + "\n\n")
		}
	}
	return strings.NewReplacer("@statuses@", codes(spec.NTStatus), "@errors@", codes(spec.Win32)+codes(spec.WSA)).Replace(b.String())
}

// codes is the table of what Windows says in one of its vocabularies.
func codes(space spec.Space) string {
	var b strings.Builder
	for _, w := range spec.WindowsWords {
		if w.Space != space {
			continue
		}
		number := fmt.Sprintf("%d", w.Number)
		if space == spec.NTStatus {
			number = fmt.Sprintf("0x%08X", w.Number)
		}
		fmt.Fprintf(&b, "    {%s, %s, %s},\n", number, quote(w.Name), quote(w.Code.String()))
	}
	return b.String()
}
