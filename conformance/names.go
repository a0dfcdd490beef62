package conformance

import (
	"slices"
	"strings"

	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/spec"
)

// Names finds out what the script calls the objects of the trace, and which line made which call. Every thread, and every
// far end, makes its calls in the order of its lines; so the two lists are walked side by side. Where they part, because a line
// was left out or the back end went its own way, the rest of that thread keeps its numbers: a name is right or it is not there.
func (c *CaseResult) Names() Names {
	m := matcher{
		Names: Names{Ops: map[uint32]string{}, Socks: map[uint32]string{}, Ports: map[uint32]string{}, Posts: map[uint64]string{}, Watched: map[uint64]string{}, Lines: map[uint32]int{}},
		named: map[string]uint32{}, calls: map[string][]*spec.Event{}, back: map[uint32]*spec.Event{}, lines: map[string][]*scenario.Line{},
	}
	if c.Trace == nil {
		return m.Names
	}
	m.trace = c.Trace
	for i := range c.Trace.Events {
		e := &c.Trace.Events[i]
		if e.Thread < 0 || int(e.Thread) >= len(c.Trace.Threads) {
			continue
		}
		switch name := c.Trace.Threads[e.Thread]; e.Kind {
		case spec.CallEvent:
			m.calls[name] = append(m.calls[name], e)
		case spec.ReturnEvent:
			m.back[e.Call] = e
		}
	}
	m.order = []string{"main"}
	m.spread(c.Case.File.Lines)
	for _, lines := range m.lines {
		if slices.ContainsFunc(lines, func(l *scenario.Line) bool { _, is := l.Action.(*scenario.WaitLine); return is }) {
			m.waiters++
		}
	}
	for _, thread := range m.order {
		if peer, is := strings.CutPrefix(thread, "peer:"); is {
			m.peer(thread, peer)
		} else {
			m.thread(thread)
		}
	}
	m.accepted()
	return m.Names
}

type matcher struct {
	Names
	trace *spec.Trace
	named map[string]uint32 // operations by name
	calls map[string][]*spec.Event
	back  map[uint32]*spec.Event // returns
	lines map[string][]*scenario.Line
	order []string

	as      map[uint32]string // operation: the name of the socket that it accepts
	waiters int               // threads with lines that wait

	now   []*spec.Event // calls of the thread at hand that have no line yet
	line  *scenario.Line
	next  *scenario.Line  // of the thread at hand, nil behind the last
	aside map[string]bool // packets that the thread at hand has taken and not asked for yet
}

// spread gives each thread and each far end its lines, a block that is repeated as often as it is.
func (m *matcher) spread(nodes []scenario.Node) {
	give := func(thread string, l *scenario.Line) {
		if m.lines[thread] == nil && thread != "main" {
			m.order = append(m.order, thread)
		}
		m.lines[thread] = append(m.lines[thread], l)
	}
	for _, n := range nodes {
		switch n := n.(type) {
		case *scenario.Block:
			times := 1
			if n.Kind == scenario.Repeat {
				times = min(n.Times.Int(), len(m.trace.Events))
			}
			for range times {
				m.spread(n.Lines)
			}
		case *scenario.Line:
			thread := n.Thread
			if thread == "" {
				thread = "main"
			}
			switch a := n.Action.(type) {
			case *scenario.PeerLine:
				if a.Count == 0 {
					give("peer:"+a.Peer, n)
				}
				if a.As == "" || a.Verb != "connects" || n.Thread != "" || !isPoller(&m.trace.About) { // else we accept
					continue
				}
			case *scenario.SessionLine:
				give("peer:"+a.Peer(), n)
			}
			give(thread, n)
		}
	}
}

// take gives the next call to the line if it is of that verb.
func (m *matcher) take(v spec.Verb) (*spec.Event, bool) {
	if len(m.now) == 0 || m.now[0].Verb != v {
		return nil, false
	}
	e := m.now[0]
	m.now = m.now[1:]
	m.Lines[e.Call] = m.line.Pos.Line
	return e, true
}

