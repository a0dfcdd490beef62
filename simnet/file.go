package simnet

// file is an open file: what descriptors, several after Dup, refer to. It ends with the last of
// them.
type file struct {
	refs int // descriptors, and waits that are under way
	sock *Sock
	ep   *epoll
	ev   *eventfd
}

func (f *file) ready() Ready {
	switch {
	case f.sock != nil:
		return f.sock.ready()
	case f.ev != nil:
		return f.ev.ready()
	}
	return f.ep.ready()
}

// object is the file's number in footprints.
func (f *file) object() Object {
	switch {
	case f.sock != nil:
		return f.sock.object
	case f.ev != nil:
		return f.ev.object
	}
	return f.ep.object
}

// looked reports to an observer that the file was polled; an epoll instance reports it itself.
func (f *file) looked() {
	switch {
	case f.sock != nil:
		f.sock.looked()
	case f.ev != nil:
		f.ev.w.Touch(f.ev.object, false)
	}
}

// reads appends what polling the file looks at.
func (f *file) reads(list []Access) []Access {
	switch {
	case f.sock != nil:
		list = append(list, Read(f.sock.object))
		if f.sock.in != nil {
			list = append(list, Read(f.sock.in.object), Read(f.sock.out.object))
		}
	case f.ev != nil:
		list = append(list, Read(f.ev.object))
	default: // polling it takes off its list what is no longer ready, and may release a waiter
		list = append(list, Write(f.ep.object), Write(f.ep.waiters.object))
		for _, it := range f.ep.interests {
			list = it.file.reads(list)
		}
	}
	return list
}

// pollers is the queue that an interest in the file stands in.
func (f *file) pollers() *pollQueue {
	switch {
	case f.sock != nil:
		return &f.sock.interests
	case f.ev != nil:
		return &f.ev.interests
	}
	return &f.ep.pollers
}

// release gives up one reference. With the last one the registrations of the file in epoll
// instances end, then the file itself; an epoll instance lets go of the files it watched.
func (f *file) release() {
	f.refs--
	if f.refs > 0 {
		return
	}
	for list := f.pollers(); len(*list) > 0; {
		it := (*list)[0]
		it.ep.w.Touch(it.ep.object, true)
		it.ep.remove(it)
	}
	switch {
	case f.ep != nil:
		for n := len(f.ep.interests); n > 0; n = len(f.ep.interests) {
			it := f.ep.interests[n-1]
			f.ep.w.Touch(it.file.object(), true) // also at the end of a wait, which outlived the descriptor
			f.ep.remove(it)
		}
	case f.sock != nil:
		f.sock.Close()
	}
}

// eventfd is a counter that can be waited for, non-blocking (eventfd(2)).
type eventfd struct {
	w         *World
	object    Object
	count     uint64
	interests pollQueue
}

const maxCount = 1<<64 - 1

func (e *eventfd) ready() Ready {
	var r Ready
	if e.count > 0 {
		r |= IN
	}
	if e.count < maxCount-1 {
		r |= OUT
	}
	return r
}
