package engine

import (
	"regexp"
	"slices"

	"github.com/ioconform/ioconform/conformance/scenario"
)

// The same with fewer lines: blocks are dissolved, threads and things become one, what is done to many things alike becomes a repeat.

// dissolve puts the lines of a block one after the other, or one of them before the block or behind it, and repeats less often.
func (m *minimiser) dissolve() {
	for k := 0; ; k++ {
		var b *scenario.Block
		if _, there := replaced(m.body(), k, func(n scenario.Node) []scenario.Node {
			b, _ = n.(*scenario.Block)
			return nil
		}); !there {
			return
		}
		if b == nil {
			continue
		}
		instead := func(list ...scenario.Node) bool {
			body, _ := replaced(m.body(), k, func(scenario.Node) []scenario.Node { return list })
			return m.try(m.with(body))
		}
		if b.Kind == scenario.Repeat {
			done := instead(b.Lines...)
			for n := uint64(2); !done && n < b.Times.N; n++ {
				less := *b
				less.Times = number(n)
				done = instead(&less)
			}
			continue
		}
		if instead(onMain(b.Lines)...) || instead(b.Lines...) {
			k--
			continue
		}
		for i := range b.Lines {
			less := *b
			less.Lines = slices.Delete(slices.Clone(b.Lines), i, i+1)
			alone := onMain(b.Lines[i : i+1])
			if len(less.Lines) > 0 && len(alone) > 0 && (instead(alone[0], &less) || instead(&less, alone[0])) {
				k--
				break
			}
		}
	}
}

// mergeThreads lets one thread, or the main one, do what another did.
func (m *minimiser) mergeThreads() {
	var threads []string
	eachLine(m.c.File.Lines, func(l *scenario.Line) {
		if l.Thread != "" && !slices.Contains(threads, l.Thread) {
			threads = append(threads, l.Thread)
		}
	})
	for i, t := range threads {
		for _, to := range append([]string{""}, threads[:i]...) {
			if m.try(m.with(changed(m.body(), func(l *scenario.Line) {
				if l.Thread == t {
					if l.Thread = to; to == "" {
						l.Background = false
					}
				}
			}))) {
				break
			}
		}
	}
}

// mergeThings lets one port, one socket or one far end be what several were that are opened alike: all of them, or one after the other.
func (m *minimiser) mergeThings() {
	for k := 0; ; k++ {
		things := slices.DeleteFunc(alike(m.body()), func(kind []int) bool { return !opens(m.body()[kind[0]].(*scenario.Line)) })
		if k >= len(things) {
			return
		}
		kind := things[k]
		for i := 1; !m.merged(kind) && i < min(len(kind), 8); i++ {
			if m.merged([]int{kind[0], kind[i]}) {
				k--
				break
			}
		}
	}
}

// opens reports whether a line opens something that other lines use, and does nothing else.
func opens(l *scenario.Line) bool {
	switch a := l.Action.(type) {
	case *scenario.PortLine, *scenario.ListenLine, *scenario.SocketLine, *scenario.EventLine, *scenario.PollerLine, *scenario.SessionLine:
		return true
	case *scenario.PeerLine:
		return a.Verb == "listens" || a.Verb == "refuses" || a.Verb == "udp"
	}
	return false
}

// merged lets the first of what these lines open be the others as well.
func (m *minimiser) merged(lines []int) bool {
	body := m.body()
	first := introduced(body[lines[0]].(*scenario.Line))
	names := map[string]string{}
	for _, i := range lines[1:] {
		for k, name := range introduced(body[i].(*scenario.Line)) {
			if k < len(first) {
				names[name] = first[k]
			}
		}
	}
	var rest []scenario.Node
	for i, n := range body {
		if !slices.Contains(lines[1:], i) {
			rest = append(rest, n)
		}
	}
	list, ok := renamed(rest, names, nil)
	return ok && m.try(m.with(list))
}

// unbrace lets the lines of a par run in the background instead, which takes no braces.
func (m *minimiser) unbrace() {
	for k := 0; ; k++ {
		var b *scenario.Block
		body, there := replaced(m.body(), k, func(n scenario.Node) (list []scenario.Node) {
			if b, _ = n.(*scenario.Block); b == nil || b.Kind != scenario.Par {
				return []scenario.Node{n}
			}
			var onMain []scenario.Node
			for _, n := range b.Lines {
				x := *n.(*scenario.Line)
				if _, far := x.Action.(*scenario.PeerLine); !far && x.Thread == "" {
					onMain = append(onMain, &x)
					continue
				}
				x.Background = true
				list = append(list, &x)
			}
			return append(list, onMain...)
		})
		if !there {
			return
		}
		if b != nil && b.Kind == scenario.Par {
			m.try(m.with(body))
		}
	}
}

