package mutant_test

import (
	"bytes"
	"flag"
	"hash/fnv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/mutant"
	"github.com/ioconform/ioconform/reference"
	"github.com/ioconform/ioconform/spec"
)

var addToCorpus = flag.Bool("corpus", false, "add what references and planted bugs do to spec/corpus; what it has stays as it is")

const (
	recorded  = "../../spec/corpus/traces/recorded"
	mostBytes = 12_000 // of a trace of the corpus: one that can be read
)

// in picks one name in n, always the same whatever else there is.
func in(n uint32, name string) bool {
	h := fnv.New32a()
	h.Write([]byte(name))
	return h.Sum32()%n == 0
}

// What the corpus has of the references and of their planted bugs is what some target of today's did: of one bug in three the smallest run that broke a rule, of one case
// in ten what each simulated reference does. A trace that is there is not recorded again.
func TestTheCorpusHasRuns(t *testing.T) {
	cases, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range mutant.Catalogue() {
		name := "bug-" + m.Target + "-" + m.Bug
		if m.Ends != "" || m.Uncaught || !in(3, m.ID) || inCorpus(name) || !*addToCorpus {
			continue
		}
		r := run(t, m.Target, cases, m.Bug)
		var smallest *spec.Trace
		for i := range r.Cases {
			c := &r.Cases[i]
			if c.Verdict == conformance.Fail && c.Trace != nil && (smallest == nil || len(c.Trace.Events) < len(smallest.Events)) {
				smallest = c.Trace
			}
		}
		add(t, name, smallest)
	}
	for _, target := range []string{"model", "epoll-sim", "poller-sim"} {
		t0, err := reference.Lookup(target)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			name := target + "-" + strings.ReplaceAll(c.Name, "/", "-")
			if _, applies := c.Applies(&t0.About); !applies || !in(10, c.Name) || inCorpus(name) || !*addToCorpus {
				continue
			}
			r, err := conformance.Replay(t.Context(), t0, c, spec.Schedule{Strategy: "uniform", Seed: 1}, 1)
			if err != nil {
				t.Fatal(err)
			}
			add(t, name, r.Trace)
		}
	}
	names, err := filepath.Glob(recorded + "/*.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	bugs := 0
	for _, name := range names {
		if strings.HasPrefix(filepath.Base(name), "bug-") {
			bugs++
		}
	}
	if bugs < 30 || len(names)-bugs < 30 {
		t.Errorf("the corpus has %d runs of planted bugs and %d of references, want 30 of each at least; run: make traces", bugs, len(names)-bugs)
	}
}

func inCorpus(name string) bool {
	_, err := os.Stat(filepath.Join(recorded, name+".jsonl"))
	return err == nil
}

func run(t *testing.T, target string, cases []*conformance.Case, bug string) *conformance.Report {
	t.Helper()
	t0, err := reference.Lookup(target)
	if err != nil {
		t.Fatal(err)
	}
	r, err := conformance.Run(t.Context(), t0, conformance.Options{Cases: cases, Bugs: []string{bug}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func add(t *testing.T, name string, trace *spec.Trace) {
	t.Helper()
	if trace == nil || trace.Validate() != nil {
		return
	}
	var b bytes.Buffer
	if err := spec.WriteTrace(&b, trace); err != nil {
		t.Fatal(err)
	}
	if b.Len() > mostBytes {
		return
	}
	if err := os.MkdirAll(recorded, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(recorded, name+".jsonl"), b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
