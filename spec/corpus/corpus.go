// Package corpus is a collection of small traces and of the verdict that each rule has on them. Within a version of the contract no verdict changes: who was
// told yesterday that a trace is in order is not told otherwise tomorrow.
//
//   - traces/doctored: good traces with one thing changed, so that one rule is broken and no other. The file is named after the rule.
//   - traces/legal: what correct back ends do and a rule in its naive form would accuse.
//   - traces/recorded: what the references did, and what they did with a planted bug.
//   - verdicts.txt: the verdicts.
//
// Each is a file that conform check reads. make traces adds what is new and leaves what is there alone.
package corpus

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/ioconform/ioconform/spec"
)

//go:embed traces verdicts*.txt
var files embed.FS

// Names lists the traces, such as doctored/KEY-2-the-accepted-socket-s-key, in their order.
var Names = sync.OnceValue(func() (names []string) {
	err := fs.WalkDir(files, "traces", func(p string, d fs.DirEntry, err error) error {
		if name, is := strings.CutSuffix(p, ".jsonl"); err == nil && is {
			names = append(names, strings.TrimPrefix(name, "traces/"))
		}
		return err
	})
	if err != nil {
		panic(err) // what is embedded can be walked
	}
	slices.Sort(names)
	return names
})

// Open reads the trace of the name.
func Open(name string) (*spec.Trace, error) {
	src, err := files.ReadFile(path.Join("traces", name+".jsonl"))
	if err != nil {
		return nil, fmt.Errorf("the corpus has no trace %q", name)
	}
	return spec.ReadTrace(name, bytes.NewReader(src))
}

// Alone lists, by rule, the traces that break it and no other rule. They are judged anew, not looked up.
func Alone() (map[string][]string, error) {
	alone := map[string][]string{}
	checker := spec.NewChecker()
	for _, name := range Names() {
		t, err := Open(name)
		if err != nil {
			return nil, err
		}
		if broken := Judge(checker, t).Broken; len(broken) == 1 {
			alone[broken[0]] = append(alone[broken[0]], name)
		}
	}
	return alone, nil
}
