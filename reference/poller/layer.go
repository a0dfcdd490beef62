package poller

import "time"

// What the bugs need of layers that put calls off, count who waits, or keep entries of their own for events that are on their way.

// letIn makes a call that does nothing: another thread may get in.
func (p *Poller) letIn() { p.b.k.LocalAddr(p.fd) }

// waitCounted is EpollWait that knows how many wait. The last to leave makes the calls that were put off.
func (p *Poller) waitCounted(data []uint64, ready []uint32, timeout time.Duration) (n, errno int) {
	late := p.b.bugs.has(bugTimeoutFirst) && timeout > 0
	var deadline time.Duration
	if late {
		deadline = p.b.k.Now() + timeout
	}
	p.waits.Add(1)
	n, errno = p.b.k.EpollWait(p.fd, data, ready, timeout)
	if p.waits.Add(-1) == 0 {
		p.mu.Lock()
		calls := p.calls
		p.calls = nil
		p.mu.Unlock()
		for _, call := range calls {
			call()
		}
	}
	if late && p.b.k.Now() >= deadline {
		return 0, errno // time is up, whatever has been found
	}
	return n, errno
}

// putOff keeps a call for when nobody waits any more, and reports whether somebody does.
func (p *Poller) putOff(call func()) bool {
	if p.waits.Load() == 0 {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls = append(p.calls, call)
	return true
}

// closeLater puts closing the descriptor off as long as somebody waits on a poller that watches it.
func (r *Raw) closeLater() bool {
	for _, p := range r.b.pollers() {
		if p.entry(r) != nil && p.putOff(func() { r.b.k.Close(r.fd) }) {
			return true
		}
	}
	return false
}

// takeDuplicate ends the watching of the latest duplicate.
func (r *Raw) takeDuplicate() {
	d := r.duplicate.Load()
	if d == nil {
		return
	}
	for _, p := range r.b.pollers() {
		if p.entry(d) != nil {
			r.b.k.EpollCtl(p.fd, ctlDel, d.fd, 0, 0)
		}
	}
}

func (b *Backend) pollers() (list []*Poller) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.all {
		if p, is := c.(*Poller); is {
			list = append(list, p)
		}
	}
	return list
}

// recycle keeps the entries of what is closed for the next.
func (r *Raw) recycle() {
	for _, p := range r.b.pollers() {
		w := p.entry(r)
		p.remember(r, nil)
		p.mu.Lock()
		p.free = w
		p.mu.Unlock()
	}
}

// newEntry returns an entry, one that was used before if there is such.
func (p *Poller) newEntry() *watched {
	p.mu.Lock()
	defer p.mu.Unlock()
	w := p.free
	if p.free = nil; w == nil {
		w = new(watched)
	}
	return w
}

// tokensLate finds out whose the events are, and reads the tokens there a step later.
func (p *Poller) tokensLate(data []uint64) {
	var whose [most]*watched
	for i := range data {
		whose[i] = p.byToken(data[i])
	}
	p.letIn()
	for i := range data {
		if whose[i] != nil {
			data[i] = whose[i].token
		}
	}
}
