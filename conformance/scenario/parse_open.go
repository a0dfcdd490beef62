package scenario

// open parses what makes ports, sockets and pollers.
func (p *parser) open(v *Verb) Action {
	switch v.Word {
	case "port":
		return &PortLine{Name: p.introduce(kPort), Opts: p.options(v.Word, v.Options)}
	case "listen":
		l := &ListenLine{Name: p.introduce(kListener)}
		if p.accept("on") {
			l.Port = p.name(kPort)
		}
		at := p.pos(p.peek())
		if l.Opts = p.options(v.Word, v.Options); l.Opts.Has("key") && l.Port == "" {
			p.fail(at, `a key belongs to a port: write "listen %s on P key=..."`, l.Name)
		}
		return l
	case "tcp", "udp":
		return &SocketLine{Verb: v.Word, Name: p.introduce(kSocket), Opts: p.options(v.Word, v.Options)}
	case "event":
		return &EventLine{Name: p.introduce(kEvent)}
	case "poller":
		return &PollerLine{Name: p.introduce(kPoller)}
	case "session":
		return p.session(v)
	}
	a := &AssociateLine{Name: p.name(kSocket | kListener)}
	p.expect("to", `behind the socket`)
	a.Port = p.name(kPort)
	a.Opts = p.options(v.Word, v.Options)
	return a
}

func (p *parser) session(v *Verb) Action {
	at := p.pos(p.peek())
	s := &SessionLine{Name: p.introduce(kSocket)}
	p.refs = append(p.refs,
		ref{name: SessionPort, kind: kPort, pos: at, role: provides},
		ref{name: SessionListener, kind: kListener, pos: at, role: provides})
	s.Opts = p.options(v.Word, v.Options)
	if !s.Opts.Has("peer") {
		p.refs = append(p.refs, ref{name: s.Peer(), kind: kPeer, pos: at, role: introduces, hint: "; a further session names its peer: peer=d"})
	}
	return s
}
