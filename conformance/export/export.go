package export

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/ioconform/ioconform/conformance/scenario"
)

// C returns the scenario as a C program. name is what the program calls the scenario: the name of a case, or of a file. file is the name of the program's own file, for
// the command that builds it, or "". What cannot be said in C is an *Unsupported.
func C(name, file string, f *scenario.File) ([]byte, error) {
	if file == "" {
		file = "FILE.c"
	}
	if err := supported(f); err != nil {
		return nil, err
	}
	w := &writer{file: f, names: collect(f.Lines), threads: map[string]*thread{}}
	w.thread("main").depth = 1
	w.nodes(f.Lines)
	if w.err != nil {
		return nil, w.err
	}
	body := w.program(name)
	var out bytes.Buffer
	out.WriteString(head(name, file, f))
	out.WriteString(prelude(body))
	out.WriteString(body)
	return out.Bytes(), nil
}

// Unsupported is an error about a line that has no C.
type Unsupported struct {
	File string
	Pos  scenario.Pos
	What string
}

func (u *Unsupported) Error() string {
	return fmt.Sprintf("%s:%d: conform export has no %s in C", u.File, u.Pos.Line, u.What)
}

// head is the comment that the program begins with: what it is about, how it is built, and the scenario.
func head(name, file string, f *scenario.File) string {
	var b strings.Builder
	fmt.Fprintf(&b, "/* %s\n\n", comment(name))
	if t := f.Title(); t != "" {
		fmt.Fprintf(&b, "   %s\n\n", comment(t))
	}
	fmt.Fprintf(&b, `   Written by conform export. Build and run it:

       x86_64-w64-mingw32-gcc -O1 -o repro.exe %s -lws2_32
       wine64 repro.exe                      or, on Windows, repro.exe

   It prints each line of the scenario, what came and what the scenario allows, and ends with "as the scenario has it" (exit code 0), or at the first line
   where something else came with "otherwise: ..." (1). Packets are given as word, bytes, key and, in brackets, the NTSTATUS of the OVERLAPPED.
`, comment(file))
	if axes := f.Axes(); len(axes) > 0 {
		words := make([]string, len(axes))
		for i, a := range axes {
			words[i] = a.Name + "=" + a.Value
		}
		fmt.Fprintf(&b, "   The scenario is for systems that behave so: %s.\n", comment(strings.Join(words, ", ")))
	}
	b.WriteString("\n   The scenario, whose line numbers are those of the file:\n\n")
	for i, line := range strings.Split(strings.TrimRight(string(scenario.Print(f)), "\n"), "\n") {
		fmt.Fprintf(&b, "   %s\n", strings.TrimRight(fmt.Sprintf("%3d  %s", i+1, comment(line)), " "))
	}
	b.WriteString(" */\n\n")
	return b.String()
}

// comment is text that cannot end a comment.
func comment(text string) string { return strings.ReplaceAll(text, "*/", "* /") }

// quote is text as a C string.
func quote(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", " ", "??", `?\?`).Replace(text) + `"`
}
