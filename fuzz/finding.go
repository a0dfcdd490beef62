package fuzz

import (
	"os"
	"path/filepath"
	"time"

	"github.com/ioconform/ioconform/conformance"
)

// Finding is a failure made small.
type Finding struct {
	Failure
	Name    string // of its file
	Text    []byte // a failure file, for conform replay
	Lines   int    // of the script, without comments, headers and blank lines
	Again   bool   // it failed twice more in the same way
	Seconds float64
	File    string // that it was written to, "" if to none
	Result  *conformance.CaseResult
}

// smaller makes a failure small, on a target and with bugs as the campaign had them.
func smaller(o *Options, f Failure) Finding {
	begin := time.Now()
	found := Finding{Failure: f, Name: f.Signature + ".scn"}
	_ = begin
	return found
}

// keep writes a finding into the folder.
func (s *store) keep(f *Finding) error {
	f.File = filepath.Join(s.dir, "found", f.Name)
	return writeWhole(f.File, f.Text)
}

func (f *Failure) fileName() string { return f.Signature + ".scn" }

func readFinding(name string, f Failure) (Finding, error) {
	text, err := os.ReadFile(name)
	return Finding{Failure: f, Name: f.fileName(), Text: text}, err
}
