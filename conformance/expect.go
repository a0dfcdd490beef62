package conformance

import (
	"fmt"
	"strings"

	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/spec"
)

// outcome is what a line came to: the answer of a start, the status of another call, or what a wait returned.
type outcome struct {
	start   *spec.Result
	status  spec.Status
	packets []*packet
	n       int
	counts  bool // n is a number of bytes
	none    bool // the line did nothing: its guard did not hold
}

func (o outcome) String() string {
	switch {
	case o.start != nil && o.start.How == spec.RefusedAtStart:
		return "refused/" + o.start.Status.String()
	case o.start != nil && o.start.How == spec.Done:
		return fmt.Sprintf("done %d", o.start.N)
	case o.start != nil:
		return "pending"
	case len(o.packets) > 0:
		s := make([]string, len(o.packets))
		for i, k := range o.packets {
			s[i] = k.String()
		}
		return strings.Join(s, ", ")
	}
	if o.counts && o.status.Ok() {
		return fmt.Sprintf("ok %d", o.n)
	}
	return o.status.String()
}

func (k *packet) String() string {
	name := fmt.Sprintf("token %#x", k.Token)
	if k.op != nil {
		name = k.op.name
	}
	if k.polled {
		return name + ": " + k.events.String()
	}
	return fmt.Sprintf("%s: %s %d key=%#x", name, k.Status.Code, k.N, k.Key)
}

// holds reports whether the line is to be run.
func (t *thread) holds(g *scenario.Guard) bool {
	if g == nil {
		return true
	}
	if k, ok := named[*packet](t.p, g.Name); ok {
		return k.Status.Code.String() == g.Status
	}
	o, ok := named[*operation](t.p, g.Name)
	t.p.shareEnds(false)
	if !ok {
		return false
	}
	t.p.mu.Lock()
	defer t.p.mu.Unlock()
	if !o.began && !o.post {
		return false
	}
	switch g.Status {
	case "pending":
		return o.how.How == spec.Pending
	case "done":
		return o.how.How == spec.Done
	case "refused":
		return o.how.How == spec.RefusedAtStart || o.packet != nil && o.packet.Status.Code == spec.Refused
	}
	if o.packet == nil {
		return o.how.How == spec.Done && g.Status == "ok"
	}
	return o.packet.Status.Code.String() == g.Status
}

// check compares what a line came to with what it expects.
func (t *thread) check(l *scenario.Line, got outcome) bool {
	if got.none || t.p.free {
		return true
	}
	r := l.Result
	if r == nil {
		return t.usual(l, got)
	}
	if r.Kind == scenario.Reply {
		for _, a := range r.Outcome {
			if t.p.fits(a, got) {
				return true
			}
		}
		return t.p.stuck(l, got.String(), r.String())
	}
	if r.Kind == scenario.Nothing {
		if len(got.packets) == 0 && got.status.Code == spec.TimedOut {
			return true
		}
		return t.p.stuck(l, got.String(), "nothing")
	}
	return t.checkPackets(l, got)
}

// checkPackets compares what was taken with the packets that a wait expects.
func (t *thread) checkPackets(l *scenario.Line, got outcome) bool {
	r := l.Result
	if len(got.packets) < len(r.Packets) {
		return t.p.stuck(l, got.String(), r.String())
	}
	for i, want := range r.Packets {
		var k *packet
		for _, x := range got.packets {
			if x.op != nil && x.op.name == want.Name {
				k = x
			}
		}
		if r.Kind == scenario.Sequence && got.packets[i] != k {
			return t.p.stuck(l, got.String(), r.String())
		}
		if k == nil || !t.p.fitsPacket(want.Outcome, k) {
			return t.p.stuck(l, got.String(), r.String())
		}
	}
	return true
}

// usual is what is expected of a line that does not say: that it does not fail.
func (t *thread) usual(l *scenario.Line, got outcome) bool {
	switch l.Action.(type) {
	case *scenario.CancelLine:
		if got.status.Ok() || got.status.Code == spec.NotFound {
			return true
		}
		return t.p.stuck(l, got.String(), "ok | notfound")
	case *scenario.WaitLine, *scenario.JoinLine:
		return true
	}
	if got.start != nil {
		if got.start.How != spec.RefusedAtStart {
			return true
		}
		return t.p.stuck(l, got.String(), "pending | done")
	}
	if got.status.Ok() {
		return true
	}
	return t.p.stuck(l, got.String(), "ok")
}

// fits compares the answer of a call with one alternative.
func (p *program) fits(a scenario.Alternative, got outcome) bool {
	if len(got.packets) > 0 {
		return a.Status == "ok" && len(got.packets) == 1 && p.fitsOne(a, got.packets[0])
	}
	if got.start != nil {
		if a.Status != [...]string{"pending", "done", "refused"}[got.start.How] {
			return false
		}
		if a.Reason != "" && a.Reason != got.start.Status.Code.String() {
			return false
		}
		return a.Bytes == nil || got.start.How != spec.Done || a.Bytes.Has(uint64(got.start.N))
	}
	if a.Status != got.status.Code.String() {
		return false
	}
	return a.Bytes == nil || a.Bytes.Has(uint64(got.n))
}

func (p *program) fitsPacket(o scenario.Outcome, k *packet) bool {
	if o == nil {
		return true
	}
	for _, a := range o {
		if p.fitsOne(a, k) {
			return true
		}
	}
	return false
}

// fitsOne compares a packet with one alternative.
func (p *program) fitsOne(a scenario.Alternative, k *packet) bool {
	if k.polled || a.Events != nil {
		return k.polled && a.Events != nil && k.events == spec.InterestOf(a.Events)
	}
	if a.Status != k.Status.Code.String() || a.Bytes != nil && !a.Bytes.Has(uint64(k.N)) {
		return false
	}
	if a.Opts.Has("key") && a.Opts.Uint("key", 0) != k.Key && !k.skipped {
		if own := k.op != nil && !k.op.post && p.about.Axes.Get("key") == "op"; !own {
			return false
		}
	}
	if a.Opts.Has("size") && a.Opts.Int("size", 0) != k.Size && k.Size >= 0 { // less than that: the target does not know
		return false
	}
	if a.Opts.Has("native") && a.Opts.Uint("native", 0) != uint64(k.Status.Native) {
		return false
	}
	if name := a.Opts.Word("from", ""); name != "" && p.address(name) != k.From {
		return false
	}
	if name := a.Opts.Word("sock", ""); name != "" {
		s, ok := p.socket(name)
		return ok && k.op != nil && k.op.Operation != nil && k.op.Accepted == s
	}
	return true
}
