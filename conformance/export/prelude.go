package export

import (
	"embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/ioconform/ioconform/spec"
)

//go:embed prelude/*.c
var files embed.FS

// preludeText is the files of prelude/, in the order in which each uses those before it.
var preludeText = sync.OnceValue(func() string {
	var all []string
	for _, name := range []string{"outcome", "socket", "operation", "farend", "thread"} {
		text, err := files.ReadFile("prelude/" + name + ".c")
		if err != nil {
			panic(err)
		}
		all = append(all, strings.ReplaceAll(strings.TrimSpace(string(text)), "\r\n", "\n")) // Git may have given the lines other ends
	}
	return strings.Join(all, "\n\n")
})

// noCode is comments and strings.
var noCode = regexp.MustCompile(`(?s)/\*.*?\*/|"(?:[^"\\]|\\.)*"`)

// defines finds the functions that a part defines, and a variable that is defined with its type.
var defines = regexp.MustCompile(`(?m)^(?:static [^=;{]*?(\w+)\([^;]*?\)\s*\{|\} \*(\w+);)`)

// part is a piece of prelude/: a function, or what is not one and stands in every program, such variables aside. Blank lines separate them.
type part struct {
	text    string
	defines []string
	uses    []string // words
}

var parts = sync.OnceValue(func() (list []part) {
	text := strings.NewReplacer("@statuses@", codes(spec.NTStatus), "@errors@", codes(spec.Win32)+codes(spec.WSA)).Replace(preludeText())
	for _, text := range strings.Split(text, "\n\n") {
		p := part{text: text}
		for _, found := range defines.FindAllStringSubmatch(text, -1) {
			p.defines = append(p.defines, found[1]+found[2])
		}
		if len(p.defines) > 0 {
			p.uses = words(text)
		}
		list = append(list, p)
	}
	return list
})

// words are the words of a text in C, comments and strings aside.
func words(text string) []string { return word.FindAllString(noCode.ReplaceAllString(text, " "), -1) }

// prelude is what the program needs of prelude/: every part that defines nothing, and those that the body uses, or these use.
func prelude(body string) string {
	list := parts()
	uses := map[string]bool{}
	note := func(words []string) {
		for _, w := range words {
			uses[w] = true
		}
	}
	note(words(body))
	keep := make([]bool, len(list))
	for i, p := range slices.Backward(list) { // what a part calls stands above it
		keep[i] = len(p.defines) == 0 || slices.ContainsFunc(p.defines, func(name string) bool { return uses[name] })
		if keep[i] {
			note(p.uses)
		}
	}
	var b strings.Builder
	for i, p := range list {
		if keep[i] {
			b.WriteString(p.text + "\n\n")
		}
	}
	return b.String()
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
