// Package skeleton has an adapter to begin with for each of a few languages: it compiles as it is, speaks the whole protocol, and accepts, receives and sends over
// the platform's own sockets, so that its first cases pass. Everything else it answers unsupported. conform init writes one.
//
// A skeleton is one file in a folder named after its language, has no dependencies beyond the language's standard library, and says YOURS where a library's calls
// go. Accepting is in it because no connection comes without.
//
// Those of readiness back ends stand in folder poller. They watch by what the platform or the language has, level-triggered and for one thread, and conform.
package skeleton

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/ioconform/ioconform/conformance/adapter"
)

//go:embed c cpp go java poller python rust
var sources embed.FS

//go:embed README.md.tmpl
var readme string

const pollers = "poller" // folder of those of readiness back ends

// Language is a language that there is a skeleton for.
type Language struct {
	Name    string // on the command line, and of the folder
	Poller  bool   // the skeleton is of a readiness back end
	Title   string
	Source  string // the file
	Build   string // command that builds it in its folder, "" if there is nothing to build
	Command string // command that runs it in its folder
	Tool    string // program that Build, or else Command, begins with
	Needs   string // what has to be installed
	Unix    bool   // it does not compile, or not run, on Windows
}

// Languages lists the languages.
var Languages = []Language{
	{Name: "c", Title: "C", Source: "adapter.c", Build: "cc -std=c11 -O1 -Wall -o adapter adapter.c", Command: "./adapter", Tool: "cc",
		Needs: "a C compiler and POSIX (Debian: gcc libc6-dev)", Unix: true},
	{Name: "cpp", Title: "C++", Source: "adapter.cpp", Build: "c++ -std=c++17 -O1 -Wall -o adapter adapter.cpp", Command: "./adapter", Tool: "c++",
		Needs: "a compiler for C++17 and POSIX (Debian: g++)", Unix: true},
	{Name: "go", Title: "Go", Source: "adapter.go", Build: "go build -o adapter .", Command: "./adapter", Tool: "go",
		Needs: "Go 1.21 or later"},
	// The JVM writes its own warnings to the standard output, which is the protocol's, unless it is told otherwise: of a file that another one has locked, say,
	// when several start at once.
	{Name: "java", Title: "Java", Source: "Adapter.java", Build: "javac -J-Xlog:disable Adapter.java", Command: "java -Xlog:disable -Xlog:all=warning:stderr Adapter", Tool: "javac",
		Needs: "a Java development kit, 17 or later (Debian: openjdk-17-jdk-headless)"},
	{Name: "python", Title: "Python", Source: "adapter.py", Command: "python3 adapter.py", Tool: "python3",
		Needs: "Python 3.10 or later (Debian: python3)"},
	{Name: "rust", Title: "Rust", Source: "adapter.rs", Build: "rustc --edition 2021 -O -o adapter adapter.rs", Command: "./adapter", Tool: "rustc",
		Needs: "a Rust compiler, 1.70 or later (Debian: rustc)"},

	{Name: "c", Poller: true, Title: "C", Source: "adapter.c", Build: "cc -std=c11 -O1 -Wall -pthread -o adapter adapter.c", Command: "./adapter", Tool: "cc",
		Needs: "a C compiler and POSIX (Debian: gcc libc6-dev)", Unix: true},
	{Name: "go", Poller: true, Title: "Go", Source: "adapter.go", Build: "go build -o adapter .", Command: "./adapter", Tool: "go",
		Needs: "Go 1.21 or later and Unix", Unix: true},
	{Name: "python", Poller: true, Title: "Python", Source: "adapter.py", Command: "python3 adapter.py", Tool: "python3",
		Needs: "Python 3.10 or later and Unix (Debian: python3)", Unix: true}, // Windows' select does not wait where it has nothing to watch
}

// Names are the names of the languages that there is a skeleton of a completion back end for, or of a poller.
func Names(poller bool) (names []string) {
	for _, l := range Languages {
		if l.Poller == poller {
			names = append(names, l.Name)
		}
	}
	return names
}

// Find finds the skeleton in the language of that name. The error names those that there are.
func Find(name string, poller bool) (*Language, error) {
	for i := range Languages {
		if l := &Languages[i]; l.Name == name && l.Poller == poller {
			return l, nil
		}
	}
	of, example := "", ""
	if poller {
		of = " of a poller"
	}
	if poller && name == "java" {
		example = ", and an example, conformance/adapter/nio-selector"
	}
	return nil, fmt.Errorf("there is no skeleton%s in %q; there are %s%s", of, name, strings.Join(Names(poller), ", "), example)
}

// FirstCase is the case of the suite that the README begins with.
func (l *Language) FirstCase() string {
	if l.Poller {
		return "ready/level-partial-read"
	}
	return "receive/posted-first"
}

// folder is where the skeleton is.
func (l *Language) folder() string {
	if l.Poller {
		return path.Join(pollers, l.Name)
	}
	return l.Name
}

// Write writes the skeleton into the folder dir, which it makes if need be: the source, a README.md with the next steps, and the protocol. It writes over
// nothing: where one of its files is there already, it writes none. It returns the names of the files.
func (l *Language) Write(dir string) (names []string, err error) {
	files, err := l.files()
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		switch _, err := os.Lstat(filepath.Join(dir, f.name)); {
		case err == nil:
			return nil, fmt.Errorf("%s is there already; nothing was written", filepath.Join(dir, f.name))
		case !errors.Is(err, fs.ErrNotExist):
			return nil, err
		}
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	for _, f := range files {
		if err := create(filepath.Join(dir, f.name), f.text); err != nil {
			return names, err
		}
		names = append(names, f.name)
	}
	return names, nil
}

type file struct {
	name string
	text []byte
}

func (l *Language) files() (files []file, err error) {
	found, err := fs.ReadDir(sources, l.folder())
	if err != nil {
		return nil, err
	}
	for _, e := range found {
		text, err := sources.ReadFile(path.Join(l.folder(), e.Name()))
		if err != nil {
			return nil, err
		}
		files = append(files, file{strings.TrimSuffix(e.Name(), ".txt"), text}) // a folder with a go.mod cannot be embedded
	}
	var about, protocol bytes.Buffer
	t, err := template.New("README.md").Parse(readme)
	if err != nil {
		return nil, err
	}
	if err := t.Execute(&about, l); err != nil {
		return nil, err
	}
	if err := adapter.WriteProtocol(&protocol); err != nil {
		return nil, err
	}
	return append(files, file{"README.md", about.Bytes()}, file{"PROTOCOL.md", protocol.Bytes()}, file{"protocol.schema.json", adapter.Schema()}), nil
}

// create writes a file that is not there yet.
func create(name string, text []byte) (err error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, err = f.Write(text)
	return err
}
