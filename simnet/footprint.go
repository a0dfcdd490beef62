package simnet

// Object names something that steps of different actors may both touch: a mutex, one direction of a
// connection, an epoll instance. Numbers are given in the order of creation in a run, so the same
// choices give the same numbers.
type Object uint32

const (
	// ObjectClock is the virtual clock: Now reads it, a timer that fires writes it.
	ObjectClock Object = iota + 1
	// ObjectPorts is the table of bound addresses.
	ObjectPorts
	firstObject
)

// Access is one object of a footprint.
type Access struct {
	Object Object
	Write  bool
}

// Read and Write make an Access.
func Read(o Object) Access  { return Access{o, false} }
func Write(o Object) Access { return Access{o, true} }

// An Observer hears which actor touches what. Two steps are independent if no object is touched by
// both and written by one of them. It is called in the middle of steps: it may not call into the
// world.
type Observer interface {
	Touched(by Actor, obj Object, write bool)
}

// NewObject returns a fresh object number for something built on the world, such as a completion
// port.
func (w *World) NewObject() Object {
	o := w.objects
	w.objects++
	w.numbered(int(o))
	return o
}

// Touch reports that the step being taken reads or writes obj. It costs a comparison when nobody
// observes.
func (w *World) Touch(obj Object, write bool) {
	if w.observer != nil {
		w.touch(obj, write)
	}
}

func (w *World) touch(obj Object, write bool) {
	if w.phase == running {
		w.observer.Touched(w.actor, obj, write)
	}
}

// Note reports that the step being taken writes down, in an order that somebody will look at, that something begins or has ended:
// of two intervals about the same thing it matters whether one had ended when the other began, and nothing else. So of
// the same note a beginning depends on ends and an end on beginnings, but beginnings do not depend on each other. Notes have
// numbers of their own, those of the caller; the smaller the better.
func (w *World) Note(note int, ends bool) {
	if w.past != nil && w.phase == running {
		w.past.noted(w.actor, note, ends)
	}
}

// StepOn is Step with the footprint of what comes after it: the objects the calling thread will
// touch until its next step, as far as they are known beforehand. While the thread waits for its
// turn, and until it steps again, FootprintOf returns it. What follows may touch more: objects it
// creates, or what an Unlock gives back, which is no step of its own.
func (w *World) StepOn(footprint ...Access) { w.stepPerhaps(0, footprint) }

// stepPerhaps is StepOn for a step that may write one object more, 0 for none.
func (w *World) stepPerhaps(perhaps Object, footprint []Access) {
	if w.observer == nil || w.phase != running {
		w.Step()
		return
	}
	t := w.cur
	t.declared, t.perhaps = append(t.accesses[:0], footprint...), perhaps
	w.step(t)
	w.actAsThread()
	for _, a := range t.declared {
		w.touch(a.Object, a.Write)
	}
}

// stepOn is StepOn for the commonest footprint.
func (w *World) stepOn(obj Object, write bool) {
	if w.observer == nil {
		w.Step()
		return
	}
	w.StepOn(Access{obj, write})
}

// FootprintOf appends to list what an actor will touch in its next step, as far as it is known: for
// a thread what it declared with StepOn, nothing if it did not; for a link what the delivery
// concerns; for the clock the clock. Threads are known only in a world with an Observer.
func (w *World) FootprintOf(a Actor, list []Access) []Access {
	switch a.Kind {
	case ActorThread:
		if uint(a.ID) < uint(w.nthreads) {
			t := w.threads[a.ID]
			if list = append(list, t.declared...); len(t.declared) > 0 && t.perhaps != 0 {
				list = append(list, Write(t.perhaps))
			}
		}
	case ActorLink:
		if uint(a.ID) < uint(len(w.linkEnds)) {
			if d := w.linkEnds[a.ID]; d != nil {
				list = d.footprint(list)
			} else {
				list = w.flowEnds[a.ID].footprint(list)
			}
		}
	case ActorTime:
		list = append(list, Write(ObjectClock))
	}
	return list
}

// footprint lists what the next delivery touches.
func (d *direction) footprint(list []Access) []Access {
	list = append(list, Write(d.object))
	if d.syn {
		list = append(list, Read(ObjectPorts), Read(d.from.object))
		if d.from.in != nil {
			list = append(list, Write(d.from.in.object))
		}
		if l := d.w.listenerAt(d.from.remote); l != nil {
			list = append(list, Write(l.object))
		}
		return list
	}
	if d.synAck {
		list = d.from.listener.footprint(list)
	}
	list = append(list, Write(ObjectPorts)) // an end of the connection gives its port back
	for _, s := range [2]*Sock{d.from, d.to} {
		if s != nil {
			list = s.footprint(list)
		}
	}
	return list
}

// footprint lists the socket, what it sends on, and the epoll instances that watch it.
func (s *Sock) footprint(list []Access) []Access {
	list = append(list, Write(s.object))
	if s.out != nil {
		list = append(list, Write(s.out.object))
	}
	return s.interests.footprint(list)
}

// actAsThread makes the current thread the one who touches.
func (w *World) actAsThread() {
	if w.cur != nil {
		w.actor = Actor{ActorThread, w.cur.id}
	}
}
