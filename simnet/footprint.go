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

// An Observer hears which actor touches what. Two steps are independent if no object is touched by both
// and written by one of them. It is called in the middle of steps: it may not call into the world.
type Observer interface {
	Touched(by Actor, obj Object, write bool)
}

// NewObject returns a fresh object number for something built on the world, such as a completion port.
func (w *World) NewObject() Object {
	o := w.objects
	w.objects++
	return o
}

// Touch reports that the step being taken reads or writes obj. It costs a comparison when nobody observes.
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

// StepOn is Step with the footprint of what comes after it: the objects the calling thread will touch
// until its next step, as far as they are known beforehand. The footprint can be asked for with
// Footprint while others run, then the objects count as touched.
func (w *World) StepOn(footprint ...Access) {
	if w.observer == nil || w.phase != running {
		w.Step()
		return
	}
	t := w.cur
	t.lastAcc = append(t.accesses[:0], footprint...)
	w.Step()
	w.actAsThread()
	for _, a := range t.lastAcc {
		w.touch(a.Object, a.Write)
	}
	t.lastAcc = t.lastAcc[:0]
}

// stepOn is StepOn for the commonest footprint.
func (w *World) stepOn(obj Object, write bool) {
	if w.observer == nil {
		w.Step()
		return
	}
	w.StepOn(Access{obj, write})
}

// Footprint returns what a runnable thread will touch when it is let in, nil if it did not say. Only
// worlds with an Observer keep it. The slice is valid until the thread runs.
func (w *World) Footprint(threadID int) []Access {
	if uint(threadID) >= uint(w.nthreads) {
		return nil
	}
	return w.threads[threadID].lastAcc
}

// actAsThread makes the current thread the one who touches.
func (w *World) actAsThread() {
	if w.cur != nil {
		w.actor = Actor{ActorThread, w.cur.id}
	}
}
