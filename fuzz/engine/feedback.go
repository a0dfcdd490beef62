package engine

import (
	"math/bits"

	"github.com/ioconform/ioconform/spec"
)

// What a campaign keeps of a run is decided by features: a run that shows one which no run before has shown is worth being changed and run
// again. A feature is a situation or an alternative of a rule, or a state in which a call found a socket: what is outstanding on it, how much of it
// has been shut down, what its far end did.

// Feature is a number that stands for something that a run showed.
type Feature uint64

// A feature of a rule has the rule's index above this bit, its situation or alternative below; those of states are hashes above all of them.
const (
	ofAlternative Feature = 1 << 5
	ofRule        Feature = 1 << 6
	ofState       Feature = 1 << 32
)

// feedback collects the features of runs, with memory that it uses again.
type feedback struct {
	seen   map[Feature]struct{}
	rules  []spec.Count // which situations and alternatives were seen, by the index of the rule
	fresh  []Feature    // of the last run: those not seen before
	socks  []found
	ops    []started
	states int
}

// found is the state in which calls find a socket.
type found struct {
	receives, sends, others uint8 // outstanding: none, one, more
	shut                    uint8 // sides
	gone                    bool
	failed                  spec.Code // of the last operation that did not end well
}

// started is an operation: whose it is and what it does.
type started struct {
	sock uint32
	verb spec.Verb
}

func newFeedback() *feedback {
	return &feedback{seen: map[Feature]struct{}{}, rules: make([]spec.Count, len(spec.Rules()))}
}

// look returns the features that no run has shown before. The slice is valid until the next call.
func (f *feedback) look(r *Run) []Feature {
	f.fresh = f.fresh[:0]
	for i, c := range r.Judgement.Counts {
		have := &f.rules[i]
		if c.Situations&^have.Situations|c.Alternatives&^have.Alternatives != 0 {
			f.each(Feature(i)*ofRule, c.Situations&^have.Situations)
			f.each(Feature(i)*ofRule+ofAlternative, c.Alternatives&^have.Alternatives)
			have.Situations |= c.Situations
			have.Alternatives |= c.Alternatives
		}
	}
	if r.Trace != nil {
		f.walk(r.Trace)
	}
	return f.fresh
}

// know takes features as seen.
func (f *feedback) know(list []Feature) {
	for _, x := range list {
		if _, there := f.seen[x]; !there && x >= ofState {
			f.states++
		}
		f.seen[x] = struct{}{}
		if x < ofState {
			if i := int(x / ofRule); i < len(f.rules) {
				mask := uint32(1) << (x % ofAlternative)
				if x&ofAlternative != 0 {
					f.rules[i].Alternatives |= mask
				} else {
					f.rules[i].Situations |= mask
				}
			}
		}
	}
}

// count returns how many states, and how many situations of rules, were seen.
func (f *feedback) count() (states, situations int) {
	for i := range f.rules {
		situations += bits.OnesCount32(f.rules[i].Situations)
	}
	return f.states, situations
}

func (f *feedback) each(base Feature, mask uint32) {
	for i := Feature(0); mask != 0; i, mask = i+1, mask>>1 {
		if mask&1 != 0 {
			f.note(base + i)
		}
	}
}

func (f *feedback) note(x Feature) {
	if _, there := f.seen[x]; !there {
		f.seen[x] = struct{}{}
		f.fresh = append(f.fresh, x)
		if x >= ofState {
			f.states++
		}
	}
}

// walk notes the state in which each call found its socket.
func (f *feedback) walk(t *spec.Trace) {
	clear(f.socks)
	clear(f.ops)
	for i := range t.Events {
		e := &t.Events[i]
		switch e.Kind {
		case spec.CallEvent:
			if e.Op != 0 && e.Verb.Starts() {
				f.op(e.Op).sock, f.op(e.Op).verb = e.Sock, e.Verb
			}
			if e.Sock != 0 {
				s := f.sock(e.Sock)
				f.note(s.hash(e))
				s.call(e)
			}
		case spec.ReturnEvent:
			if e.Op != 0 && e.Verb.Starts() && e.How == spec.RefusedAtStart {
				f.ends(e.Op, e.Status.Code)
			}
			for k := range e.Packets {
				f.ends(e.Packets[k].Op, e.Packets[k].Status.Code)
			}
		}
	}
}

// ends takes an operation off its socket.
func (f *feedback) ends(op uint32, how spec.Code) {
	if op == 0 || int(op) >= len(f.ops) || f.ops[op].sock == 0 {
		return
	}
	o := f.ops[op]
	s := f.sock(o.sock)
	n := s.outstanding(o.verb)
	*n = max(*n, 1) - 1
	if how != spec.OK {
		s.failed = how
	}
}

func (f *feedback) sock(id uint32) *found {
	for int(id) >= len(f.socks) {
		f.socks = append(f.socks, found{})
	}
	return &f.socks[id]
}

func (f *feedback) op(id uint32) *started {
	for int(id) >= len(f.ops) {
		f.ops = append(f.ops, started{})
	}
	return &f.ops[id]
}

func (s *found) outstanding(v spec.Verb) *uint8 {
	switch v {
	case spec.Receive, spec.ReceiveFrom:
		return &s.receives
	case spec.Send, spec.SendTo:
		return &s.sends
	}
	return &s.others
}

func (s *found) call(e *spec.Event) {
	switch {
	case e.Verb.Starts():
		n := s.outstanding(e.Verb)
		*n = min(*n+1, 2)
	case e.Verb == spec.ShutdownSocket:
		s.shut |= 1 << e.Side
	case e.Verb == spec.CloseSocket:
		s.gone = true
	}
}

// hash is the feature of a call that finds the socket so.
func (s *found) hash(e *spec.Event) Feature {
	x := uint64(e.Verb)<<56 | uint64(e.Side)<<48 | uint64(s.receives)<<40 | uint64(s.sends)<<32 | uint64(s.others)<<24 | uint64(s.shut)<<16 | uint64(s.failed)<<8
	if s.gone {
		x |= 1
	}
	return Feature(mix(x, 0)) | ofState
}
