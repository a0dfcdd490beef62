package spec

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var addToCorpus = flag.Bool("corpus", false, "add the samples that the corpus lacks; what it has stays as it is")

// The corpus has, for every rule that is judged, a doctored trace that breaks it alone, and every legal trace that a rule in its naive form would
// accuse. What is there is not written again: a sample may change, the corpus does not.
func TestTheCorpusHasTheSamples(t *testing.T) {
	done := map[string]bool{}
	for _, s := range slices.Concat(doctoredSamples, doctoredHandles) {
		if _, alone := RuleByID(s.broken); !alone || done[s.broken] {
			continue
		}
		done[s.broken] = true
		has, err := filepath.Glob("corpus/traces/doctored/" + s.broken + "-*.jsonl")
		if err != nil {
			t.Fatal(err)
		}
		if len(has) == 0 {
			addSample(t, "doctored", s)
		}
	}
	for _, s := range legalSamples {
		if _, err := os.Stat(corpusFile("legal", s)); s.broken == "" && errors.Is(err, fs.ErrNotExist) {
			addSample(t, "legal", s)
		}
	}
}

var noLetters = regexp.MustCompile(`[^A-Za-z0-9]+`)

func corpusFile(kind string, s sample) string {
	name := s.name
	if kind == "doctored" && !strings.HasPrefix(name, s.broken) {
		name = s.broken + ": " + name
	}
	return filepath.Join("corpus", "traces", kind, strings.Trim(noLetters.ReplaceAllString(name, "-"), "-")+".jsonl")
}

func addSample(t *testing.T, kind string, s sample) {
	t.Helper()
	name := corpusFile(kind, s)
	if !*addToCorpus {
		t.Errorf("%s is missing; run: make traces", name)
		return
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, write(t, build(t, s.about(), s.text)), 0o644); err != nil {
		t.Fatal(err)
	}
}
