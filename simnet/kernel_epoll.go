package simnet

import (
	"time"
)

// Operations of EpollCtl.
const (
	EpollAdd = 1
	EpollDel = 2
	EpollMod = 3
)

// EpollCreate opens an epoll instance.
func (k *Kernel) EpollCreate() (ep, errno int) {
	if !k.enter(-1, useTable) {
		return -1, int(ECANCELED)
	}
	if k.full() {
		return -1, int(EMFILE)
	}
	f := k.newFile()
	f.ep = k.w.newEpoll()
	return k.install(f), 0
}

// EpollCtl adds, removes or changes an interest. events are Ready bits with ET and ONESHOT. EINVAL
// for an unknown operation, for something that is no epoll instance, and, not modelled, for
// EXCLUSIVE and for an epoll instance inside another. EEXIST, ENOENT and EBADF as in epoll_ctl(2).
func (k *Kernel) EpollCtl(ep, op, fd int, events uint32, data uint64) (errno int) {
	if k.w.observer == nil || k.file(ep) == nil {
		if !k.enter(fd, 0) {
			return int(ECANCELED)
		}
	} else {
		if k.w.unwindingCall() {
			return int(ECANCELED)
		}
		list := k.footprint(fd, 0)
		if f := k.file(fd); f != nil {
			list = f.reads(list)
		}
		k.w.StepOn(k.appendInstance(list, ep)...)
	}
	e, f := k.file(ep), k.file(fd)
	switch {
	case e == nil || f == nil:
		return int(EBADF)
	case e.ep == nil || f.ep != nil:
		return int(EINVAL)
	}
	mask := Ready(events)
	if op != EpollDel && mask&EXCLUSIVE != 0 {
		return int(EINVAL)
	}
	it := e.ep.find(f, fd)
	switch op {
	case EpollAdd:
		if it != nil {
			return int(EEXIST)
		}
		e.ep.add(f, fd, mask, data)
	case EpollMod:
		if it == nil {
			return int(ENOENT)
		}
		e.ep.modify(it, mask, data)
	case EpollDel:
		if it == nil {
			return int(ENOENT)
		}
		e.ep.remove(it)
	default:
		return int(EINVAL)
	}
	return 0
}

func (k *Kernel) appendInstance(list []Access, ep int) []Access {
	if f := k.file(ep); f.ep != nil {
		return append(list, Write(f.ep.object), Write(f.ep.waiters.object))
	}
	return list
}

// EpollWait reports up to min(len(data), len(ready)) ready files: the data registered and the
// events. It waits at most timeout for the first one; negative is for ever, 0 does not wait. EINVAL
// if there is no room for an event or ep is no epoll instance. Of several waiting threads the one
// that came last is released first.
func (k *Kernel) EpollWait(ep int, data []uint64, ready []uint32, timeout time.Duration) (n, errno int) {
	if !k.enter(ep, useState) {
		return 0, int(ECANCELED)
	}
	f := k.file(ep)
	room := min(len(data), len(ready))
	switch {
	case f == nil:
		return 0, int(EBADF)
	case f.ep == nil || room == 0:
		return 0, int(EINVAL)
	}
	w, e := k.w, f.ep
	deadline := w.now + timeout
	f.refs++ // the wait keeps the file alive when another thread closes it
	for {
		w.Touch(e.object, true)
		if n = e.collect(data[:room], ready[:room]); n > 0 || timeout == 0 {
			break
		}
		if w.fault(w.opts.Faults.EINTR) {
			errno = int(EINTR)
			break
		}
		if timeout > 0 {
			timeout = max(deadline-w.now, 1)
		}
		if !e.waiters.Park(Call{Format: "epoll_wait on descriptor %d", A: ep}, timeout) {
			// What came between the timer and this thread's turn is still reported (ep_poll).
			n = e.collect(data[:room], ready[:room])
			break
		}
	}
	f.release()
	return n, errno
}

// EventFD opens a non-blocking event counter at 0.
func (k *Kernel) EventFD() (fd, errno int) {
	if !k.enter(-1, useTable) {
		return -1, int(ECANCELED)
	}
	if k.full() {
		return -1, int(EMFILE)
	}
	e := k.w.eventfds.get()
	*e = eventfd{w: k.w, object: k.w.NewObject(), interests: e.interests[:0]}
	f := k.newFile()
	f.ev = e
	return k.install(f), 0
}

// EventRead returns the counter and resets it; EAGAIN if it is 0. EINVAL if fd is no event counter.
func (k *Kernel) EventRead(fd int) (v uint64, errno int) {
	if !k.enter(fd, useState) {
		return 0, int(ECANCELED)
	}
	e, err := k.event(fd)
	switch {
	case err != OK:
		return 0, int(err)
	case e.count == 0:
		return 0, int(EAGAIN)
	}
	k.w.Touch(e.object, true)
	v, e.count = e.count, 0
	e.changed(OUT)
	return v, 0
}

// EventWrite adds v to the counter; every write is an edge. EAGAIN if the counter would reach
// 2^64-1, EINVAL for that number itself.
func (k *Kernel) EventWrite(fd int, v uint64) (errno int) {
	if !k.enter(fd, useState) {
		return int(ECANCELED)
	}
	e, err := k.event(fd)
	switch {
	case err != OK:
		return int(err)
	case v == maxCount:
		return int(EINVAL)
	case maxCount-e.count <= v:
		return int(EAGAIN)
	}
	k.w.Touch(e.object, true)
	e.count += v
	e.changed(IN)
	return 0
}

func (k *Kernel) event(fd int) (*eventfd, Errno) {
	f := k.file(fd)
	switch {
	case f == nil:
		return nil, EBADF
	case f.ev == nil:
		return nil, EINVAL
	}
	return f.ev, OK
}