// thread walks along the lines of a thread.
func (m *matcher) thread(name string) {
	m.now = m.calls[name]
	m.aside = map[string]bool{}
	for i, l := range m.lines[name] {
		m.line, m.next = l, nil
		if i+1 < len(m.lines[name]) {
			m.next = m.lines[name][i+1]
		}
		if l.Guard != nil && !m.held(l.Guard) {
			continue
		}
		if isPoller(&m.trace.About) {
			if !m.matchReady(l.Action) {
				return
			}
		} else if a, is := l.Action.(*scenario.WaitLine); is {
			if !m.wait(a, l.Result) {
				return
			}
		} else if !m.match(l.Action) {
			return
		}
	}
}

// match gives the line the calls that it makes, and reports whether they were there.
func (m *matcher) match(a scenario.Action) bool {
	switch a := a.(type) {
	case *scenario.PortLine:
		return m.port(a.Name)
	case *scenario.ListenLine:
		return m.listen(a.Name, a.Port != "")
	case *scenario.SocketLine:
		e, ok := m.take(spec.OpenSocket)
		if ok {
			m.Socks[e.Sock] = a.Name
			m.take2(a.Verb == "udp" || a.Opts.Yes("bind"), spec.Bind)
		}
		return ok
	case *scenario.SessionLine:
		return m.session(a)
	case *scenario.AssociateLine:
		_, ok := m.take(spec.Associate)
		return ok
	case *scenario.StartLine:
		return m.start(a)
	case *scenario.CancelLine:
		_, one := m.take(spec.Cancel)
		_, all := m.take2(!one, spec.CancelAll)
		return one || all
	case *scenario.ShutdownLine:
		_, ok := m.take(spec.ShutdownSocket)
		return ok
	case *scenario.CloseLine:
		_, sock := m.take(spec.CloseSocket)
		_, port := m.take2(!sock, spec.ClosePort)
		return sock || port
	case *scenario.APCLine:
		_, ok := m.take(spec.QueueAPC)
		return ok
	case *scenario.EventLine:
		_, ok := m.take(spec.OpenEvent)
		return ok
	case *scenario.AwaitLine:
		e, ok := m.take(spec.WaitEvent)
		for ok && !a.Timed && len(m.now) > 0 && m.now[0].Event == e.Event { // the runner looks again and again
			if back := m.back[e.Call]; back == nil || back.Status.Code != spec.TimedOut {
				break
			}
			if e, ok = m.take(spec.WaitEvent); !ok {
				return true
			}
		}
		return ok
	case *scenario.DupLine:
		e, ok := m.take(spec.DuplicateSocket)
		if ok {
			m.Socks[e.Into] = a.As
		}
		return ok
	case *scenario.ExitLine:
		m.take(spec.ExitThread) // not in every world
	case *scenario.SkipLine:
		_, ok := m.take(spec.Skip)
		return ok
	case *scenario.ContextLine:
		_, ok := m.take(spec.UpdateContext)
		return ok
	case *scenario.NameLine:
		_, own := m.take(spec.LocalName)
		_, far := m.take2(!own, spec.PeerName)
		return own || far
	case *scenario.PostLine:
		e, ok := m.take(spec.Post)
		if ok {
			m.Posts[e.Token] = a.Name
		}
		return ok
	case *scenario.PoolLine:
		m.take(spec.Accept)
		for {
			if _, ok := m.take(spec.Receive); !ok {
				return true
			}
		}
	}
	return true // makes no calls of its own
}

func (m *matcher) take2(try bool, v spec.Verb) (*spec.Event, bool) {
	if !try {
		return nil, false
	}
	return m.take(v)
}

func (m *matcher) port(name string) bool {
	e, ok := m.take(spec.OpenPort)
	if ok {
		m.Ports[e.Port] = name
	}
	return ok
}

