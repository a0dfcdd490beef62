// Package seed keeps the seed corpora of the fuzz targets: files in the form of go test under testdata/fuzz, one argument of bytes each.
//
// Tests that know where seeds come from write them with Keep; fuzz/corpus packs them for other fuzzers.
package seed

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
)

const (
	header = "go test fuzz v1\n"
	before = "[]byte("
	behind = ")\n"
)

// Encode returns the file for an input.
func Encode(input []byte) []byte {
	return fmt.Appendf(nil, "%s%s%q%s", header, before, input, behind)
}

// Decode returns the input that a file stands for. The error says what is not as it should be.
func Decode(file []byte) ([]byte, error) {
	line, ok := strings.CutPrefix(string(file), header)
	if !ok {
		return nil, fmt.Errorf("the first line is not %q", strings.TrimSpace(header))
	}
	quoted, ok := strings.CutPrefix(strings.TrimSpace(line), before)
	if !ok || !strings.HasSuffix(quoted, ")") {
		return nil, fmt.Errorf("the second line is not []byte(...), and the last")
	}
	text, err := strconv.Unquote(strings.TrimSuffix(quoted, ")"))
	if err != nil {
		return nil, fmt.Errorf("what stands in []byte(...) is no string: %w", err)
	}
	return []byte(text), nil
}

// Seed is an input with the name of its file.
type Seed struct {
	Name  string
	Input []byte
}

// Read returns the seeds of a folder, by name.
func Read(dir string) ([]Seed, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var seeds []Seed
	for _, f := range files {
		path := filepath.Join(dir, f.Name())
		file, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		input, err := Decode(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		seeds = append(seeds, Seed{f.Name(), input})
	}
	slices.SortFunc(seeds, func(a, b Seed) int { return strings.Compare(a.Name, b.Name) })
	return seeds, nil
}

var write = flag.Bool("write-seeds", false, "write the seeds of fuzz targets that come from what the tests have, instead of comparing them")

// Writing reports whether -write-seeds was given.
func Writing() bool { return *write }

// Keep holds the seeds in a folder, testdata/fuzz/TARGET of the target's package, against the inputs, by name, or with -write-seeds writes them. Other files there are left
// alone: go test -fuzz puts what it finds there.
func Keep(t testing.TB, dir string, inputs map[string][]byte) {
	t.Helper()
	var names []string
	for name := range inputs {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		path, want := filepath.Join(dir, name), Encode(inputs[name])
		if *write {
			if err := os.MkdirAll(dir, 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, want, 0o666); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what the tests have (%v); go test -run %s -write-seeds writes it", path, err, t.Name())
		}
	}
}
