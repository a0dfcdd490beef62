package corpus

import (
	"bufio"
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/ioconform/ioconform/spec"
)

// Verdicts is what a trace shows of the rules, by their ids. Those that it shows nothing of stand nowhere.
type Verdicts struct {
	Broken  []string
	Held    []string // in all their situations
	Partly  []string // in some of their situations, and never broken
	Unknown []string // the trace does not tell
}

// Judge judges a trace.
func Judge(c *spec.Checker, t *spec.Trace) (v Verdicts) {
	counts := c.Check(t).Counts
	for i, r := range spec.Rules() {
		switch n := counts[i]; {
		case n.Broken > 0:
			v.Broken = append(v.Broken, r.ID)
		case n.Checks > 0 && len(n.Missing(r, nil)) == 0:
			v.Held = append(v.Held, r.ID)
		case n.Checks > 0:
			v.Partly = append(v.Partly, r.ID)
		case n.Unknown > 0:
			v.Unknown = append(v.Unknown, r.ID)
		}
	}
	return v
}

// lists are the words of the file, in its order.
func (v *Verdicts) lists() [4]struct {
	word string
	ids  *[]string
} {
	return [4]struct {
		word string
		ids  *[]string
	}{{"broken", &v.Broken}, {"held", &v.Held}, {"partly", &v.Partly}, {"unknown", &v.Unknown}}
}

// Only returns v without the rules that are not among ids.
func (v Verdicts) Only(ids []string) Verdicts {
	for _, l := range v.lists() {
		*l.ids = slices.DeleteFunc(slices.Clone(*l.ids), func(id string) bool { return !slices.Contains(ids, id) })
	}
	return v
}

// String is v as it stands in the file.
func (v Verdicts) String() string {
	var b strings.Builder
	for _, l := range v.lists() {
		if len(*l.ids) > 0 {
			fmt.Fprintf(&b, "  %-8s%s\n", l.word, strings.Join(*l.ids, " "))
		}
	}
	return b.String()
}

// File is where the verdicts of the rules stand that came with a version of the contract.
func File(v *spec.Version) string {
	if v.Name == "1" {
		return "verdicts.txt"
	}
	return "verdicts-" + v.Name + ".txt"
}

// Frozen reads the verdicts that may not change of the rules that came with a version, by trace. There are none yet where it has no file.
func Frozen(version *spec.Version) (map[string]Verdicts, error) {
	src, err := files.ReadFile(File(version))
	if err != nil && version.Name == "1" {
		return nil, err
	}
	frozen := map[string]Verdicts{}
	name := ""
	lines := bufio.NewScanner(bytes.NewReader(src))
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		switch words := strings.Fields(line); {
		case len(words) == 0 || line[0] == '#':
		case line[0] != ' ':
			if _, twice := frozen[line]; twice {
				return nil, fmt.Errorf("%s:%d: %s stands there twice", File(version), n, line)
			}
			name = line
			frozen[name] = Verdicts{}
		default:
			v := frozen[name]
			known := false
			for _, l := range v.lists() {
				if l.word == words[0] {
					*l.ids, known = words[1:], true
				}
			}
			if !known || name == "" {
				return nil, fmt.Errorf("%s:%d: %q is no verdict of a trace", File(version), n, line)
			}
			frozen[name] = v
		}
	}
	return frozen, lines.Err()
}
