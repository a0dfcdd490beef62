package simnet

import "time"

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
	if k.flaws != 0 {
		k.flawedInstance(f)
	}
	return k.install(f), 0
}

// EpollCtl adds, removes or changes an interest. events are Ready bits with ET, ONESHOT and
// EXCLUSIVE. EEXIST, ENOENT, EBADF, EINVAL and ELOOP as in epoll_ctl(2): an epoll instance in itself
// is EINVAL, one that would be reached from itself, or lie more than five deep, ELOOP; EXCLUSIVE is
// EINVAL with anything but IN, OUT, ERR, HUP and ET, for an epoll instance, with EpollMod, and when
// an interest that has it is to be modified.
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
			if op != EpollMod { // its place among those who watch the file decides who hears first
				list = append(list, Write(f.object()))
			}
		}
		k.w.StepOn(k.appendInstance(list, ep)...)
	}
	e, f := k.file(ep), k.file(fd)
	switch {
	case e == nil || f == nil:
		return int(EBADF)
	case e.ep == nil || e == f:
		return int(EINVAL)
	}
	mask := Ready(events)
	if mask&EXCLUSIVE != 0 && (op == EpollMod || op == EpollAdd && (f.ep != nil || mask&^exclusiveBits != 0)) {
		return int(EINVAL)
	}
	it := e.ep.find(f, fd)
	if e.ep.flaws != 0 && it == nil {
		switch {
		case op == EpollAdd && e.ep.flaws.has(flawNumberTaken):
			it = e.ep.numbered(fd)
		case op == EpollDel && e.ep.flaws.has(flawRemovesFile):
			it = e.ep.of(f)
		}
	}
	if e.ep.flaws != 0 && !k.found(e.ep, op, fd, f) {
		return int(EBADF)
	}
	if op == EpollAdd && f.ep != nil && !e.ep.mayNest(f.ep) {
		return int(ELOOP)
	}
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
		if it.events&EXCLUSIVE != 0 {
			return int(EINVAL)
		}
		e.ep.modify(it, mask, data)
	case EpollDel:
		if it == nil {
			return int(ENOENT)
		}
		if e.ep.flaws != 0 {
			e.ep.removeFlawed(it)
			return 0
		}
		e.ep.remove(it)
	default:
		return int(EINVAL)
	}
	return 0
}

func (k *Kernel) appendInstance(list []Access, ep int) []Access {
	if f := k.file(ep); f.ep != nil {
		return f.ep.pollers.footprint(append(list, Write(f.ep.object), Write(f.ep.waiters.object)))
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
	sleepsOn, woken := false, false
	for {
		w.Touch(e.object, true)
		if !sleepsOn {
			if n = e.collect(data[:room], ready[:room]); n > 0 || timeout == 0 {
				break
			}
		}
		if w.fault(w.opts.Faults.EINTR) {
			errno = int(EINTR)
			break
		}
		if e.flaws.has(flawVainEnds) && woken && timeout < 0 {
			break
		}
		if timeout > 0 {
			timeout = max(deadline-w.now, 1)
			if e.flaws.has(flawVainForever) && woken {
				timeout = -1
			}
		}
		if e.flaws != 0 && e.fallsAsleep() {
			continue
		}
		if !e.waiters.Park(Call{Format: "epoll_wait on descriptor %d", A: ep}, timeout) {
			if e.flaws != 0 && e.expired() {
				break
			}
			// What came between the timer and this thread's turn is still reported (ep_poll).
			n = e.collect(data[:room], ready[:room])
			break
		}
		sleepsOn, woken = e.flaws != 0 && e.woke(), true
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
	e.interests.wake(OUT)
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
	e.interests.wake(IN)
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
