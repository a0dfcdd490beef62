package engine

import (
	"maps"
	"regexp"
	"slices"
	"time"

	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/spec"
)

type scenarioTime = time.Duration

func isPoller(a *spec.About) bool { return a.Can(spec.CanPoll) && !a.Can(spec.CanComplete) }

// sane makes of lines that were put together blindly a script that keeps what a program owes: nothing waits for ever except in the background, no line of a block uses
// a socket or a poller that another closes at the same time, nothing is done a great many times, and nothing is expected. Only waits and far ends are in the background, and what
// overlaps in a dense script (script_dense.go).
func sane(nodes []scenario.Node) []scenario.Node {
	list := saneLines(nodes, true)
	if dense(list) {
		list = owes(list)
	}
	return list
}

// saneLines is sane but for what is in the background; outside says that the lines are of no block.
func saneLines(nodes []scenario.Node, outside bool) []scenario.Node {
	owner := owners(nodes)
	pools, loops := false, map[string]bool{scenario.SessionListener: true}
	eachLine(nodes, func(l *scenario.Line) {
		switch a := l.Action.(type) {
		case *scenario.PoolLine:
			pools = true
		case *scenario.ListenLine:
			loops[a.Name] = true
		}
	})
	list := changed(steps(nodes), func(l *scenario.Line) {
		l.Result, l.Comment = nil, ""
		if pools { // which echo what comes a few bytes at a time
			switch a := l.Action.(type) {
			case *scenario.PeerLine:
				if a.Verb == "sends" && a.Bytes.Hi.N > 300 {
					a.Bytes = &scenario.Range{Lo: number(300), Hi: number(300)}
				}
			case *scenario.StartLine:
				if loops[a.To] { // two sockets of ours would echo each other's bytes for ever
					l.Action = &scenario.TimeLine{}
				}
			}
		}
		_, far := l.Action.(*scenario.PeerLine)
		if a, wait := l.Action.(*scenario.WaitLine); wait {
			if a.Forever && !l.Background {
				a.Forever = false
			}
		} else if !far {
			l.Background = l.Background && outside && !pools && overlaps(l)
		}
	})
	for i, n := range list {
		b, is := n.(*scenario.Block)
		if !is {
			continue
		}
		if b.Kind == scenario.Repeat {
			b.Times = number(min(b.Times.N, 6))
			b.Lines = saneLines(b.Lines, false)
			continue
		}
		b.Lines = slices.DeleteFunc(saneLines(b.Lines, false), func(n scenario.Node) bool {
			l, is := n.(*scenario.Line)
			return !is || !runsInside(l.Action) || closesWhatIsUsed(l, b.Lines, owner)
		})
		b.Lines = endsInTime(b.Lines)
		list[i] = b
	}
	return steps(list)
}

// owners tells of each operation on which socket it is.
func owners(nodes []scenario.Node) map[string]string {
	owner := map[string]string{}
	eachLine(nodes, func(l *scenario.Line) {
		if a, is := l.Action.(*scenario.StartLine); is {
			owner[a.Name] = a.On
		}
	})
	return owner
}

// endsInTime lets no line of a block stand behind one of the same strand that waits for ever: the block waits for the one, which waits for the other.
func endsInTime(nodes []scenario.Node) []scenario.Node {
	more := map[string]bool{} // strands of which there are lines behind
	for _, n := range slices.Backward(nodes) {
		l, is := n.(*scenario.Line)
		if !is {
			continue
		}
		if a, wait := l.Action.(*scenario.WaitLine); wait && a.Forever && more[strandOf(l)] {
			a.Forever = false
		}
		more[strandOf(l)] = true
	}
	return nodes
}

