package simnet

import "math/bits"

// history is a hash of what a run has done so far, as far as anything can depend on it: of its events with the order between
// those that depend on each other, and no other order. Two runs with the same history are in the same state, and differ in the
// order of steps that have nothing to do with each other. (Mazurkiewicz traces; Musuvathi and Qadeer, Partial-order reduction
// for context-bounded state exploration, MSR-TR-2007-12, call it happens-before caching.)
//
// An event is an actor touching an object, a choice it took, a step, a thread it woke. The hash of an event is made of
// that of the actor's event before it, and of those it depends on: a read on the latest write, a write on that and on
// all reads since. So the hash of an event stands for the event with everything it follows from, and the sum of all,
// in which order does not count, for the run.
//
// What is not told to a history must not decide anything: that is what Touch is for.
type history struct {
	sum     uint64
	threads [MaxThreads]uint64 // the latest event of each actor
	links   []uint64
	clock   uint64
	objects []past
	notes   [maxNotes]past
	into    *footprint // what is touched is entered here too, if not nil
}

// past is what happened to an object.
type past struct {
	written uint64 // the latest write; of a note all beginnings
	read    uint64 // all reads since; of a note all ends
}

// maxNotes bounds the numbers of notes. Those above share with those below, which makes more events depend on each
// other than do.
const maxNotes = 512

func (h *history) reset() {
	h.sum, h.clock = 0, seedOf(ActorTime, 0)
	for i := range h.threads {
		h.threads[i] = seedOf(ActorThread, i)
	}
	h.links = h.links[:0]
	clear(h.objects)
	clear(h.notes[:])
	h.into = nil
}

func seedOf(k ActorKind, id int) uint64 { return blend(uint64(k)+1, uint64(id)+0x51) }

// blend is the mixing step of wyhash.
func blend(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a^0xa0761d6478bd642f, b^0xe7037ed1a0b428db)
	return hi ^ lo
}

func (h *history) of(a Actor) *uint64 {
	switch a.Kind {
	case ActorThread:
		return &h.threads[a.ID]
	case ActorLink:
		for a.ID >= len(h.links) {
			h.links = append(h.links, seedOf(ActorLink, len(h.links)))
		}
		return &h.links[a.ID]
	}
	return &h.clock
}

// What an event is, beside the object.
const (
	isRead = 1 + iota
	isWrite
	isBeginning
	isEnd
	isStep
	isChoice
	isWaking
	isBarrier
	isNumber
)

// Touched implements Observer.
func (h *history) Touched(by Actor, obj Object, write bool) {
	for int(obj) >= len(h.objects) {
		h.objects = append(h.objects, past{})
	}
	a, o := h.of(by), &h.objects[obj]
	if write {
		*a = blend(blend(*a, uint64(obj)<<4|isWrite), blend(o.written, o.read))
		o.written, o.read = *a, 0
	} else {
		*a = blend(blend(*a, uint64(obj)<<4|isRead), o.written)
		o.read += *a
	}
	h.sum += *a
	if h.into != nil {
		h.into.touch(obj, write)
	}
}

// noted is the event of World.Note.
func (h *history) noted(by Actor, note int, ends bool) {
	note &= maxNotes - 1
	a, o := h.of(by), &h.notes[note]
	if ends {
		*a = blend(blend(*a, uint64(note)<<4|isEnd), o.written)
		o.read += *a
	} else {
		*a = blend(blend(*a, uint64(note)<<4|isBeginning), o.read)
		o.written += *a
	}
	h.sum += *a
	if h.into != nil {
		h.into.note(note, ends)
	}
}

// stepped: the actor goes on.
func (h *history) stepped(by Actor) {
	a := h.of(by)
	*a = blend(*a, isStep)
	h.sum += *a
}

// chose: the actor's step depended on a choice that is not one of who goes on.
func (h *history) chose(by Actor, v int) {
	a := h.of(by)
	*a = blend(*a, uint64(v)<<4|isChoice)
	h.sum += *a
}

// numbered: the actor made something that got this number, or gave the number back.
func (h *history) numbered(by Actor, n int) {
	a := h.of(by)
	*a = blend(*a, uint64(n)<<4|isNumber)
	h.sum += *a
	if h.into != nil {
		h.into.made = true
	}
}

// woke: the actor made a thread able to run.
func (h *history) woke(by Actor, thread int) {
	a := h.of(by)
	*a = blend(*a, uint64(thread)<<4|isWaking)
	h.sum += *a
	t := &h.threads[thread]
	*t = blend(*t, *a)
	h.sum += *t
	if h.into != nil {
		h.into.woken |= 1 << thread
	}
}

// waited: the actor goes on because nobody else can, so that it depends on everything.
func (h *history) waited(by Actor) {
	a := h.of(by)
	*a = blend(blend(*a, isBarrier), h.sum)
	h.sum += *a
	if h.into != nil {
		h.into.all = true
	}
}

// moment is a hash of what decides, beside the history, which choices there are and what each of their options costs: whose turn it
// is, who could run, what is under way on which link, which timers are set and in what order they fire.
func (w *World) moment(t *Thread, kind Kind) uint64 {
	v := blend(w.run, uint64(kind)<<32|uint64(uint32(t.id)))
	v = blend(v, w.settlers)
	v = blend(v, uint64(w.steps))
	v = blend(v, uint64(w.now))
	for i, word := range w.links {
		for ; word != 0; word &= word - 1 {
			link := i<<6 + bits.TrailingZeros64(word)
			if d := w.linkEnds[link]; d != nil {
				v = blend(v, uint64(link)<<32|uint64(d.object))
			} else {
				v = blend(v, uint64(link)<<32)
			}
		}
	}
	for _, link := range w.linkFree {
		v = blend(v, uint64(link))
	}
	for _, tm := range w.timers {
		if tm.thread != nil {
			v = blend(v, uint64(tm.at)^uint64(tm.thread.id)<<56)
		} else {
			v = blend(v, uint64(tm.at)^uint64(tm.sock.object)<<40)
		}
	}
	return v
}

// setting returns what decides about the choices of a dull run.
func (w *World) setting() setting {
	x := setting{run: w.run, settlers: w.settlers, more: len(w.linkEnds) > 128} // the words of links stay when the world is used again
	copy(x.links[:], w.links)
	return x
}

// numbered tells a search that something has got its number, in the order of creation.
func (w *World) numbered(n int) {
	if w.past != nil && w.phase == running {
		w.past.numbered(w.actor, n)
	}
}