func (m *matcher) listen(name string, associated bool) bool {
	e, ok := m.take(spec.OpenSocket)
	if !ok {
		return false
	}
	m.Socks[e.Sock] = name
	for _, v := range []spec.Verb{spec.Bind, spec.Listen} {
		if _, ok := m.take(v); !ok {
			return false
		}
	}
	if associated {
		_, ok = m.take(spec.Associate)
	}
	return ok
}

func (m *matcher) session(a *scenario.SessionLine) bool {
	has := func(names map[uint32]string, name string) bool {
		for _, n := range names {
			if n == name {
				return true
			}
		}
		return false
	}
	if !has(m.Ports, scenario.SessionPort) && !m.port(scenario.SessionPort) {
		return false
	}
	ok := false
	if m.trace.About.Can(spec.CanAccept) {
		ok = (has(m.Socks, scenario.SessionListener) || m.listen(scenario.SessionListener, true)) && m.acceptedPair(a.Name)
	} else {
		ok = m.connectedPair(a.Name)
	}
	if ok && a.Opts.Yes("skip") {
		_, ok = m.take(spec.Skip)
	}
	return ok
}

func (m *matcher) acceptedPair(name string) bool {
	e, ok := m.take(spec.Accept)
	if !ok {
		return false
	}
	m.Ops[e.Op] = name + ".accept"
	if !m.until(1, []string{name + ".accept"}) {
		return false
	}
	if e, ok = m.take(spec.Associate); ok {
		m.Socks[e.Sock] = name
	}
	return ok
}

func (m *matcher) connectedPair(name string) bool {
	for _, v := range []spec.Verb{spec.OpenSocket, spec.Bind, spec.Associate} {
		e, ok := m.take(v)
		if !ok {
			return false
		}
		m.Socks[e.Sock] = name
	}
	e, ok := m.take(spec.Connect)
	if !ok {
		return false
	}
	m.Ops[e.Op] = name + ".connect"
	return m.until(1, []string{name + ".connect"})
}

func (m *matcher) start(a *scenario.StartLine) bool {
	verb := kindOf[a.Verb]
	m.take2(verb == spec.Connect && a.Opts.Word("bind", "yes") == "yes", spec.Bind)
	if len(m.now) == 0 || m.now[0].Verb != verb || a.Opts.Has("len") && m.now[0].Len != a.Opts.Int("len", 0) {
		return false
	}
	e, _ := m.take(verb)
	m.Ops[e.Op] = a.Name
	m.named[a.Name] = e.Op
	if verb == spec.Accept {
		if m.as == nil {
			m.as = map[uint32]string{}
		}
		m.as[e.Op] = a.Accepted()
	}
	return true
}

// wait gives a wait its calls, as thread.collect makes them. A wait for packets makes none if all were put aside before, else as many as it
// takes until they have come; others that come are put aside.
func (m *matcher) wait(a *scenario.WaitLine, r *scenario.Result) bool {
	most := max(a.Max.Int(), 1)
	if a.Timed || a.Forever {
		_, ok := m.take(spec.Wait)
		return ok
	}
	var want []string
	if r != nil {
		for _, p := range r.Packets {
			want = append(want, p.Name)
		}
	}
	if len(want) > 0 {
		return m.until(most, want)
	}
	for {
		e, ok := m.takeWait(most)
		if !ok {
			return false
		}
		back := m.back[e.Call]
		if back == nil || back.Status.Code != spec.TimedOut || m.trace.About.World == "sim" {
			return true
		}
		if len(m.now) == 0 || m.now[0].Verb != spec.Wait || m.now[0].Len != most {
			return true
		}
		if next := m.back[m.now[0].Call]; next == nil || next.Status.Code != spec.TimedOut {
			return false // it may be this line's or the next one's
		}
	}
}