// roll makes one repeat of what is done to several things alike: of lines that differ in nothing but the names that are in them.
func (m *minimiser) roll() {
	patience := m.tries
	defer func() { m.tries = patience }()
	m.tries = min(patience, 4)
	body := m.body()
	kinds := alike(body)
	for set := 1<<min(len(kinds), 5) - 1; set > 0; set-- {
		var some [][]int
		for i, k := range kinds {
			if set&(1<<i) != 0 {
				some = append(some, k)
			}
		}
		for variant := range 8 {
			if list := rolled(body, some, variant&1 != 0, variant&2 != 0, variant&4 != 0); count(list) < count(body) && m.try(m.with(list)) {
				return
			}
		}
	}
}

// alike lists the lines of which there are several that differ in nothing but names: where they stand, those of which there are most first.
func alike(nodes []scenario.Node) (kinds [][]int) {
	own := map[string]bool{}
	eachLine(nodes, func(l *scenario.Line) {
		for _, name := range introduced(l) {
			own[name] = true
		}
	})
	at := map[string]int{}
	for i, n := range nodes {
		if _, is := n.(*scenario.Line); !is {
			continue
		}
		shape := shapeOf(n, own)
		if k, has := at[shape]; has {
			kinds[k] = append(kinds[k], i)
		} else {
			at[shape] = len(kinds)
			kinds = append(kinds, []int{i})
		}
	}
	kinds = slices.DeleteFunc(kinds, func(k []int) bool { return len(k) < 2 })
	slices.SortStableFunc(kinds, func(a, b []int) int { return len(b) - len(a) })
	return kinds
}

// rolled is the nodes with one repeat for lines of these kinds. It does what is in it as often as there are lines of the kind that has fewest, and of the others as many are left; or as often as there are of
// that which has most. It stands in the place of the first of them, or of the last. named: what the other lines are about is what it is about as well, since behind
// it the name means the last of them.
func rolled(nodes []scenario.Node, kinds [][]int, most, last, named bool) (list []scenario.Node) {
	times := len(kinds[len(kinds)-1])
	if most {
		times = len(kinds[0])
	}
	gone := map[int]bool{}
	about := map[string]bool{} // the names in lines that go
	mentions := func(i int) (n int) {
		for _, name := range word.FindAllString(printed(nodes[i]), -1) {
			if about[name] {
				n++
			}
		}
		return n
	}
	for _, kind := range slices.Backward(kinds) {
		kind = slices.Clone(kind)
		slices.SortStableFunc(kind, func(a, b int) int { return mentions(b) - mentions(a) }) // what belongs together
		for _, i := range kind[:min(times, len(kind))] {
			gone[i] = true
		}
		for _, i := range kind[:min(times, len(kind))] {
			for _, name := range word.FindAllString(printed(nodes[i]), -1) {
				about[name] = true
			}
		}
	}
	// one of each kind, such that they are about one thing
	clear(about)
	for i := range nodes {
		if named && !gone[i] {
			for _, name := range word.FindAllString(printed(nodes[i]), -1) {
				about[name] = true
			}
		}
	}
	b := &scenario.Block{Kind: scenario.Repeat, Times: number(uint64(times))}
	slices.SortFunc(kinds, func(a, b []int) int { return a[0] - b[0] })
	for _, kind := range kinds {
		best := -1
		for _, i := range kind {
			if gone[i] && (best < 0 || mentions(i) > mentions(best)) {
				best = i
			}
		}
		b.Lines = append(b.Lines, nodes[best])
		for _, name := range introduced(nodes[best].(*scenario.Line)) {
			about[name] = true
		}
	}
	at, end := len(nodes), -1
	for i := range gone {
		at, end = min(at, i), max(end, i)
	}
	if last {
		at = end
	}
	for i, n := range nodes {
		if i == at {
			list = append(list, b)
		}
		if !gone[i] {
			list = append(list, n)
		}
	}
	return list
}

func printed(n scenario.Node) string {
	return string(scenario.Print(&scenario.File{Lines: []scenario.Node{n}}))
}

// shapeOf is what a line says, without the names in it and the numbers of keys.
func shapeOf(n scenario.Node, names map[string]bool) string {
	text := word.ReplaceAllStringFunc(printed(n), func(w string) string {
		if names[w] {
			return "_"
		}
		return w
	})
	return keyed.ReplaceAllString(text, "key=_")
}

var keyed = regexp.MustCompile(`key=\w+`)
