package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/fuzz/seed"
)

const root = "../.."

// declared are the fuzz targets that the module has, as "folder function".
func declared(t *testing.T) (found []string) {
	fuzz := regexp.MustCompile(`(?m)^func (Fuzz\w+)\(\w+ \*testing\.F\)`)
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if _, err := os.Stat(filepath.Join(path, "go.mod")); path != root && (err == nil || strings.HasPrefix(d.Name(), ".")) && d.Name() != ".." {
				return filepath.SkipDir // another module, or nothing of this one
			}
			return nil
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		folder, err := filepath.Rel(root, filepath.Dir(path))
		for _, m := range fuzz.FindAllSubmatch(text, -1) {
			found = append(found, filepath.ToSlash(folder)+" "+string(m[1]))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(found)
	return found
}

func TestTheTableHasEveryTarget(t *testing.T) {
	var have []string
	names := map[string]bool{}
	for _, x := range Targets {
		have = append(have, x.Folder+" "+x.Function)
		if names[x.Name] {
			t.Errorf("%s stands twice", x.Name)
		}
		names[x.Name] = true
		for _, y := range Targets {
			if x != y && strings.HasPrefix(y.Folder+"/", x.Folder+"/") && strings.HasPrefix(y.Function, x.Function) {
				t.Errorf("%s begins like %s, so that the scripts of OSS-Fuzz find two functions", y.Function, x.Function)
			}
		}
	}
	slices.Sort(have)
	if want := declared(t); !slices.Equal(have, want) {
		t.Errorf("the table has\n%s\nand the module\n%s", strings.Join(have, "\n"), strings.Join(want, "\n"))
	}
}

// The script that builds them names each target once where it builds it and once where it looks whether it is there.
func TestTheBuildScriptHasEveryTarget(t *testing.T) {
	script, err := os.ReadFile(root + "/.clusterfuzzlite/build.sh")
	if err != nil {
		t.Fatal(err)
	}
	var built, want, all []string
	for line := range strings.Lines(string(script)) {
		if rest, ok := strings.CutPrefix(line, "compile_native_go_fuzzer_v2 "); ok {
			built = append(built, strings.TrimSpace(rest))
		}
	}
	for _, x := range Targets {
		want = append(want, fmt.Sprintf("%s %s %s", x.Package(), x.Function, x.Name))
		all = append(all, x.Name)
	}
	if !slices.Equal(built, want) {
		t.Errorf("build.sh builds\n%s\nthe targets are\n%s", strings.Join(built, "\n"), strings.Join(want, "\n"))
	}
	if loop := "for target in " + strings.Join(all, " ") + "; do"; !strings.Contains(string(script), loop) {
		t.Errorf("build.sh does not look for every target: it has no line %q", loop)
	}
}

// A target's file builds without the other tests of its folder.
func TestTargetsUseNothingOfOtherTests(t *testing.T) {
	used := regexp.MustCompile(`(?m)^package (\w+)$`)
	for _, x := range Targets {
		files, err := filepath.Glob(filepath.Join(root, x.Folder, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(text, []byte("\nfunc "+x.Function+"(")) && strings.HasSuffix(string(used.FindSubmatch(text)[1]), "_test") {
				t.Errorf("%s: %s stands in a package of its own; libFuzzer's tools want it in that which it tests", path, x.Function)
			}
		}
	}
	overlay(t)
}

func TestTheDictionaryIsCurrent(t *testing.T) {
	got, err := os.ReadFile(root + "/.clusterfuzzlite/scenario_parse.dict")
	if err != nil {
		t.Fatal(err)
	}
	if want := Dictionary(scenario.Words()); !bytes.Equal(got, want) {
		t.Error("scenario_parse.dict is out of date: go generate ./fuzz/corpus")
	}
	entry := regexp.MustCompile(`^"([^"\\]|\\x[0-9A-F]{2})+"$`)
	for line := range strings.Lines(string(got)) {
		if line = strings.TrimSuffix(line, "\n"); !strings.HasPrefix(line, "#") && !entry.MatchString(line) {
			t.Errorf("%q is no entry of a dictionary", line)
		}
	}
}

// Archives hold the inputs themselves, and are the same every time.
func TestArchivesAreTheSeeds(t *testing.T) {
	for _, x := range Targets {
		a, n, err := pack(x, root, 1)
		if err != nil {
			t.Fatal(err)
		}
		if b, _, err := pack(x, root, 1); err != nil || !bytes.Equal(a, b) {
			t.Errorf("%s is another the second time (%v)", x.Name, err)
		}
		z, err := zip.NewReader(bytes.NewReader(a), int64(len(a)))
		if err != nil {
			t.Fatal(err)
		}
		seeds, err := seed.Read(filepath.Join(root, x.Seeds()))
		if err != nil || n == 0 || len(seeds) != n || len(z.File) != n {
			t.Fatalf("%s has %d files of %d seeds: %v", x.Name, len(z.File), len(seeds), err)
		}
		for i, f := range z.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(r)
			if want := append([]byte{0}, seeds[i].Input...); err != nil || f.Name != seeds[i].Name || !bytes.Equal(got, want) {
				t.Errorf("%s, %s: %q, want %q (%v)", x.Name, f.Name, got, want, err)
			}
		}
	}
}