func (m *matcher) takeWait(most int) (*spec.Event, bool) {
	if len(m.now) == 0 || m.now[0].Len != most {
		return nil, false
	}
	return m.take(spec.Wait)
}

// until gives the line the waits up to the one that brought the last of the packets that it is for.
func (m *matcher) until(most int, want []string) bool {
	missing := map[string]bool{}
	for _, name := range want {
		if !m.aside[name] {
			missing[name] = true
		}
		delete(m.aside, name)
	}
	calls := 0
	for len(missing) > 0 {
		if calls == len(m.now) || m.now[calls].Verb != spec.Wait || m.now[calls].Len != most {
			if m.waiters > 1 || calls == 0 {
				return false // another thread may have taken it
			}
			break
		}
		back := m.back[m.now[calls].Call]
		calls++
		if back == nil || !back.Status.Ok() && back.Status.Code != spec.TimedOut {
			break
		}
		for _, p := range back.Packets {
			if name := m.op(p.Op, p.Token); missing[name] {
				delete(missing, name)
			} else {
				m.aside[name] = true
			}
		}
	}
	for range calls {
		m.take(spec.Wait)
	}
	return true
}

// held tells whether a guard held, as far as the trace knows.
func (m *matcher) held(g *scenario.Guard) bool {
	id := m.named[g.Name]
	for i := range m.trace.Events {
		e := &m.trace.Events[i]
		if e.Kind == spec.ReturnEvent && e.Op == id && e.Verb.Starts() && e.How.String() == g.Status {
			return true
		}
		for _, p := range e.Packets {
			if p.Op == id && id != 0 && p.Status.Code.String() == g.Status {
				return true
			}
		}
	}
	return false
}

var peerVerbs = map[string]spec.Verb{
	"connects": spec.PeerConnect, "listens": spec.PeerListen, "refuses": spec.PeerListen, "sends": spec.PeerSend, "reads": spec.PeerRead,
	"half-closes": spec.PeerHalfClose, "closes": spec.PeerClose, "resets": spec.PeerAbort, "udp": spec.PeerBind,
}

// peer walks along the lines of a far end.
func (m *matcher) peer(thread, name string) {
	m.now = m.calls[thread]
	for _, l := range m.lines[thread] {
		m.line = l
		if l.Guard != nil && !m.held(l.Guard) {
			continue
		}
		verb := spec.PeerConnect
		if a, is := l.Action.(*scenario.PeerLine); is {
			if verb = peerVerbs[a.Verb]; verb == 0 {
				return
			}
			if a.Verb == "sends" && a.To != "" {
				m.take(spec.PeerBind) // the first of them introduces it
			}
			if a.Verb == "sends" && len(m.now) > 0 && m.now[0].Len != a.Bytes.Lo.Int() {
				return
			}
		}
		if _, ok := m.take(verb); !ok {
			return
		}
		for verb == spec.PeerRead && len(m.now) > 0 && m.now[0].Verb == verb && m.now[0].Len < 1<<16 {
			if next := slices.Index(m.lines[thread], l) + 1; next < len(m.lines[thread]) {
				if a, is := m.lines[thread][next].Action.(*scenario.PeerLine); is && a.Verb == "reads" {
					break
				}
			}
			m.take(verb)
		}
	}
}

// accepted names the sockets that accepts brought.
func (m *matcher) accepted() {
	for i := range m.trace.Events {
		for _, p := range m.trace.Events[i].Packets {
			if name := m.as[p.Op]; name != "" && p.Sock != 0 && m.Socks[p.Sock] == "" {
				m.Socks[p.Sock] = name
			}
		}
	}
}

// lineOf is the line of the script that made the call which event q belongs to, 0 where that cannot be told.
func (c *CaseResult) lineOf(q uint64, n Names) int {
	if c.Trace == nil {
		return 0
	}
	for i := range c.Trace.Events {
		if e := &c.Trace.Events[i]; e.Q == q {
			return n.Lines[e.Call]
		}
	}
	return 0
}
