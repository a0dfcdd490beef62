package scenario

// start parses what starts an operation.
func (p *parser) start(v *Verb, misuse bool) Action {
	s := &StartLine{Verb: v.Word}
	name := p.next()
	s.Name = name.text
	p.newName(name, kOp, ref{})
	op := len(p.refs) - 1
	p.expect("on", "behind the name of the operation")
	on := kSocket
	switch {
	case misuse:
		on = kSocket | kListener // on the wrong object: that may be the point
	case v.Word == "accept":
		on = kListener
	}
	s.On = p.name(on)
	switch v.Word {
	case "accept":
		p.refs[op].op = true
		if p.accept("into") {
			s.Into = p.name(kSocket)
			p.refs[op].sock = s.Into
		} else if p.accept("as") {
			s.As = p.introduce(kSocket)
			p.refs[op].sock = s.As
		}
	case "connect":
		p.expect("to", "behind the socket: a connect goes somewhere")
		s.To = p.name(kPeer | kListener)
	case "sendto":
		p.expect("to", "behind the socket: a sendto goes somewhere")
		s.To = p.name(kPeer | kSocket)
	}
	at := p.pos(p.peek())
	if s.Opts = p.options(v.Word, v.Options); s.Opts.Word("packet", "yes") == "no" && !s.Opts.Has("event") {
		p.fail(at, `packet=no needs an event, which alone tells of the operation: event=`)
	}
	return s
}

// control parses what ends, changes or makes up packets.
func (p *parser) control(v *Verb) Action {
	switch v.Word {
	case "cancel":
		if p.accept("all") {
			return &CancelLine{All: true, Name: p.name(kSocket | kListener)}
		}
		return &CancelLine{Name: p.name(kOp)}
	case "shutdown":
		return &ShutdownLine{Name: p.name(kSocket | kListener), Side: p.word("a direction", Sides)}
	case "close":
		return &CloseLine{Name: p.name(kPort | kListener | kSocket | kPoller)}
	case "context":
		c := &ContextLine{Name: p.name(kSocket)}
		if p.accept("from") {
			c.From = p.name(kSocket | kListener)
		}
		return c
	case "name", "peername":
		return &NameLine{Verb: v.Word, Name: p.name(kSocket | kListener)}
	case "apc":
		return &APCLine{Name: p.introduce(kAPC)}
	case "skip":
		return &SkipLine{Name: p.name(kSocket | kListener)}
	case "post":
		l := &PostLine{Name: p.introduce(kOp)}
		p.expect("to", "behind the name of the packet")
		l.Port = p.name(kPort)
		l.Opts = p.options(v.Word, v.Options)
		return l
	}
	d := &DupLine{Name: p.name(kSocket | kListener)}
	p.expect("as", "behind the socket")
	d.As = p.introduce(p.kindOf(d.Name))
	return d
}

// await parses await EVENT [TIME].
func (p *parser) await() Action {
	a := &AwaitLine{Event: p.name(kEvent)}
	if t := p.peek(); t.word && t.text[0] >= '0' && t.text[0] <= '9' {
		if t, ok := p.time("a timeout"); ok {
			a.Timeout, _ = duration(t.text)
			a.Timed = true
		}
	}
	return a
}

// wait parses wait PORT [TIME | forever] [alertable] [max=N] [as NAME]; the last four in any order.
func (p *parser) wait() Action {
	w := &WaitLine{Port: p.name(kPort | kPoller)}
	for {
		t := p.peek()
		switch {
		case p.err != nil:
			return w
		case w.As == "" && p.accept("as"):
			w.As = p.introduce(kPacket)
		case w.Max.N == 0 && p.accept("max"):
			p.expect("=", `behind "max"`)
			w.Max = p.number("the most packets to take", 1, maxCount)
		case !w.Alertable && p.accept("alertable"):
			w.Alertable = true
		case !w.Timed && !w.Forever && p.accept("forever"):
			w.Forever = true
		case !w.Timed && !w.Forever && t.word && t.text[0] >= '0' && t.text[0] <= '9':
			if t, ok := p.time("a timeout"); ok {
				w.Timeout, _ = duration(t.text)
				w.Timed = true
			}
		case t.word && t.text != "if" && p.at+1 < len(p.toks) && p.toks[p.at+1].text == "=":
			p.unknownOption(t, "wait", []Option{{Key: "max"}})
		default:
			return w
		}
	}
}
