package spec

import (
	"fmt"
	"strings"
	"testing"
)

// stream is a trace of one connection, socket s2 and far end c1, and what is told the rules of its bytes: where they are kept, and where only their sums are.
//
//	o2@4              the receive o2 has the bytes from position 4 on
//	o2@4 altered      they were never sent; or left out from 8: they come from further on; again from 0; early of 8: the end, and 8 bytes had been sent
//	o2@4 crossed o3   o3 has the bytes that were due to o2
//	o2 untold         nothing can be told of it
//	sent o5           the far end has read bytes of the send o5, or all that is left of it; sent o5 crossed o6, sent o5 altered, sent altered
//	end               it has read the end of the stream; end early o5: before all of o5
//	/                 a pause or a settle
//
// Behind it stand the rules that are broken. Where sums tell the same as bytes they are left out; - is nothing.
type stream struct {
	name  string
	axes  Axes
	dials bool // s2 is not accepted: it connects, by o1 and with what the text says
	text  string
	bytes string
	sums  string
}

// listenToStreams returns what a checker is told of the streams of a trace.
func listenToStreams(t testing.TB, trace *Trace) string {
	t.Helper()
	if err := trace.Validate(); err != nil {
		t.Errorf("the trace is malformed: %v", err)
	}
	c := NewChecker()
	var told []string
	c.ledger.ask = func(when moment, m *matter) bool {
		switch {
		case when == atPlaced && m.op.verb != Accept:
			told = append(told, fmt.Sprintf("o%d", m.op.id)+m.whereItIs())
		case when == atPeerRead:
			told = append(told, m.whatWasRead())
		}
		return c.ask(when, m)
	}
	c.Begin(trace)
	for i := range trace.Events {
		if kind := trace.Events[i].Kind; kind == PauseEvent || kind == SettleEvent {
			told = append(told, "/")
		}
		c.Feed(&trace.Events[i])
	}
	if broken, _ := brokenBy(c.End()); len(broken) > 0 {
		told = append(told, "breaks")
		told = append(told, broken...)
	}
	return strings.Join(told, " ")
}

func (m *matter) whereItIs() string {
	at := fmt.Sprintf("@%d", m.at)
	switch m.found {
	case altered:
		return at + " altered"
	case leftOut:
		return fmt.Sprintf("%s left out from %d", at, m.want)
	case repeated:
		return fmt.Sprintf("%s again from %d", at, m.want)
	case crossed:
		return fmt.Sprintf("%s crossed o%d", at, m.other.id)
	case early:
		return fmt.Sprintf("%s early of %d", at, m.want)
	case untold:
		return " untold"
	}
	return at
}

func (m *matter) whatWasRead() string {
	whose := ""
	if m.op != nil {
		whose = fmt.Sprintf(" o%d", m.op.id)
	}
	switch m.found {
	case altered:
		return "sent" + whose + " altered"
	case crossed:
		return fmt.Sprintf("sent%s crossed o%d", whose, m.other.id)
	case early:
		return "end early" + whose
	}
	if m.op == nil {
		return "end"
	}
	return "sent" + whose
}

// Where a trace has all bytes each receive is told on its own; where it has sums, when both ends have made a cut.
func TestWhatIsToldOfStreams(t *testing.T) {
	for _, s := range append(receivedStreams, sentStreams...) {
		t.Run(strings.ReplaceAll(s.name, " ", "-"), func(t *testing.T) {
			before := served
			if s.dials {
				before = dials
			}
			trace := build(t, sample{axes: s.axes}.about(), before+s.text)
			if got := listenToStreams(t, trace); got != s.bytes {
				t.Errorf("bytes: %s\nwant:  %s", got, s.bytes)
			}
			want := s.sums
			switch want {
			case "":
				want = s.bytes
			case "-":
				want = ""
			}
			if got := listenToStreams(t, Resum(trace)); got != want {
				t.Errorf("sums: %s\nwant: %s", got, want)
			}
		})
	}
}
