package mutant

import (
	"fmt"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strings"
)

// RedFirst reads the history of the repository in dir and reports which mutants were there before the cases that kill them: at some commit the
// catalogue had the mutant, and marked it as one that is not caught, or had none of the cases yet that kill it today. A case that was renamed is
// followed. It runs git; without a whole history it is an error.
func RedFirst(dir string, results []Result) (map[string]bool, error) {
	g := git{dir}
	if shallow, err := g.run("rev-parse", "--is-shallow-repository"); err != nil {
		return nil, err
	} else if strings.TrimSpace(shallow) != "false" {
		return nil, fmt.Errorf("%s has not its whole history; git fetch --unshallow gets it", dir)
	}
	log, err := g.run("log", "--reverse", "--topo-order", "--format=%H", "--", catalogue)
	if err != nil {
		return nil, err
	}
	red := map[string]bool{}
	births := map[string]string{} // of cases: the commit that added each
	for _, commit := range strings.Fields(log) {
		planted, err := g.planted(commit)
		if err != nil {
			return nil, err
		}
		var there map[string]bool
		for i := range results {
			m := &results[i]
			uncaught, has := planted[m.ID]
			switch {
			case !has || red[m.ID] || !m.Killed():
				continue
			case uncaught:
				red[m.ID] = true
				continue
			}
			if there == nil {
				if there, err = g.cases(commit); err != nil {
					return nil, err
				}
			}
			if slices.ContainsFunc(m.Kills, func(k Kill) bool { return there[k.Case] }) {
				continue
			}
			before := false
			for _, k := range m.Kills {
				if births[k.Case] == "" {
					if births[k.Case], err = g.birth(k.Case); err != nil {
						return nil, err
					}
				}
				is, err := g.ancestor(births[k.Case], commit)
				if err != nil {
					return nil, err
				}
				before = before || is
			}
			red[m.ID] = !before
		}
	}
	return red, nil
}

const (
	catalogue = "conformance/mutant"
	suite     = "conformance/cases"
)

type git struct{ dir string }

func (g git) run(args ...string) (string, error) {
	cmd := exec.Command("git", args...)
	cmd.Dir = g.dir
	out, err := cmd.Output()
	if exit, is := err.(*exec.ExitError); is {
		return "", fmt.Errorf("git %s: %w: %s", strings.Join(args, " "), err, exit.Stderr)
	}
	return string(out), err
}

var (
	listOfBugs = regexp.MustCompile(`^var \w+Of(Model|Epoll|Poller)\b|^var of(Model|Epoll|Poller)\b`)
	lineOfBug  = regexp.MustCompile(`^\s*\{Bug: "([^"]+)"`)
)

// planted reads the catalogue as a commit had it: the mutants, and whether each was marked as not caught.
func (g git) planted(commit string) (map[string]bool, error) {
	files, err := g.run("ls-tree", "--name-only", commit, catalogue+"/")
	if err != nil {
		return nil, err
	}
	planted := map[string]bool{}
	for _, file := range strings.Fields(files) {
		if path.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go") {
			continue
		}
		src, err := g.run("show", commit+":"+file)
		if err != nil {
			return nil, err
		}
		target := ""
		for line := range strings.Lines(src) {
			if m := listOfBugs.FindStringSubmatch(line); m != nil {
				target = map[string]string{"Model": "model", "Epoll": "epoll-sim", "Poller": "poller-sim"}[m[1]+m[2]]
			} else if m := lineOfBug.FindStringSubmatch(line); m != nil {
				planted[target+"/"+m[1]] = strings.Contains(line, "Uncaught: true")
			}
		}
	}
	return planted, nil
}

// cases lists the cases that a commit had.
func (g git) cases(commit string) (map[string]bool, error) {
	files, err := g.run("ls-tree", "-r", "--name-only", commit, suite+"/")
	if err != nil {
		return nil, err
	}
	there := map[string]bool{}
	for _, file := range strings.Fields(files) {
		there[strings.TrimSuffix(strings.TrimPrefix(file, suite+"/"), ".scn")] = true
	}
	return there, nil
}

// birth is the commit that added the case, under whatever name.
func (g git) birth(name string) (string, error) {
	log, err := g.run("log", "--follow", "--diff-filter=A", "--format=%H", "--", suite+"/"+name+".scn")
	if err != nil {
		return "", err
	}
	commits := strings.Fields(log)
	if len(commits) == 0 {
		return "", fmt.Errorf("the case %s is not committed yet", name)
	}
	return commits[len(commits)-1], nil
}

// ancestor reports whether a is b or was there before it.
func (g git) ancestor(a, b string) (bool, error) {
	base, err := g.run("merge-base", a, b)
	return err == nil && strings.TrimSpace(base) == a, err
}
