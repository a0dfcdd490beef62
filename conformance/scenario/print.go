package scenario

// Print writes a tree in canonical form: single blanks, two blanks of indentation a block, numbers in the form they have.
// Printing what was parsed from canonical text gives that text back.
func Print(f *File) []byte {
	p := &printer{}
	p.nodes(f.Lines, 0)
	return p.out
}

// Format brings a file into canonical form.
func Format(name string, src []byte) ([]byte, error) {
	f, err := Parse(name, src)
	if err != nil {
		return nil, err
	}
	return Print(f), nil
}

// String is the line as Print writes it, without indentation, comment and newline.
func (l *Line) String() string {
	p := &printer{tight: true}
	p.scriptLine(l)
	return string(p.out)
}

// printer writes words with one blank between them.
type printer struct {
	out   []byte
	tight bool // no blank before the next word: the line or a bracket has just begun
}

func (p *printer) nodes(nodes []Node, depth int) {
	for _, n := range nodes {
		switch n := n.(type) {
		case *Blank:
		case *Comment:
			p.indent(depth)
			p.word(n.Text)
		case *Header:
			p.indent(depth)
			p.word(n.Word)
			p.word(n.Words...)
			p.word(n.Comment)
		case *Line:
			p.indent(depth)
			p.scriptLine(n)
			p.word(n.Comment)
		case *Block:
			p.indent(depth)
			p.block(n, depth)
		}
		p.out = append(p.out, '\n')
	}
}

func (p *printer) indent(depth int) {
	for range depth {
		p.out = append(p.out, "  "...)
	}
	p.tight = true
}

// word appends words, each with a blank in front unless the printer is tight.
func (p *printer) word(words ...string) {
	for _, w := range words {
		if w == "" {
			continue
		}
		if !p.tight {
			p.out = append(p.out, ' ')
		}
		p.tight = false
		p.out = append(p.out, w...)
	}
}

// glue appends without a blank.
func (p *printer) glue(s string) { p.out = append(p.out, s...) }

func (p *printer) block(b *Block, depth int) {
	p.word(b.Kind.String())
	switch b.Kind {
	case Repeat:
		p.word(b.Times.String())
	case Schedule:
		p.word(b.Threads...)
	}
	p.glue(" {")
	p.trailing(b.Comment)
	p.out = append(p.out, '\n')
	p.nodes(b.Lines, depth+1)
	p.indent(depth)
	p.glue("}")
	p.trailing(b.EndComment)
}

func (p *printer) trailing(comment string) {
	if comment != "" {
		p.glue(" " + comment)
	}
}

func (p *printer) scriptLine(l *Line) {
	if l.Thread != "" {
		p.word("@" + l.Thread)
	}
	if l.Misuse {
		p.word("misuse")
	}
	p.action(l.Action)
	if l.Result != nil {
		p.word("->")
		p.result(l.Result)
	}
	if l.Guard != nil {
		p.word("if=" + l.Guard.Name + "." + l.Guard.Status)
	}
	if l.Background {
		p.word("&")
	}
}

func (p *printer) action(a Action) {
	p.word(a.Word())
	switch a := a.(type) {
	case *PortLine:
		p.word(a.Name)
		p.opts(a.Opts)
	case *ListenLine:
		p.word(a.Name)
		p.pair("on", a.Port)
		p.opts(a.Opts)
	case *SocketLine:
		p.word(a.Name)
		p.opts(a.Opts)
	case *EventLine:
		p.word(a.Name)
	case *PollerLine:
		p.word(a.Name)
	case *SessionLine:
		p.word(a.Name)
		p.opts(a.Opts)
	case *AssociateLine:
		p.word(a.Name, "to", a.Port)
		p.opts(a.Opts)
	case *StartLine:
		p.word(a.Name, "on", a.On)
		p.pair("into", a.Into)
		p.pair("as", a.As)
		p.pair("to", a.To)
		p.opts(a.Opts)
	case *CancelLine:
		if a.All {
			p.word("all")
		}
		p.word(a.Name)
	case *ShutdownLine:
		p.word(a.Name, a.Side)
	case *CloseLine:
		p.word(a.Name)
	case *SkipLine:
		p.word(a.Name)
	case *ContextLine:
		p.word(a.Name)
		p.pair("from", a.From)
	case *NameLine:
		p.word(a.Name)
	case *PostLine:
		p.word(a.Name, "to", a.Port)
		p.opts(a.Opts)
	case *DupLine:
		p.word(a.Name, "as", a.As)
	case *WaitLine:
		p.wait(a)
	case *PeerLine:
		p.peer(a)
	default:
		p.actionBeside(a)
	}
}

