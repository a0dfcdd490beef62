package scenario

// peer parses what the far end does.
func (p *parser) peer() Action {
	name := p.next()
	l := &PeerLine{Peer: name.text}
	if p.accept("[") {
		l.Count = p.number("how many peers", 1, maxMembers).Int()
		p.expect("]", "behind the size of the group")
	}
	p.turn(name.text)
	t := p.next()
	v := peerVerbByWord[t.text]
	if v == nil {
		p.fail(p.pos(t), "expected what the peer does, found %v%s", t, nearest(t.text, verbWords(PeerVerbs, "")))
		return l
	}
	l.Verb = v.Word
	role := uses
	switch v.Word {
	case "connects":
		role = introduces
		l.To = p.name(kListener)
		if as := p.peek(); p.accept("as") {
			if l.As = p.introduce(kSocket); l.Count > 0 {
				p.fail(p.pos(as), "a group has many sockets, one name cannot stand for them")
			}
		}
	case "listens", "refuses", "udp":
		role = introduces
	case "accepts":
		p.expect("as", `behind "accepts": the far end of the new connection needs a name`)
		l.As = p.introduce(kPeer)
	case "sends":
		n := p.number("how many bytes", 0, maxBytes)
		l.Bytes = &Range{n, n}
		if p.accept("to") {
			l.To = p.name(kSocket)
			role = provides
		}
	case "reads":
		if what := p.peek(); has(readsWords, what.text) {
			l.What = p.next().text
		} else if digit := what.text != "" && what.text[0] >= '0' && what.text[0] <= '9'; digit {
			l.Bytes = p.byteRange("how many bytes", 0, maxBytes)
		} else {
			p.fail(p.pos(what), "expected a number of bytes, a range, eof, reset or nothing, found %v%s", what, nearest(what.text, list(readsWords)))
		}
	case "ping-pongs":
		n := p.number("how many rounds", 1, maxCount)
		l.Bytes = &Range{n, n}
	}
	p.peerName(name, l.Count, role)
	l.Opts = p.options(v.Word, v.Options)
	return l
}

func (p *parser) peerName(name token, count int, role role) {
	before := len(p.refs)
	if role == uses {
		p.oldName(name, kPeer)
	} else {
		p.newName(name, kPeer, ref{})
	}
	r := &p.refs[before]
	r.count, r.role, r.any = count, role, false
}

// readsWords are what a read may meet in place of bytes.
var readsWords = []Word{
	{"eof", "the end of the stream"},
	{"reset", "a reset"},
	{"nothing", "nothing, as long as anybody moves"},
}

// pool parses worker threads.
func (p *parser) pool(v *Verb) Action {
	if v.Word == "drain" {
		return &DrainLine{Name: p.name(kPool)}
	}
	l := &PoolLine{Name: p.introduce(kPool)}
	p.expect("on", "behind the name of the pool")
	l.Port = p.name(kPort)
	l.Opts = p.options(v.Word, v.Options)
	return l
}
