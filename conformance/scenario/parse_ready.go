package scenario

import "slices"

// ready parses what is done with a poller.
func (p *parser) ready(v *Verb) Action {
	switch v.Word {
	case "try":
		return p.try()
	case "woken":
		w := &WokenLine{Name: p.name(kPoller | kPort)}
		w.Bound = p.word("a bound", bounds)
		w.Count = p.number("how many waits", 0, maxCount)
		return w
	}
	l := &InterestLine{Verb: v.Word, Name: p.name(kSocket | kListener | kPoller)}
	p.expect(preposition[v.Word], "behind the socket")
	l.Poller = p.name(kPoller)
	if v.Word == "remove" {
		return l
	}
	for first := true; p.err == nil; first = false {
		t := p.peek()
		if !first && (!t.word || t.text == "if") {
			break
		}
		flag := p.word("what to watch", Flags)
		if slices.Contains(l.Flags, flag) {
			p.fail(p.pos(t), "%v stands twice", t)
		}
		l.Flags = append(l.Flags, flag)
	}
	return l
}

// preposition stands between socket and poller.
var preposition = map[string]string{"add": "to", "modify": "in", "remove": "from"}

var bounds = []Word{
	{"exactly", "so many, no more, no fewer"},
	{"atmost", "so many or fewer"},
}

func (p *parser) try() Action {
	t := p.next()
	options, ok := tryOptions[t.text]
	if !ok {
		words := keys(tryOptions)
		p.fail(p.pos(t), "expected an operation that can be tried, found %v%s", t, nearest(t.text, words))
		return &TryLine{}
	}
	l := &TryLine{Verb: t.text}
	p.expect("on", "behind the operation")
	if t.text == "accept" {
		l.On = p.name(kListener)
		if p.accept("as") {
			l.As = p.introduce(kSocket)
		}
	} else {
		l.On = p.name(kSocket)
	}
	if t.text == "connect" || t.text == "sendto" {
		p.expect("to", "behind the socket")
		l.To = p.name(kPeer | kListener | kSocket)
	}
	l.Opts = p.options("try "+t.text, options)
	return l
}

// mark parses what is said to the runner and the checker.
func (p *parser) mark(v *Verb) Action {
	switch v.Word {
	case "time":
		l := &TimeLine{}
		if t, ok := p.time("a time"); ok {
			l.Time, _ = duration(t.text)
		}
		return l
	case "enter", "leave":
		return &SpanLine{Verb: v.Word, Packet: p.name(kPacket | kOp)}
	case "exit":
		return &ExitLine{}
	case "observe":
		return &ObserveLine{What: p.word("what to look for", Observations), Name: p.name(kAny)}
	case "net":
		l := &NetLine{What: p.word("a disturbance", Disturbances)}
		if l.What == "delay" {
			if t, ok := p.time("how long to delay"); ok {
				l.Delay, _ = duration(t.text)
			}
		}
		l.Name = p.name(kPeer | kSocket | kListener)
		return l
	}
	return &SettleLine{}
}
