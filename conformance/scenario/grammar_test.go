package scenario

import (
	"regexp"
	"strings"
	"testing"
)

func TestEveryWordOfTheTablesOccursInTheGoodFiles(t *testing.T) {
	verbs, peers, seen := map[string]bool{}, map[string]bool{}, map[string]bool{}
	var walk func(nodes []Node)
	walk = func(nodes []Node) {
		for _, n := range nodes {
			switch n := n.(type) {
			case *Header:
				seen[n.Word] = true
			case *Block:
				walk(n.Lines)
			case *Line:
				verbs[n.Action.Word()] = true
				if l, ok := n.Action.(*PeerLine); ok {
					peers[l.Verb] = true
				}
			}
		}
	}
	for path, text := range files(t, "testdata/good/*.scn") {
		f, err := Parse(path, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		walk(f.Lines)
	}
	for _, v := range Verbs {
		if !verbs[v.Word] {
			t.Errorf("no good file has a line with %q", v.Word)
		}
	}
	for _, v := range PeerVerbs {
		if !peers[v.Word] {
			t.Errorf("no good file has a peer that %s", v.Word)
		}
	}
	for _, w := range HeaderWords {
		if !seen[w.Word] {
			t.Errorf("no good file has a header %q", w.Word)
		}
	}
}

// declarations is how the names in the examples of the tables come about.
var declarations = map[string]string{
	"P": "port P", "L": "listen L on P key=1", "E": "poller E", "U": "udp U", "u": "peer u udp", "p": "peer p listens",
	"s": "tcp s", "s1": "tcp s1", "c": "peer c connects L", "c[16]": "peer c[16] connects L", "a1": "accept a1 on L",
	"r1": "recv r1 on s len=4", "p1": "@w1 wait P as p1 &", "W": "pool W on P threads=1 handler=drain",
}

func TestEveryExampleOfTheTablesParses(t *testing.T) {
	unknown := regexp.MustCompile(`unknown name "(\w+)"`)
	for _, v := range append(append([]Verb{}, Verbs...), PeerVerbs...) {
		text := v.Example
		if v.Word == "join" {
			text = "port P\n@w1 wait P &\n" + text
		}
		for range 8 {
			_, err := Parse("example", []byte(text))
			if err == nil {
				break
			}
			m := unknown.FindStringSubmatch(err.Error())
			if m == nil {
				t.Errorf("%v in\n%s", err, text)
				break
			}
			name := m[1]
			if strings.Contains(v.Example, name+"[16]") {
				name += "[16]"
			}
			line := declarations[name] + "\n" // to the top, from wherever it stands
			text = line + strings.Replace(text, line, "", 1)
		}
	}
}

func TestGrammarNamesEveryWord(t *testing.T) {
	text := Grammar()
	for _, v := range append(append([]Verb{}, Verbs...), PeerVerbs...) {
		if v.Word != "peer" && !strings.Contains(text, v.Example) {
			t.Errorf("the help lacks %q", v.Example)
		}
		if v.Meaning == "" {
			t.Errorf("%q has no meaning", v.Word)
		}
	}
	for _, table := range [][]Word{Statuses, Events, Flags, Sides, Handlers, Observations, Disturbances, HeaderWords} {
		for _, w := range table {
			if !strings.Contains(text, "  "+w.Word+" ") {
				t.Errorf("the help lacks %q", w.Word)
			}
		}
	}
}
