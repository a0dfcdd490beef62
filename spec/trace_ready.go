package spec

// The readiness half of the trace's text: "ask":["in","edge"] is what an add or a modify asks for,
// "ready":[{"tok":"0x7","ev":["in","hup"]}] what a wait on a poller returned.

func (e *encoder) interest(field string, i Interest) {
	e.line = append(e.line, field...)
	e.line = append(e.line, '[')
	for n, w := range i.Words() {
		e.comma(n)
		e.line = quoted(e.line, w)
	}
	e.line = append(e.line, ']')
}

func (e *encoder) ask(v *Event) {
	if v.Ask != 0 {
		e.interest(`,"ask":`, v.Ask)
	}
	if v.Ready == nil {
		return
	}
	e.line = append(e.line, `,"ready":[`...)
	for i, r := range v.Ready {
		e.comma(i)
		e.hex(`{"tok":`, r.Token)
		e.interest(`,"ev":`, r.Events)
		e.line = append(e.line, '}')
	}
	e.line = append(e.line, ']')
}

func (d *decoder) interest() (i Interest) {
	d.list(func() {
		d.next()
		from := d.at
		bit := Interest(1) << d.oneOf("interest", interestWord[:])
		if d.err == nil && i&bit != 0 {
			d.failAt(from, "%q stands twice", bit)
		}
		i |= bit
	})
	return i
}

func (d *decoder) ready() (r Ready) {
	if !d.want('{') {
		return r
	}
	var had uint64
	for first := true; d.more(&first, '}'); {
		f, known := d.field(&had, "an event of a poller")
		if !known {
			return r
		}
		switch from := d.at; f {
		case fieldTok:
			r.Token = d.hex()
		case fieldEv:
			r.Events = d.interest()
		default:
			d.failAt(from, "unknown field %q of an event of a poller", fieldWords[f])
		}
	}
	if d.err == nil && had&(1<<fieldTok) == 0 {
		d.fail("an event of a poller needs its token, tok")
	}
	return r
}
