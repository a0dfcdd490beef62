package fuzz

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/spec"
)

// SpliceScripts draws a script that does a part of what a does and a part of what b does, interleaved, on the port of a. The same seed and the
// same two give the same script.
func SpliceScripts(about *spec.About, seed uint64, a, b *conformance.Case) *conformance.Case {
	d := dice(seed)
	mine, theirs := steps(a.File.Lines), apart(b)
	if len(mine) < 2 || len(theirs) == 0 {
		return renamed(a, seed)
	}
	mine = mine[:1+d.below(len(mine))]
	if from := d.below(len(theirs)); d.one(2) { // what it refers to before that goes as well
		theirs = theirs[from:]
	} else {
		theirs = theirs[:from+1]
	}
	list := []scenario.Node{mine[0]} // the port, to begin with
	mine = mine[1:]
	for len(mine)+len(theirs) > 0 && len(list) < longest {
		from := &mine
		if d.below(len(mine)+len(theirs)) >= len(mine) {
			from = &theirs
		}
		n := min(1+d.below(4), len(*from))
		list = append(list, (*from)[:n]...)
		*from = (*from)[n:]
	}
	c, ok := assembled(about, list, seed)
	if !ok {
		return renamed(a, seed)
	}
	return c
}

// longest is how many lines and blocks a script that is made of others may have.
const longest = 80

// numbered is a name as scripts have them: a letter and a number.
var numbered = regexp.MustCompile(`\b[A-Za-z][0-9]+\b`)

// apart is what the script does after its port has been opened, under names that no drawn script has given out.
func apart(c *conformance.Case) []scenario.Node {
	most := 0
	text := string(scenario.Print(&scenario.File{Name: c.File.Name, Lines: steps(c.File.Lines)}))
	for _, name := range numbered.FindAllString(text, -1) {
		n, _ := strconv.Atoi(name[1:])
		most = max(most, n)
	}
	shift := (most/100 + 1) * 100
	text = numbered.ReplaceAllStringFunc(text, func(name string) string {
		n, _ := strconv.Atoi(name[1:])
		return name[:1] + strconv.Itoa(n+shift)
	})
	f, err := scenario.Parse(c.File.Name, []byte(text))
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(steps(f.Lines), func(n scenario.Node) bool {
		l, is := n.(*scenario.Line)
		if !is {
			return false
		}
		p, is := l.Action.(*scenario.PortLine)
		return is && p.Name == "P"
	})
}

// assembled makes a case of steps, without those that refer to what is not there and without what the target is not capable of.
func assembled(about *spec.About, body []scenario.Node, seed uint64) (*conformance.Case, bool) {
	name := caseName(seed)
	head, err := scenario.Parse(name, []byte("answers any\n\n"))
	if err != nil {
		return nil, false
	}
	c, ok := rebuilt(&conformance.Case{Name: name, File: head}, append(head.Lines, body...))
	if !ok || len(steps(c.File.Lines)) == 0 {
		return nil, false
	}
	if _, applies := c.Applies(about); !applies {
		return nil, false
	}
	return c, true
}

func caseName(seed uint64) string { return fmt.Sprintf("fuzz/%d", seed) }

// renamed is the same script under the name of the seed.
func renamed(c *conformance.Case, seed uint64) *conformance.Case {
	return &conformance.Case{Name: caseName(seed), File: c.File}
}

// one reports true once in n times.
func (d *dice) one(n int) bool { return d.below(n) == 0 }
