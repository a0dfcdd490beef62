package known

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/ioconform/ioconform/spec"
)

// File is a file of known failures.
type File struct {
	Name    string // under which it was opened, for messages
	Head    []Line // target, and if need be version and os
	Entries []*Entry
	Tail    []string // comments and blank lines behind the last line
}

// Line is "word: value", with the comments and blank lines in front of it.
type Line struct {
	Before      []string
	Word, Value string
	Line, Col   int // of Value; 0 in what was not read
}

// Entry is one known failure.
type Entry struct {
	Before  []string
	Pattern string // of cases: group/name, or a group, with the marks of path.Match
	Fault   string // a rule, "*", or an Ending
	Fields  []Line
	File    *File
	Line    int // 0 in what was not read
}

// value is the first value of a word, "" where there is none.
func value(lines []Line, word string) string {
	for i := range lines {
		if lines[i].Word == word {
			return lines[i].Value
		}
	}
	return ""
}

// values are all of them.
func values(lines []Line, word string) (list []string) {
	for i := range lines {
		if lines[i].Word == word {
			list = append(list, lines[i].Value)
		}
	}
	return list
}

// Target is the target that the file is for, as on the command line.
func (f *File) Target() string { return value(f.Head, "target") }

// Kind is the entry's kind.
func (e *Entry) Kind() Kind { return Kind(value(e.Fields, "kind")) }

// Harm is what it does to an application, "" where the entry does not say.
func (e *Entry) Harm() Harm { return Harm(value(e.Fields, "harm")) }

// Reason is why it fails.
func (e *Entry) Reason() string { return value(e.Fields, "reason") }

// Sources are by what it is known, at least one.
func (e *Entry) Sources() []string { return values(e.Fields, "source") }

// Said is what random programs show of it beside what its cases do, as the report of a campaign has it; numbers and the names of threads do not count.
func (e *Entry) Said() []string { return values(e.Fields, "said") }

// Unwritten reports whether a reason or a source is left to be written.
func (e *Entry) Unwritten() bool {
	return e.Reason() == ReasonToWrite || slices.Contains(e.Sources(), SourceToWrite)
}

// Place is where the entry stands, as file:line; of one that was not read the file alone.
func (e *Entry) Place() string {
	switch {
	case e.File == nil:
		return ""
	case e.Line == 0:
		return e.File.Name
	}
	return fmt.Sprintf("%s:%d", e.File.Name, e.Line)
}

// String is how the entry begins: the pattern and what fails.
func (e *Entry) String() string { return e.Pattern + " " + e.Fault }

// Covers reports whether the entry speaks of the case of that name, group/name.
func (e *Entry) Covers(name string) bool {
	ok, err := match(e.Pattern, name)
	return ok && err == nil
}

// Means reports whether the entry speaks of the fault: the id of a rule, or an Ending.
func (e *Entry) Means(fault string) bool {
	switch e.Fault {
	case fault:
		return true
	case "*":
		return !isEnding(fault)
	case string(Error):
		return fault == string(Hang) || fault == string(Crash) || fault == string(Sanitizer)
	}
	return false
}

func isEnding(word string) bool {
	for _, e := range Endings {
		if string(e) == word {
			return true
		}
	}
	return false
}

// match is how --run matches: without a slash a pattern is one of groups.
func match(pattern, name string) (bool, error) {
	if !strings.Contains(pattern, "/") {
		name = path.Dir(name)
	}
	return path.Match(pattern, name)
}

// For tells whether the file is for the target of that name, as on the command line; the error says what it is for instead.
func (f *File) For(name string, about *spec.About) error {
	for i := range f.Head {
		l := &f.Head[i]
		got, ok := name, l.Value == name
		switch l.Word {
		case "version":
			got, ok = about.Version, begins(about.Version, l.Value)
		case "os":
			got, ok = about.OS, begins(about.OS, l.Value)
		}
		if !ok {
			if l.Word == "target" {
				return f.errorFor(l, name)
			}
			return f.at(l.Line, l.Col, "the file is for %s with %s %s; here that is %s", name, l.Word, l.Value, got)
		}
	}
	return nil
}

// errorFor says that the file is for another target; with no name it is left to the caller to say for which.
func (f *File) errorFor(l *Line, name string) error {
	if name == "" {
		return f.at(l.Line, l.Col, "the file is for target %s", l.Value)
	}
	return f.at(l.Line, l.Col, "the file is for target %s, not for %s", l.Value, name)
}

// begins reports whether prefix is the beginning of s up to the end of a word or a number: "linux 6" is of "linux 6.18", "linux 6.1" is not.
func begins(s, prefix string) bool {
	rest, ok := strings.CutPrefix(s, prefix)
	if !ok || rest == "" {
		return ok
	}
	c := rest[0]
	return !(c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z')
}
