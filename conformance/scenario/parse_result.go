package scenario

import (
	"strings"
)

// result parses what stands behind "->".
func (p *parser) result(v *Verb) *Result {
	if v.Answer != PacketAnswer {
		return &Result{Kind: Reply, Outcome: p.outcome(v)}
	}
	t := p.peek()
	switch {
	case p.accept("nothing"):
		return &Result{Kind: Nothing}
	case p.accept("{"):
		return &Result{Kind: Set, Packets: p.packets(v, "}")}
	case p.accept("["):
		return &Result{Kind: Sequence, Packets: p.packets(v, "]")}
	case has(Statuses, t.text):
		return &Result{Kind: Reply, Outcome: p.outcome(v)}
	}
	return &Result{Kind: One, Packets: []Packet{p.packet(v)}}
}

// packets parses the rest of a list up to the closing brace.
func (p *parser) packets(v *Verb, closing string) []Packet {
	list := []Packet{p.packet(v)}
	for p.accept(",") {
		list = append(list, p.packet(v))
	}
	p.expect(closing, `or "," in the list of packets`)
	return list
}

// packet parses NAME or NAME: OUTCOME.
func (p *parser) packet(v *Verb) Packet {
	t := p.next()
	if has(Statuses, t.text) || has(Events, t.text) || !t.word {
		p.fail(p.pos(t), "expected %q, a status or the name of an operation, found %v", "nothing", t)
	}
	packet := Packet{Name: t.text}
	kinds := kOp | kSocket | kListener | kPoller
	if p.accept(":") {
		packet.Outcome = p.outcome(v)
		if kinds = kOp; len(packet.Outcome) > 0 && packet.Outcome[0].Events != nil {
			kinds = kSocket | kListener | kPoller
		}
	}
	p.oldName(t, kinds)
	return packet
}

// outcome parses alternatives separated by "|".
func (p *parser) outcome(v *Verb) Outcome {
	out := Outcome{p.alternative(v)}
	for p.accept("|") {
		t := p.peek()
		out = append(out, p.alternative(v))
		if (out[0].Events == nil) != (out[len(out)-1].Events == nil) {
			p.fail(p.pos(t), "events of a poller and statuses of operations do not mix")
		}
	}
	return out
}

var startStatuses = Statuses[:3] // pending, done, refused

func (p *parser) alternative(v *Verb) Alternative {
	var a Alternative
	for (v.Word == "wait" || v.Word == "join") && has(Events, p.peek().text) {
		a.Events = append(a.Events, p.next().text)
	}
	if a.Events != nil {
		return a
	}
	a.Status = p.status(v)
	if p.accept("/") {
		t := p.next()
		if a.Reason = t.text; !has(Statuses, t.text) {
			p.fail(p.pos(t), "unknown status %v behind \"/\"%s", t, nearStatus(t.text))
		}
	}
	if t := p.peek(); t.word && t.text[0] >= '0' && t.text[0] <= '9' {
		a.Bytes = p.byteRange("how many bytes", 0, maxBytes)
	}
	a.Opts = p.options(a.Status, resultOptions)
	return a
}

// status takes a status that can answer the verb: a start answers with three words only, and nothing else with two of them.
func (p *parser) status(v *Verb) string {
	t := p.next()
	known := has(Statuses, t.text)
	starts := t.text == "pending" || t.text == "done"
	switch {
	case t.text == "" || !t.word:
		p.fail(p.pos(t), "expected a status, found %v", t)
	case t.text == "nothing":
		p.fail(p.pos(t), "%v is what a wait may find, not %q", t, v.Word)
	case !known:
		p.fail(p.pos(t), "unknown status %v%s", t, nearStatus(t.text))
	case v.Answer == StartAnswer && !has(startStatuses, t.text):
		p.fail(p.pos(t), "%q answers %s; %v would be of its packet, or a reason: refused/%s", v.Word, strings.Join(list(startStatuses), ", "), t, t.text)
	case v.Answer != StartAnswer && starts && v.Word != "join":
		p.fail(p.pos(t), "%v is what a start answers, not %q", t, v.Word)
	}
	return t.text
}

// byteRange parses 4 or 1..5.
func (p *parser) byteRange(what string, low, high uint64) *Range {
	t := p.next()
	from, to, two := strings.Cut(t.text, "..")
	lo, ok := number(from)
	hi, ok2 := lo, true
	if two {
		hi, ok2 = number(to)
	}
	switch {
	case !ok || !ok2:
		p.fail(p.pos(t), "expected %s, a number or a range such as 1..5, found %v", what, t)
	case lo.N > hi.N:
		p.fail(p.pos(t), "range %s is empty: the smaller number comes first", t.text)
	}
	p.bounds(t, lo, low, high)
	p.bounds(t, hi, low, high)
	return &Range{lo, hi}
}

// nearStatus says which status may have been meant, or else which there are.
func nearStatus(word string) string {
	if near := nearest(word, list(Statuses)); near != "" {
		return near
	}
	return "; the statuses are " + strings.Join(list(Statuses), ", ")
}
