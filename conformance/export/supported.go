package export

import (
	"slices"

	"github.com/ioconform/ioconform/conformance/scenario"
)

// options are the verbs that the program has, each with the options that it has of them. A verb that is not here, or an option, is an error.
var options = map[string][]string{
	"port": {"concurrency"}, "listen": {"key", "backlog", "ip"}, "tcp": {"ip", "bind"}, "udp": {"ip", "bind"}, "event": {}, "session": {"key", "peer", "skip", "ip"},
	"associate": {"key"}, "skip": {}, "context": {}, "name": {}, "peername": {}, "shutdown": {}, "close": {},

	"accept":  {"data", "context", "event", "packet"},
	"connect": {"data", "context", "bind", "overwrite", "event", "packet"}, "disconnect": {"reuse"},
	"recv": {"len", "waitall", "event", "packet"}, "send": {"len", "event", "packet"},
	"recvfrom": {"len", "event", "packet"}, "sendto": {"len", "event", "packet"},
	"post": {"key", "bytes"}, "cancel": {},

	"wait": {}, "await": {}, "join": {}, "settle": {}, "time": {},
	"peer": {"ip", "attempts", "reuse"},
}

// supported reports what of the scenario the program has not, the first of it.
func supported(f *scenario.File) error {
	missing := func(at scenario.Pos, what string) error { return &Unsupported{f.Name, at, what} }
	var look func(nodes []scenario.Node, inside bool) error
	look = func(nodes []scenario.Node, inside bool) error {
		for _, n := range nodes {
			switch n := n.(type) {
			case *scenario.Header:
				if n.Word == "world" && slices.Contains(n.Words, "sim") {
					return missing(n.Pos, "simulated world")
				}
				if n.Word == "answers" {
					return missing(n.Pos, "script that expects nothing")
				}
			case *scenario.Block:
				if n.Kind == scenario.Schedule || inside {
					return missing(n.Pos, n.Kind.String()+" block, or block in a par,")
				}
				if err := look(n.Lines, n.Kind != scenario.Repeat); err != nil {
					return err
				}
			case *scenario.Line:
				if what := unsupported(n); what != "" {
					return missing(n.Pos, what)
				}
			}
		}
		return nil
	}
	return look(f.Lines, false)
}

// unsupported says what of a line the program has not, or nothing.
func unsupported(l *scenario.Line) string {
	word := l.Action.Word()
	known, has := options[word]
	if !has {
		return quote(word)
	}
	var given scenario.Opts
	switch a := l.Action.(type) {
	case *scenario.StartLine:
		given = a.Opts
	case *scenario.PostLine:
		given = a.Opts
	case *scenario.PeerLine:
		if given = a.Opts; a.Count > 0 {
			return "group of far ends"
		}
		if a.Verb == "ping-pongs" {
			return quote("peer " + a.Verb)
		}
		if a.Verb == "reads" && l.Result != nil {
			return "answer of a far end's read"
		}
	case *scenario.JoinLine:
		if l.Guard != nil {
			return "join with a condition"
		}
	case *scenario.WaitLine:
		if a.Alertable {
			return "alertable wait"
		}
	}
	for _, o := range given {
		if !slices.Contains(known, o.Key) {
			return quote(o.Key+"=") + " of " + quote(word)
		}
	}
	return ""
}
