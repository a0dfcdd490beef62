package spec

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Verdict is what a trace, or several, showed of a rule.
type Verdict uint8

const (
	NotExercised Verdict = iota // nothing that the rule speaks of happened, or not in all its situations
	Held
	Broken
	Skipped // the target lacks a capability, or declares another value of an axis
	Unknown // the trace does not tell
	Known   // broken, and the target's file of known failures says so
	verdictsN
)

var verdictWord = [verdictsN]string{"not-exercised", "held", "broken", "skipped", "unknown", "known"}

// String returns the word of v in reports.
func (v Verdict) String() string { return verdictWord[v%verdictsN] }

// Violation is one fault.
type Violation struct {
	Rule    *Rule
	Q       uint64 // number of the event at which it became certain
	Said    string // what was seen, and what was allowed
	Objects []string
}

// Count is what was seen of one rule.
type Count struct {
	Checks       int    // times that the rule held in some situation
	Voided       int    // times that an assumption was possibly broken
	Unknown      int    // times that the trace did not tell
	Broken       int    // violations
	Situations   uint32 // bit i: Situations[i] was seen
	Alternatives uint32 // bit i: Alternatives[i] was produced
	Cells        uint64 // bit i: the rule held in situation s with alternative a, or with none; Rule.Cell tells which
}

// Add adds what was seen elsewhere.
func (c *Count) Add(d Count) {
	c.Checks += d.Checks
	c.Voided += d.Voided
	c.Unknown += d.Unknown
	c.Broken += d.Broken
	c.Situations |= d.Situations
	c.Alternatives |= d.Alternatives
	c.Cells |= d.Cells
}

// Missing lists the situations that were not seen, of those that can come up in a target that says this of itself.
func (c Count) Missing(r *Rule, a *About) (names []string) {
	for i, s := range r.Situations {
		if c.Situations&(1<<i) != 0 {
			continue
		}
		if _, comes := r.Comes(s, a); comes {
			names = append(names, s)
		}
	}
	return names
}

// Verdict sums up: a rule is held only if each of its situations was seen that can come up in the target, and skipped if none can, and none did.
func (c Count) Verdict(r *Rule, a *About) Verdict {
	missing := c.Missing(r, a)
	switch {
	case c.Broken > 0:
		return Broken
	case c.Checks > 0 && len(missing) == 0:
		return Held
	case len(missing) == 0 && len(r.Situations) > 0:
		return Skipped
	case c.Checks == 0 && c.Unknown > 0:
		return Unknown
	}
	return NotExercised
}

// Applies reports whether the rule binds the target, and if not, why.
func (r *Rule) Applies(a *About) (reason string, applies bool) {
	if !strings.HasPrefix(r.ID, "RDY-") && a.Can(CanPoll) && !a.Can(CanComplete) {
		return "is for completion back ends", false
	}
	for _, c := range r.Needs {
		if why, meets := a.Meets(string(c)); !meets {
			return why, false
		}
	}
	for _, x := range AxisList {
		if want, ok := r.Axes[x.Name]; ok {
			if why, meets := a.Meets(x.Name + "=" + want); !meets {
				return why, false
			}
		}
	}
	if r.Sim && a.World != "sim" {
		return "can only be observed in a simulated world", false
	}
	return "", true
}

// Checker judges traces, one after the other, by all rules. It may be used again; not concurrently.
type Checker struct {
	ledger     *ledger
	counts     []Count
	table      askTable
	violations []Violation
	about      About // what the table was made for; its lists are copies
	begun      bool
}

// NewChecker returns a checker.
func NewChecker() *Checker {
	c := &Checker{ledger: newLedger(), counts: make([]Count, len(allRules))}
	c.ledger.ask = c.ask
	return c
}

// violationsMost is how many violations of one trace are told; the others are counted.
const violationsMost = 10_000

// Begin makes the checker ready for the events of t. Only t's header and threads are read.
func (c *Checker) Begin(t *Trace) {
	c.ledger.reset(t)
	clear(c.counts)
	c.violations = c.violations[:0]
	if c.begun && c.about.same(&t.About) {
		return
	}
	c.begun, c.about = true, t.About
	c.about.Capabilities, c.about.Axes = slices.Clone(t.About.Capabilities), maps.Clone(t.About.Axes)
	c.ledger.adopt(&c.about)
	c.table.make(&c.about, c.counts)
}

// same reports whether two targets are judged by the same rules. What else there is to know of a target, its system and its network, rules look up in the trace itself.
func (a *About) same(b *About) bool {
	return a.World == b.World && slices.Equal(a.Capabilities, b.Capabilities) && maps.Equal(a.Axes, b.Axes)
}

// Feed judges one event. Events come in the order of their numbers. The bytes that an event carries are not
// copied and must not change before End; the event itself may be used again.
func (c *Checker) Feed(e *Event) { c.ledger.fold(e) }

// objects names what the matter is about.
func (m *matter) objects() (names []string) {
	if m.op != nil && m.op.id != 0 {
		names = append(names, fmt.Sprintf("operation %d", m.op.id))
	}
	if m.sock != nil {
		names = append(names, fmt.Sprintf("socket %d", m.sock.id))
	}
	if m.port != nil {
		names = append(names, fmt.Sprintf("port %d", m.port.id))
	}
	if m.conn != nil {
		names = append(names, fmt.Sprintf("far end %d", m.conn.id))
	}
	return names
}

// Judgement is the result of one trace.
type Judgement struct {
	Violations []Violation
	Counts     []Count // by the index of Rules
	Settled    bool    // eventually-rules were judged
	Complete   bool    // the trace has its end
	Peers      bool    // it tells what the far ends did
	Data       DataLevel
	Widened    bool
}

// End returns the judgement of the events fed since Begin. It is valid until the next Begin.
func (c *Checker) End() Judgement {
	c.doubt()
	l := c.ledger
	return Judgement{Violations: c.violations, Counts: c.counts, Settled: l.settled, Complete: l.complete, Peers: l.peers, Data: l.level, Widened: l.widened}
}

// Check judges a whole trace.
func (c *Checker) Check(t *Trace) Judgement {
	c.Begin(t)
	for i := range t.Events {
		c.Feed(&t.Events[i])
	}
	return c.End()
}

// Clone returns a copy that does not change when the checker goes on.
func (j Judgement) Clone() Judgement {
	j.Violations, j.Counts = slices.Clone(j.Violations), slices.Clone(j.Counts)
	return j
}

// String names the operation in messages.
func (o *op) String() string {
	if o.verb == Post {
		return fmt.Sprintf("the post of event %d", o.start.c)
	}
	size := ""
	if o.verb.takes() || o.verb.gives() {
		size = fmt.Sprintf(" of %d bytes", o.length)
	}
	return fmt.Sprintf("operation %d (%s%s on socket %d, started at event %d)", o.id, o.verb, size, o.sock.id, o.start.c)
}

// String names the socket in messages.
func (s *sock) String() string { return fmt.Sprintf("socket %d", s.id) }

// short adds to a message how many bytes there were, where fewer than n were sent at all.
func (c *conn) short(at uint64, n int) string {
	if left := c.sentTo() - min(at, c.sentTo()); uint64(max(n, 0)) > left {
		return fmt.Sprintf("; only %d bytes had been sent beyond it", left)
	}
	return ""
}
