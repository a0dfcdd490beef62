package scenario

import "strings"

// kind is what a name stands for; several bits where a line would take any of them.
type kind uint16

const (
	kPort kind = 1 << iota
	kListener
	kSocket
	kOp
	kPacket
	kPoller
	kPeer
	kPool
	kEvent
	kAPC
	kAny = 1<<iota - 1
)

var kindWords = []string{"port", "listener", "socket", "operation", "packet", "poller", "peer", "pool", "event", "procedure call"}

func (k kind) String() string {
	if k == kAny {
		return "name"
	}
	var words []string
	for i, w := range kindWords {
		if k&(1<<i) != 0 {
			words = append(words, w)
		}
	}
	return strings.Join(words, " or ")
}

// a is the kind with its article.
func (k kind) a() string {
	if word := k.String(); word[0] != 'o' && word[0] != 'e' {
		return "a " + word
	} else {
		return "an " + word
	}
}

// symbol is what is known of a name that has been introduced.
type symbol struct {
	kind  kind
	line  int    // where
	count int    // peers: size of the group, 0 for one
	sock  string // accept: the name of its socket if it has one of its own, so that NAME.sock is not a second
	op    bool   // an accept
}

// ref is one occurrence of a name. The parser collects them line by line and resolves them later, because inside par and
// schedule the order of the text is not the order of events.
type ref struct {
	name  string
	kind  kind
	pos   Pos
	role  role
	count int
	sock  string
	op    bool
	any   bool   // a group may be meant without its size
	hint  string // introduces: what to do if the name is there
}

type role uint8

const (
	uses       role = iota
	introduces      // it is an error if the name is there
	provides        // introduced unless there
)

// resolve checks the names of the lines since the last call. In one line, names are used before they are introduced; in a
// block of concurrent lines any may come first.
func (p *parser) resolve(concurrent bool) {
	refs := p.refs
	p.refs = p.refs[:0]
	order := []role{uses, provides, introduces}
	if concurrent {
		order = []role{introduces, provides, uses}
	}
	for _, now := range order {
		for i := range refs {
			if r := &refs[i]; r.role == now && p.err == nil {
				p.resolveOne(r)
			}
		}
	}
}

func (p *parser) resolveOne(r *ref) {
	if r.role == uses {
		p.use(r)
		return
	}
	known, ok := p.names[r.name]
	if ok && r.role == provides {
		if known.kind&r.kind == 0 {
			p.fail(r.pos, "%q is %s already (line %d), so it cannot be %s too", r.name, known.kind.a(), known.line, r.kind.a())
		} else if r.kind == kPeer && known.count != r.count {
			p.use(r)
		}
		return
	}
	if ok {
		p.fail(r.pos, "name %q is introduced twice: it is %s already (line %d)%s", r.name, known.kind.a(), known.line, r.hint)
		return
	}
	p.listens = p.listens || r.role == introduces && r.kind == kListener
	p.names[r.name] = symbol{kind: r.kind, line: r.pos.Line, count: r.count, sock: r.sock, op: r.op}
}

// kindOf is what a duplicate of that socket is: a listener or a socket.
func (p *parser) kindOf(name string) kind {
	if p.names[name].kind == kListener {
		return kListener
	}
	for _, r := range p.refs { // of the block that is being read
		if r.name == name && r.role == introduces && r.kind == kListener {
			return kListener
		}
	}
	return kSocket
}

func (p *parser) use(r *ref) {
	base, isSock := strings.CutSuffix(r.name, ".sock")
	known, ok := p.names[base]
	p.listens = p.listens || known.kind == kListener
	switch {
	case !ok:
		var near []string
		for name, s := range p.names {
			if s.kind&r.kind != 0 {
				near = append(near, name)
			}
		}
		p.fail(r.pos, "unknown name %q: no line before introduces it as %s%s", base, r.kind.a(), nearest(base, near))
	case isSock && !known.op:
		p.fail(r.pos, "%q: %s is %s, and only an accept has a socket of its own", r.name, base, known.kind.a())
	case isSock && known.sock != "":
		p.fail(r.pos, "%q has a name already: %s (line %d)", r.name, known.sock, known.line)
	case isSock && r.kind&kSocket == 0:
		p.fail(r.pos, "%q is a socket, expected %s", r.name, r.kind.a())
	case !isSock && known.kind&r.kind == 0:
		p.fail(r.pos, "%q is %s (line %d), expected %s", r.name, known.kind.a(), known.line, r.kind.a())
	case known.kind == kPeer && !r.any && known.count != r.count:
		have := r.name
		if known.count > 0 {
			have = r.name + "[" + decimal(known.count) + "]"
		}
		p.fail(r.pos, "peer %q was introduced as %s (line %d): write it so here too", r.name, have, known.line)
	}
}
