package poller

import (
	"bytes"
	"net/netip"
	"time"

	"github.com/ioconform/ioconform/spec"
)

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

// takeOriginal ends the watching of what this is a duplicate of.
func (r *Raw) takeOriginal() {
	o := r.original.Load()
	if o == nil || o.closed.Load() {
		return
	}
	for _, p := range r.b.pollers() {
		if p.entry(o) != nil && p.entry(r) == nil {
			r.b.k.EpollCtl(p.fd, ctlDel, o.fd, 0, 0)
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

// tokensApart reads the tokens a step after the events, which then may be those of an interest that was set in between.
func (p *Poller) tokensApart(data []uint64) {
	var whose [most]*watched
	for i := range data {
		whose[i] = p.byToken(data[i])
	}
	p.letIn()
	for i := range data {
		if whose[i] == nil {
			continue
		}
		if now := p.entry(whose[i].f); now != nil {
			data[i] = now.token
		}
	}
}

// replaced reports whether something new has come, which takes the place of what an earlier wait had no room for.
func (p *Poller) replaced(data []uint64, ready []uint32, room int) bool {
	p.mu.Lock()
	kept := len(p.kept)
	p.mu.Unlock()
	if kept == 0 {
		return true
	}
	n, _ := p.b.k.EpollWait(p.fd, data[:room], ready[:room], 0)
	if n <= 0 {
		return false
	}
	p.mu.Lock()
	p.kept = p.kept[:0]
	for i := range n {
		p.kept = append(p.kept, [2]uint64{data[i], uint64(ready[i])})
	}
	p.mu.Unlock()
	return false
}

// tried is called after a receive, for what layers make of one that found nothing, that filled its buffer, or that did not.
func (r *Raw) tried(n, room int, nothing bool) {
	has, k := r.b.bugs.has, r.b.k
	for _, p := range r.b.pollers() {
		w := p.entry(r)
		if w == nil || w.ask&spec.OneShot != 0 {
			continue
		}
		level, silent := w.ask&spec.Edge == 0, false
		switch {
		case nothing && has(bugBlockEnds) && !w.fresh && w.ask&spec.Out == 0:
			k.EpollCtl(p.fd, ctlMod, w.fd, 0, w.token)
		case nothing && has(bugBlockForgetsRoom) && level && w.ask&spec.Out != 0:
			silent = true
		case nothing && has(bugBlockClearsLate) && level && w.ask&spec.Out == 0:
			p.letIn()
			silent = true
		case n > 0 && n < room && has(bugRearmedLevel) && !level:
			k.EpollCtl(p.fd, ctlMod, w.fd, w.ev&^evEdge, w.token)
		case n > 0 && n < room && has(bugShortEnds) && level && w.ask&spec.Out == 0:
			silent = true
		case n > 0 && n == room && has(bugEdgeAfterFull) && !level:
			w.full = true
		}
		if silent && has(bugShortEnds) {
			k.EpollCtl(p.fd, ctlMod, w.fd, 0, w.token)
		} else if silent { // what it is ready for now is not reported any more
			k.EpollCtl(p.fd, ctlMod, w.fd, w.ev|evEdge, w.token)
			var data [1]uint64
			var ready [1]uint32
			k.EpollWait(p.fd, data[:], ready[:], 0)
		}
	}
}

// latest is what a descriptor brought the last time.
type latest struct {
	bytes []byte // that filled a buffer
	from  netip.AddrPort
}

// before returns the address that came before from on the descriptor; the first comes as it is.
func (r *Raw) before(from netip.AddrPort) netip.AddrPort {
	if was := r.latest.Swap(&latest{from: from}); was != nil {
		return was.from
	}
	return from
}

// caller returns the address of the connection that was accepted before, if this one waited already then.
func (r *Raw) caller(from netip.AddrPort) netip.AddrPort {
	was := r.latest.Swap(nil)
	ep, errno := r.b.k.EpollCreate()
	if errno != 0 {
		return from
	}
	r.b.k.EpollCtl(ep, ctlAdd, r.fd, evIn, 0)
	var data [1]uint64
	var ready [1]uint32
	if n, _ := r.b.k.EpollWait(ep, data[:], ready[:], 0); n > 0 {
		r.latest.Store(&latest{from: from})
	}
	r.b.k.Close(ep)
	if was != nil {
		return was.from
	}
	return from
}

// mangle is what bugs make of the bytes that were received.
func (r *Raw) mangle(buf []byte, n int) {
	if n <= 0 {
		return
	}
	switch has := r.b.bugs.has; {
	case has(bugTerminated) && n > 1 && n == len(buf):
		buf[n-1] = 0
	case has(bugReadAgain):
		was := r.latest.Swap(nil)
		if n == len(buf) {
			r.latest.Store(&latest{bytes: bytes.Clone(buf)})
		}
		if was != nil {
			copy(buf[:n], was.bytes)
		}
	}
}
