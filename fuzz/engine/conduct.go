package engine

import (
	"slices"

	"github.com/ioconform/ioconform/conformance/scenario"
)

// owes leaves out of a script what a program that keeps its obligations does not do in the background: close what a call of another thread may be under way on, unless all settles before, and
// call what another thread may be closing (DSC-3).
func owes(nodes []scenario.Node) (list []scenario.Node) {
	c := &conduct{owner: map[string]string{}, pollers: map[string]bool{}, held: map[string]hold{}}
	eachLine(nodes, func(l *scenario.Line) {
		switch a := l.Action.(type) {
		case *scenario.StartLine:
			c.owner[a.Name] = a.On
		case *scenario.PollerLine:
			c.pollers[a.Name] = true
		}
	})
	for _, n := range nodes {
		switch n := n.(type) {
		case *scenario.Line:
			if _, closes := n.Action.(*scenario.CloseLine); closes && !c.may(n) {
				all := &scenario.Line{Action: &scenario.SettleLine{}}
				c.note(all)
				list = append(list, all)
			}
			if c.may(n) {
				c.note(n)
				list = append(list, n)
			}
		case *scenario.Block: // what its own lines owe each other is seen to by sane
			b := *n
			b.Lines = slices.DeleteFunc(slices.Clone(n.Lines), func(n scenario.Node) bool {
				l, is := n.(*scenario.Line)
				return is && !c.may(l)
			})
			for _, n := range b.Lines {
				if l, is := n.(*scenario.Line); is {
					c.note(l)
				}
			}
			if len(b.Lines) > 0 {
				list = append(list, &b)
			}
		}
	}
	return list
}

// conduct follows what may be under way in the background. A thread makes its calls in the order of the text. They have returned where the script settles, or where a line of the same thread
// has that is not in the background, since that waits for the thread. But behind a wait the calls of a thread are made when it is over: it may be in it still
// where the script settles, and one that waits for ever is waited for by nobody.
type conduct struct {
	owner   map[string]string // operation: its socket
	pollers map[string]bool
	calls   []underway
	held    map[string]hold // threads
}

// underway is a call that may not have returned.
type underway struct {
	thread string
	on     string // a socket, a port or a poller
	closes bool
	behind hold
}

// hold is what a thread may be held up by before it comes to its next call.
type hold int

const (
	nothing hold = iota
	aWait
	aWaitForEver
)

// on lists what the call is made on. A wait on a port is made on nothing, since ports may be closed under it; who is about to wait on a poller must find it there.
func (c *conduct) on(a scenario.Action) (names []string) {
	list := uses(a)
	if w, is := a.(*scenario.WaitLine); is && c.pollers[w.Port] {
		list = []string{w.Port}
	}
	for _, name := range list {
		if of, is := c.owner[name]; is {
			name = of
		}
		if name != "" {
			names = append(names, name)
		}
	}
	return names
}

// may reports whether the line may run beside whatever is under way.
func (c *conduct) may(l *scenario.Line) bool {
	_, closes := l.Action.(*scenario.CloseLine)
	names := c.on(l.Action)
	return !slices.ContainsFunc(c.calls, func(u underway) bool {
		return u.thread != l.Thread && (closes || u.closes) && slices.Contains(names, u.on)
	})
}

// note notes what is under way behind the line.
func (c *conduct) note(l *scenario.Line) {
	over := func(returned func(underway) bool) { c.calls = slices.DeleteFunc(c.calls, returned) }
	if _, settles := l.Action.(*scenario.SettleLine); settles && l.Thread == "" {
		over(func(u underway) bool { return u.behind == nothing })
		return
	}
	if l.Thread == "" {
		return // far ends, and what the main thread has waited for
	}
	if !l.Background {
		if c.held[l.Thread] != aWaitForEver {
			over(func(u underway) bool { return u.thread == l.Thread })
			c.held[l.Thread] = nothing
		}
		return
	}
	_, closes := l.Action.(*scenario.CloseLine)
	for _, name := range c.on(l.Action) {
		c.calls = append(c.calls, underway{l.Thread, name, closes, c.held[l.Thread]})
	}
	switch a := l.Action.(type) {
	case *scenario.WaitLine:
		switch {
		case a.Forever:
			c.held[l.Thread] = aWaitForEver
		case !a.Timed || a.Timeout > 0: // on a real machine not even a short one is over when all has settled
			c.held[l.Thread] = max(c.held[l.Thread], aWait)
		}
	case *scenario.AwaitLine:
		c.held[l.Thread] = max(c.held[l.Thread], aWait)
	}
}