// ownTokens lets a token be used again once at most, outside of blocks, and behind the packet that sets it free: no two operations that are outstanding at once have the same.
func ownTokens(nodes []scenario.Node) []scenario.Node {
	used := map[string]bool{}
	for i, n := range nodes {
		_, inside := n.(*scenario.Block)
		list := changed([]scenario.Node{n}, func(l *scenario.Line) {
			a, is := l.Action.(*scenario.StartLine)
			if !is || !a.Opts.Has("token") {
				return
			}
			of := a.Opts.Word("token", "")
			if inside || used[of] || l.Guard == nil || l.Guard.Name != of {
				a.Opts = slices.DeleteFunc(slices.Clone(a.Opts), func(o scenario.Opt) bool { return o.Key == "token" })
				l.Guard = nil
			}
			used[of] = true
		})
		if len(list) == 1 {
			nodes[i] = list[0]
		}
	}
	return nodes
}

// poolThreads is how many threads the pools of a script have at most, and allThreads how many they and its other strands are together: a simulated world has 64 in all, and each far end is one.
const poolThreads, allThreads = 24, 60

// crowded lists the pools that would be one too many.
func crowded(nodes []scenario.Node) map[string]bool {
	others := map[string]bool{}
	eachLine(nodes, func(l *scenario.Line) { others[strandOf(l)] = true })
	over, left := map[string]bool{}, min(poolThreads, allThreads-len(others))
	var walk func(nodes []scenario.Node, times int)
	walk = func(nodes []scenario.Node, times int) {
		for _, n := range nodes {
			switch n := n.(type) {
			case *scenario.Block:
				walk(n.Lines, times*max(n.Times.Int(), 1))
			case *scenario.Line:
				if a, is := n.Action.(*scenario.PoolLine); is {
					if need := times * a.Opts.Int("threads", 1); need <= left {
						left -= need
					} else {
						over[a.Name] = true
					}
				}
			}
		}
	}
	walk(nodes, 1)
	return over
}

// brief leaves out pools that would echo for too long: much, a few bytes at a time, or for ever, between the two ends of a connection to a listener of the script's own; and
// those that there is no room for.
func brief(nodes []scenario.Node) []scenario.Node {
	over := crowded(nodes)
	pools, listeners := map[string]bool{}, map[string]bool{scenario.SessionListener: true}
	eachLine(nodes, func(l *scenario.Line) {
		switch a := l.Action.(type) {
		case *scenario.PoolLine:
			if a.Opts.Word("handler", "") != "drain" {
				pools[a.Name] = true
			}
		case *scenario.ListenLine:
			listeners[a.Name] = true
		}
	})
	long := false
	eachLine(nodes, func(l *scenario.Line) {
		switch a := l.Action.(type) {
		case *scenario.PeerLine:
			long = long || a.Verb == "sends" && a.Bytes != nil && a.Bytes.Hi.N > 4096
		case *scenario.StartLine:
			long = long || a.Verb == "connect" && listeners[a.To]
		}
	})
	if !long {
		pools = over
	} else {
		maps.Copy(pools, over)
	}
	if len(pools) == 0 {
		return nodes
	}
	return leftOut(nodes, func(l *scenario.Line) bool {
		switch a := l.Action.(type) {
		case *scenario.PoolLine:
			return pools[a.Name]
		case *scenario.DrainLine:
			return pools[a.Name]
		}
		return false
	})
}

// leftOut is the nodes but for some lines.
func leftOut(nodes []scenario.Node, out func(*scenario.Line) bool) (list []scenario.Node) {
	for _, n := range nodes {
		switch n := n.(type) {
		case *scenario.Line:
			if !out(n) {
				list = append(list, n)
			}
		case *scenario.Block:
			b := *n
			b.Lines = leftOut(n.Lines, out)
			list = append(list, &b)
		default:
			list = append(list, n)
		}
	}
	return steps(list)
}

// strandOf is whose turn the line is inside a block.
func strandOf(l *scenario.Line) string {
	if a, far := l.Action.(*scenario.PeerLine); far && l.Thread == "" {
		return "peer " + a.Peer
	}
	return l.Thread
}

