package main

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

//go:embed hooks.go.txt
var hooks string

// under says which files are changed for a target, by the name that conform run knows.
var under = []struct {
	target string
	files  []string
}{
	{"model", []string{"reference/model/*.go"}},
	{"epoll-sim", []string{"reference/epoll/*.go", "reference/errno/*.go"}},
	{"poller-sim", []string{"reference/poller/*.go"}},
}

// untouched are files that are about planted bugs, and those that only describe.
var untouched = map[string]bool{"bugs.go": true, "layer.go": true, "mutant.go": true, "races.go": true, "slips.go": true, "lapses.go": true, "mutants.go": true, "about.go": true, "doc.go": true}

// mutants is every point, by target, and the program that has a hook at each of those that compile.
type mutants struct {
	binary  string
	points  map[string][]*point // by target
	without map[int]bool        // points that do not compile
}

// build writes the changed sources beside dir, from the root of the module, and builds conform with them. Points that do not compile are
// found by the compiler's complaints, and left out until it has none.
func build(dir string) (*mutants, error) {
	m := &mutants{binary: filepath.Join(dir, "conform"), without: map[int]bool{}}
	for range 12 {
		overlay, at, err := m.write(dir)
		if err != nil {
			return nil, err
		}
		out, err := exec.Command("go", "build", "-gcflags=github.com/ioconform/ioconform/...=-e", "-overlay", overlay, "-o", m.binary, "./cmd/conform").CombinedOutput()
		if err == nil {
			return m, nil
		}
		if !m.leaveOut(string(out), at) {
			return nil, fmt.Errorf("go build -overlay %s: %w\n%s", overlay, err, out)
		}
	}
	return nil, errors.New("there is no end of points that do not compile")
}

// write writes the sources and the overlay, and says which points have a hook on which line of which file.
func (m *mutants) write(dir string) (overlay string, at map[string]map[int][]int, err error) {
	root, err := os.Getwd()
	if err != nil {
		return "", nil, err
	}
	replace := map[string]string{}
	at = map[string]map[int][]int{}
	m.points = map[string][]*point{}
	next := 0
	for _, u := range under {
		for _, pattern := range u.files {
			names, err := filepath.Glob(pattern)
			if err != nil || len(names) == 0 {
				return "", nil, fmt.Errorf("no file is %s; run this from the root of the module", pattern)
			}
			for _, name := range names {
				if strings.HasSuffix(name, "_test.go") || untouched[filepath.Base(name)] {
					continue
				}
				f, err := find(name, &next, m.without)
				if err != nil {
					return "", nil, err
				}
				m.points[u.target] = append(m.points[u.target], f.points...)
				lines := map[int][]int{}
				for _, p := range f.points {
					lines[p.line] = append(lines[p.line], p.id)
				}
				changed := filepath.Join(dir, strings.ReplaceAll(filepath.ToSlash(name), "/", "_"))
				at[filepath.Base(changed)] = lines
				if err := os.WriteFile(changed, f.rewritten(), 0o644); err != nil {
					return "", nil, err
				}
				replace[filepath.Join(root, name)] = changed
				folder := filepath.Dir(name)
				own := filepath.Join(dir, strings.ReplaceAll(filepath.ToSlash(folder), "/", "_")+"_hooks.go")
				if err := os.WriteFile(own, []byte(strings.Replace(hooks, "PACKAGE", filepath.Base(folder), 1)), 0o644); err != nil {
					return "", nil, err
				}
				replace[filepath.Join(root, folder, "operators_hooks.go")] = own
			}
		}
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", nil, err
	}
	overlay = filepath.Join(dir, "overlay.json")
	return overlay, at, os.WriteFile(overlay, text, 0o644)
}

var complaint = regexp.MustCompile(`(?m)^([^\s:]+\.go):(\d+):\d+: `)

// leaveOut takes the points away that stand on a line that the compiler complains of, and reports whether there was one.
func (m *mutants) leaveOut(out string, at map[string]map[int][]int) (any bool) {
	for _, c := range complaint.FindAllStringSubmatch(out, -1) {
		line, _ := strconv.Atoi(c[2])
		for _, id := range at[filepath.Base(c[1])][line] { // the compiler shortens paths
			any = any || !m.without[id]
			m.without[id] = true
		}
	}
	return any
}