// actionBeside prints what has to do neither with operations nor with peers.
func (p *printer) actionBeside(a Action) {
	switch a := a.(type) {
	case *AwaitLine:
		p.word(a.Event)
		if a.Timed {
			p.word(durationWord(a.Timeout))
		}
	case *APCLine:
		p.word(a.Name)
	case *PoolLine:
		p.word(a.Name, "on", a.Port)
		p.opts(a.Opts)
	case *DrainLine:
		p.word(a.Name)
	case *InterestLine:
		p.word(a.Name, preposition[a.Verb], a.Poller)
		p.word(a.Flags...)
	case *TryLine:
		p.word(a.Verb, "on", a.On)
		p.pair("as", a.As)
		p.pair("to", a.To)
		p.opts(a.Opts)
	case *WokenLine:
		p.word(a.Name, a.Bound, a.Count.String())
	case *TimeLine:
		p.word(durationWord(a.Time))
	case *SpanLine:
		p.word(a.Packet)
	case *ObserveLine:
		p.word(a.What, a.Name)
	case *NetLine:
		p.word(a.What)
		if a.What == "delay" {
			p.word(durationWord(a.Delay))
		}
		p.word(a.Name)
	}
}

func (p *printer) wait(w *WaitLine) {
	p.word(w.Port)
	if w.Timed {
		p.word(durationWord(w.Timeout))
	}
	if w.Forever {
		p.word("forever")
	}
	if w.Alertable {
		p.word("alertable")
	}
	if w.Max.N > 0 {
		p.word("max=" + w.Max.String())
	}
	p.pair("as", w.As)
}

func (p *printer) peer(l *PeerLine) {
	p.word(l.Peer)
	if l.Count > 0 {
		p.glue("[" + decimal(l.Count) + "]")
	}
	p.word(l.Verb)
	switch {
	case l.What != "":
		p.word(l.What)
	case l.Bytes != nil:
		p.word(l.Bytes.String())
	}
	if l.Verb == "connects" {
		p.word(l.To)
	} else {
		p.pair("to", l.To)
	}
	p.pair("as", l.As)
	p.opts(l.Opts)
}

// pair writes a preposition and its name, if there is one.
func (p *printer) pair(preposition, name string) {
	if name != "" {
		p.word(preposition, name)
	}
}

func (p *printer) opts(opts Opts) {
	for _, o := range opts {
		p.word(o.Key + "=" + o.Value.String())
	}
}

func (v Value) String() string {
	switch v.Takes {
	case TakesNumber:
		return v.Num.String()
	case TakesTime:
		return durationWord(v.Time)
	}
	return v.Word
}

// String is the range as written: one number if both ends are the same.
func (r Range) String() string {
	if r.Lo == r.Hi {
		return r.Lo.String()
	}
	return r.Lo.String() + ".." + r.Hi.String()
}

func (r *Result) String() string {
	p := &printer{tight: true}
	p.result(r)
	return string(p.out)
}

func (p *printer) result(r *Result) {
	switch r.Kind {
	case Reply:
		p.outcome(r.Outcome)
	case Nothing:
		p.word("nothing")
	case Set, Sequence:
		brackets := "{}"
		if r.Kind == Sequence {
			brackets = "[]"
		}
		p.word(brackets[:1])
		p.tight = true
		p.packets(r.Packets)
		p.glue(brackets[1:])
	case One:
		p.packets(r.Packets)
	}
}

func (p *printer) packets(packets []Packet) {
	for i, packet := range packets {
		if i > 0 {
			p.glue(",")
		}
		p.word(packet.Name)
		if packet.Outcome != nil {
			p.glue(":")
			p.outcome(packet.Outcome)
		}
	}
}

func (p *printer) outcome(o Outcome) {
	for i, a := range o {
		if i > 0 {
			p.word("|")
		}
		p.word(a.Events...)
		p.word(a.Status)
		if a.Reason != "" {
			p.glue("/" + a.Reason)
		}
		if a.Bytes != nil {
			p.word(a.Bytes.String())
		}
		p.opts(a.Opts)
	}
}
