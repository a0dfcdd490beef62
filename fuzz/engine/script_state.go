package engine

import (
	"slices"
	"strconv"

	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/spec"
)

// resume is a script in the making that has the lines behind it, so that drawing can go on where they end. Names that it gives out are in none of the files.
func resume(about *spec.About, seed uint64, behind []scenario.Node, files ...[]scenario.Node) *script {
	s := &script{dice: dice(seed), about: about, names: map[byte]int{}}
	byName := map[string]*thing{}
	eachLine(behind, func(l *scenario.Line) { s.recall(l, byName) })
	top := 0
	for _, nodes := range files {
		top = max(top, highest(scenario.Print(&scenario.File{Lines: nodes})))
	}
	for c := byte('A'); c <= 'z'; c++ {
		s.names[c] = top
	}
	return s
}

// highest is the highest number in what may be a name that the drawing gave out: a word of one letter and a number below 2²⁰.
func highest(text []byte) (top int) {
	for i := 0; i < len(text); {
		from := i
		for i < len(text) && inWord(text[i]) {
			i++
		}
		if i-from > 1 && isLetter(text[from]) {
			if n, err := strconv.ParseUint(string(text[from+1:i]), 10, 20); err == nil {
				top = max(top, int(n))
			}
		}
		if i == from {
			i++
		}
	}
	return top
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func inWord(c byte) bool { return isLetter(c) || '0' <= c && c <= '9' || c == '_' }

// recall notes what a line has introduced, and what has become of things by it.
func (s *script) recall(l *scenario.Line, by map[string]*thing) {
	put := func(list *[]*thing, x *thing) *thing {
		if x.name != "" && by[x.name] == nil {
			by[x.name] = x
			*list = append(*list, x)
		}
		return x
	}
	switch a := l.Action.(type) {
	case *scenario.PortLine:
		put(&s.ports, &thing{name: a.Name, limit: a.Opts.Has("concurrency")})
	case *scenario.ListenLine:
		put(&s.listeners, &thing{name: a.Name, port: by[a.Port], v6: a.Opts.Int("ip", 4) == 6})
	case *scenario.SocketLine:
		mail := a.Verb == "udp"
		put(&s.socks, &thing{name: a.Name, mail: mail, raw: !mail || a.Opts.Word("bind", "yes") == "no", v6: a.Opts.Int("ip", 4) == 6})
	case *scenario.EventLine:
		put(&s.events, &thing{name: a.Name})
	case *scenario.PollerLine:
		put(&s.pollers, &thing{name: a.Name})
	case *scenario.SessionLine:
		if s.pollers == nil && by[scenario.SessionPort] == nil {
			put(&s.ports, &thing{name: scenario.SessionPort})
		}
		x := put(&s.socks, &thing{name: a.Name, port: by[scenario.SessionPort]})
		if s.pollers != nil || s.can(spec.CanAccept) {
			put(&s.listeners, &thing{name: scenario.SessionListener, port: x.port, v6: a.Opts.Int("ip", 4) == 6})
			x.v6 = by[scenario.SessionListener].v6 // the first session's option
		}
		put(&s.far, &thing{name: a.Peer(), on: x})
	case *scenario.AssociateLine:
		if x := by[a.Name]; x != nil && x.port == nil {
			x.port = by[a.Port]
		}
	case *scenario.StartLine:
		put(&s.ops, &thing{name: a.Name, verb: a.Verb, on: by[a.On]})
		if a.Verb == "accept" {
			put(&s.socks, &thing{name: a.Accepted()})
		}
		for _, name := range []string{a.Into, a.On} {
			if x := by[name]; x != nil && (a.Into != "" || a.Verb == "connect") {
				x.raw = false
			}
		}
	case *scenario.PostLine:
		put(&s.ops, &thing{name: a.Name, verb: "post"})
	case *scenario.CloseLine:
		if x := by[a.Name]; x != nil {
			x.closed = true
		}
	case *scenario.DupLine:
		if x := by[a.Name]; x != nil {
			list := &s.socks
			if slices.Contains(s.listeners, x) {
				list = &s.listeners
			}
			put(list, &thing{name: a.As, port: x.port, mail: x.mail, raw: x.raw, v6: x.v6})
		}
	case *scenario.WaitLine:
		put(&s.taken, &thing{name: a.As})
	case *scenario.TryLine:
		put(&s.socks, &thing{name: a.As})
	case *scenario.PoolLine:
		s.calm = true
		s.names['W']++
	case *scenario.PeerLine:
		s.recallFar(a, by, put)
	}
}

func (s *script) recallFar(a *scenario.PeerLine, by map[string]*thing, put func(*[]*thing, *thing) *thing) {
	if a.Count > 0 {
		return
	}
	v6 := a.Opts.Int("ip", 4) == 6
	switch a.Verb {
	case "connects":
		x := by[a.To]
		if a.As != "" {
			x = put(&s.socks, &thing{name: a.As})
		}
		put(&s.far, &thing{name: a.Peer, on: x})
	case "listens", "refuses":
		put(&s.places, &thing{name: a.Peer, closed: a.Verb == "refuses", v6: v6})
	case "udp":
		put(&s.far, &thing{name: a.Peer, mail: true, v6: v6})
	case "accepts":
		put(&s.far, &thing{name: a.As})
	case "sends":
		if a.To != "" {
			put(&s.far, &thing{name: a.Peer, mail: true, on: by[a.To]})
		}
		s.full = s.full || a.Bytes != nil && a.Bytes.Hi.N > 4096
	case "closes", "resets":
		if x := by[a.Peer]; x != nil {
			x.gone = true
		}
	}
}
