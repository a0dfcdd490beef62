package engine

import "github.com/ioconform/ioconform/spec"

// Measure tells how much a campaign really tried.
type Measure struct {
	Programs int
	Raced    int // two calls on the same socket or port overlapped
	Voided   int // an assumption of some rule was possibly broken
	Events   int
	distinct map[uint64]struct{}
	last     map[uint64]uint64 // hash of what happened to each object
	open     []spec.Event
}

// NewMeasure returns an empty measure. With distinct it also counts runs that differ by more than the order of
// events that have nothing to do with each other; that takes memory for each of them.
func NewMeasure(distinct bool) *Measure {
	m := &Measure{last: map[uint64]uint64{}}
	if distinct {
		m.distinct = map[uint64]struct{}{}
	}
	return m
}

// Distinct returns the number of runs that were distinct up to commuting.
func (m *Measure) Distinct() int { return len(m.distinct) }

// Add counts one run.
func (m *Measure) Add(r *Run) {
	m.Programs++
	m.Events += len(r.Trace.Events)
	for _, c := range r.Judgement.Counts {
		if c.Voided > 0 {
			m.Voided++
			break
		}
	}
	if raced(r.Trace, &m.open) {
		m.Raced++
	}
	if m.distinct != nil {
		m.distinct[m.hash(r.Trace)] = struct{}{}
	}
}

// objects returns the objects of an event that commuting respects: its thread, and what its call is about.
func objects(e *spec.Event) [4]uint64 {
	return [4]uint64{1<<32 | uint64(e.Thread), 2<<32 | uint64(e.Sock), 3<<32 | uint64(e.Port), 4<<32 | uint64(e.Peer)}
}

// hash is the same for two traces in which the same happened to every object in the same order.
func (m *Measure) hash(t *spec.Trace) (sum uint64) {
	clear(m.last)
	for i := range t.Events {
		e := &t.Events[i]
		what := mix(uint64(e.Kind)<<40|uint64(e.Verb)<<32|uint64(e.How)<<24|uint64(e.Status.Code)<<16, uint64(e.Op)<<32|uint64(uint32(e.N)))
		for j := range e.Packets {
			k := &e.Packets[j]
			what = mix(what, uint64(k.Op)<<32|uint64(k.Status.Code)<<24|uint64(uint32(k.N)))
		}
		for _, o := range objects(e) {
			if uint32(o) != 0 || o>>32 == 1 {
				m.last[o] = mix(m.last[o]^o, what)
			}
		}
	}
	for o, h := range m.last {
		sum += mix(o, h) // a sum does not depend on the order of the map
	}
	return sum
}

func mix(a, b uint64) uint64 {
	d := dice(a ^ b*0x9E3779B97F4A7C15)
	return d.next()
}

// raced reports whether two calls of different threads on the same socket or port overlapped; two waits do not count, nor what a far end does meanwhile.
func raced(t *spec.Trace, open *[]spec.Event) bool {
	under := (*open)[:0]
	defer func() { *open = under }()
	for i := range t.Events {
		e := &t.Events[i]
		switch e.Kind {
		case spec.CallEvent:
			for j := range under {
				x := &under[j]
				if x.Verb == spec.Wait && e.Verb == spec.Wait {
					continue
				}
				if x.Sock != 0 && x.Sock == e.Sock || x.Port != 0 && x.Port == e.Port {
					return true
				}
			}
			under = append(under, *e)
		case spec.ReturnEvent:
			for j := range under {
				if under[j].Call == e.Call {
					under = append(under[:j], under[j+1:]...)
					break
				}
			}
		}
	}
	return false
}
