package engine

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/ioconform/ioconform/conformance/scenario"
)

// nameOrThread is a name where it stands in a line, with the mark of a thread before it if it is one's. What follows a digit is no name: 140k, 5ms.
var nameOrThread = regexp.MustCompile(`@?\b[A-Za-z][A-Za-z0-9_-]*`)

// plainNames is the script with the names that one would give: s, or s1 and s2, in the order in which the things come; threads are t1, t2. What is left of a large script has those of a
// large one. The names P and L stay, which sessions share.
func plainNames(nodes []scenario.Node) ([]scenario.Node, bool) {
	var names, threads []string
	for _, n := range nodes {
		if b, is := n.(*scenario.Block); is && b.Kind == scenario.Schedule { // which names the threads itself
			return nil, false
		}
	}
	eachLine(nodes, func(l *scenario.Line) {
		if l.Thread != "" && !slices.Contains(threads, l.Thread) {
			threads = append(threads, l.Thread)
		}
		for _, name := range introduced(l) {
			if name != scenario.SessionPort && name != scenario.SessionListener && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	})
	of := map[byte]int{}
	for _, name := range names {
		of[name[0]]++
	}
	to, given := map[string]string{}, map[byte]int{}
	for _, name := range names {
		letter := name[0]
		given[letter]++
		to[name] = fmt.Sprintf("%c%d", letter, given[letter])
		if of[letter] == 1 && letter != 'P' && letter != 'L' {
			to[name] = string(letter)
		}
	}
	for i, t := range threads {
		to["@"+t] = fmt.Sprintf("@t%d", i+1)
	}
	text := nameOrThread.ReplaceAllStringFunc(string(scenario.Print(&scenario.File{Lines: nodes})), func(w string) string {
		if n, has := to[w]; has {
			return n
		}
		return w
	})
	list, ok := parsedNodes(nil, text)
	if !ok {
		return nil, false
	}
	return changed(list, func(l *scenario.Line) {
		if a, is := l.Action.(*scenario.SessionLine); is && a.Opts.Word("peer", "") == (&scenario.SessionLine{}).Peer() {
			a.Opts = slices.DeleteFunc(slices.Clone(a.Opts), func(o scenario.Opt) bool { return o.Key == "peer" })
		}
	}), true
}
