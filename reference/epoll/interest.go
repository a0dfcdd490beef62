package epoll

// The interest list of a port, and the question whose event this is.
//
// An event that EpollWait returned describes the past. Before its thread gets to it, another may have
// closed the descriptor, and the number, which is the lowest free one, may belong to another socket
// by then (the event cache pitfall of epoll(7); E58; dotnet/corefx#6173, gnet#621, wasmer#6608). So
// the 64 bits that the kernel keeps for us are not the descriptor: they are the number of a slot and
// the slot's generation, which changes each time that it is vacated, and whoever is handed an event
// compares them with its own under its own lock.

// watched is something with a descriptor in the interest list.
type watched interface {
	// ready is told the events that were reported for token.
	ready(token uint64, events uint32)
}

type slot struct {
	who        watched // nil: vacant
	generation uint32
}

// bellToken is the token of the bell, which is nobody's.
const bellToken = ^uint64(0)

// interest is what every descriptor is registered for, once. Edge-triggered, so that a socket with
// nothing to do costs nothing, whatever its state, and that one edge wakes one thread. An edge that
// nobody was waiting for is remembered in the socket (readable, writable).
const interest = evIn | evOut | evRdHup | evEdge

// watch puts fd into the interest list on behalf of who. If it is ready already, that is reported
// (E16), so nothing that happened before is missed.
func (p *port) watch(who watched, fd int) (token uint64, errno int) {
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.released || p.fullTable() {
		return 0, 0 // nobody will ever look; the socket can still be closed (PORT-18)
	}
	if len(p.vacant) == 0 {
		p.vacant = append(p.vacant, uint32(len(p.slots)))
		p.slots = append(p.slots, slot{generation: 1})
	}
	i := p.vacant[len(p.vacant)-1]
	p.gap(bugSlotTwice)
	at := &p.slots[i]
	token = uint64(at.generation)<<32 | uint64(i)
	if errno = p.k.EpollCtl(p.ep, ctlAdd, fd, interest, token); errno != 0 {
		return 0, errno
	}
	p.vacant = p.vacant[:max(len(p.vacant)-1, 0)] // one it is, unless a slot is given twice
	p.gap(bugSlotLate)
	p.slots[i].who = who
	return token, 0
}

// unwatch takes fd out again. By hand, although closing it would do: that removes the registration
// only with the last descriptor of the file, and a child process that is just being started holds
// another one of each (E24 to E28).
func (p *port) unwatch(token uint64, fd int) {
	if token == 0 {
		return
	}
	p.lock.Lock()
	defer p.lock.Unlock()
	at := &p.slots[uint32(token)]
	at.who = nil
	at.generation++
	p.vacant = append(p.vacant, uint32(token))
	if !p.released {
		p.k.EpollCtl(p.ep, ctlDel, fd, 0, 0)
	}
}

// watcher finds who occupies the slot of token now. That need not be who occupied it at the time of
// the event. Called with the lock held.
func (p *port) watcher(token uint64) watched {
	if token == bellToken {
		return nil
	}
	i := uint32(token) // there is such a slot: the table never shrinks
	if p.b.bugs.has(bugEventsByKey) {
		return p.lastUnderKey(p.slots[i].who)
	}
	return p.slots[i].who
}

// stale reports that an event for token is not meant for whoever was registered under mine.
func (b *Backend) stale(token, mine uint64) bool {
	if b.bugs.has(bugStaleEvent) {
		return false
	}
	return token != mine
}
