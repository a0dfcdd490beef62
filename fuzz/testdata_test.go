package fuzz_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/reference"
	"github.com/ioconform/ioconform/spec"
)

// stored reads the scripts of a folder below testdata.
func stored(t *testing.T, folder string) map[string]*conformance.Case {
	files, err := filepath.Glob(filepath.Join("testdata", folder, "*.scn"))
	if err != nil || len(files) == 0 {
		t.Fatalf("testdata/%s: %d files, %v", folder, len(files), err)
	}
	all := map[string]*conformance.Case{}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		c, err := conformance.ParseCase(path, text)
		if err != nil {
			t.Fatal(err)
		}
		all[path] = c
	}
	return all
}

func targetOf(t *testing.T, c *conformance.Case) (target *spec.Target, bugs []string) {
	name, bug, planted := strings.Cut(c.File.Target(), "/")
	if planted {
		bugs = []string{bug}
	}
	target, err := reference.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return target, bugs
}

// What was once held against a reference, because a rule said too much, or the simulated world or the runner did something wrong, is not any more.
func TestWhatAccusedAReferenceDoesNotAnyMore(t *testing.T) {
	for path, c := range stored(t, "sound") {
		target, _ := targetOf(t, c)
		p := conformance.NewPlayer(target, "", nil)
		for i := range uint64(200) {
			if a := p.Play(c, scriptSchedule(i)); a.Signature() != "" || a.Left != nil {
				t.Errorf("%s:\n%s", path, a.Result(c).Describe(target.About.Name, "", conformance.Page{}))
				break
			}
		}
	}
}