// closesWhatIsUsed reports whether the line closes something that a line of another strand makes a call on.
func closesWhatIsUsed(l *scenario.Line, lines []scenario.Node, owner map[string]string) bool {
	a, is := l.Action.(*scenario.CloseLine)
	if !is {
		return false
	}
	return slices.ContainsFunc(lines, func(n scenario.Node) bool {
		x, is := n.(*scenario.Line)
		if !is || x == l || strandOf(x) == strandOf(l) {
			return false
		}
		for _, name := range uses(x.Action) {
			if name == a.Name || owner[name] == a.Name {
				return true
			}
		}
		return false
	})
}

// uses lists the sockets and pollers that a call is made on, and the operation that it is about. A wait on a port is none: a port may be closed under it.
func uses(a scenario.Action) []string {
	switch a := a.(type) {
	case *scenario.StartLine:
		return []string{a.On, a.Into}
	case *scenario.CancelLine:
		return []string{a.Name}
	case *scenario.ShutdownLine:
		return []string{a.Name}
	case *scenario.CloseLine:
		return []string{a.Name}
	case *scenario.SkipLine:
		return []string{a.Name}
	case *scenario.AssociateLine:
		return []string{a.Name}
	case *scenario.ContextLine:
		return []string{a.Name, a.From}
	case *scenario.NameLine:
		return []string{a.Name}
	case *scenario.DupLine:
		return []string{a.Name}
	case *scenario.InterestLine:
		return []string{a.Name, a.Poller}
	case *scenario.TryLine:
		return []string{a.On}
	}
	return nil
}

// introduced lists the names that a line introduces.
func introduced(l *scenario.Line) (names []string) {
	add := func(list ...string) {
		for _, n := range list {
			if n != "" {
				names = append(names, n)
			}
		}
	}
	switch a := l.Action.(type) {
	case *scenario.PortLine:
		add(a.Name)
	case *scenario.ListenLine:
		add(a.Name)
	case *scenario.SocketLine:
		add(a.Name)
	case *scenario.EventLine:
		add(a.Name)
	case *scenario.PollerLine:
		add(a.Name)
	case *scenario.SessionLine:
		add(a.Name, a.Opts.Word("peer", ""))
	case *scenario.StartLine:
		add(a.Name, a.As)
	case *scenario.PostLine:
		add(a.Name)
	case *scenario.DupLine:
		add(a.As)
	case *scenario.WaitLine:
		add(a.As)
	case *scenario.TryLine:
		add(a.As)
	case *scenario.APCLine:
		add(a.Name)
	case *scenario.PoolLine:
		add(a.Name)
	case *scenario.PeerLine:
		switch a.Verb {
		case "connects":
			add(a.Peer, a.As)
		case "listens", "refuses", "udp":
			add(a.Peer)
		case "accepts":
			add(a.As)
		case "sends":
			if a.To != "" {
				add(a.Peer)
			}
		}
	}
	return names
}

var word = regexp.MustCompile(`[A-Za-z][A-Za-z0-9_-]*`)

// renamed is the nodes with other names for some things; behind them stand the nodes that introduce what they refer to.
func renamed(nodes []scenario.Node, names map[string]string, behind []scenario.Node) ([]scenario.Node, bool) {
	text := word.ReplaceAllStringFunc(string(scenario.Print(&scenario.File{Lines: nodes})), func(w string) string {
		if n, has := names[w]; has {
			return n
		}
		return w
	})
	return parsedNodes(behind, text)
}

// parsedNodes parses lines that stand behind others.
func parsedNodes(behind []scenario.Node, text string) ([]scenario.Node, bool) {
	before := &scenario.File{Lines: behind}
	f, err := scenario.Parse("drawn.scn", append(scenario.Print(before), text...))
	if err != nil || len(f.Lines) < len(behind) {
		return nil, false
	}
	return steps(f.Lines[len(behind):]), true
}
