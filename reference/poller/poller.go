package poller

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// Poller is an epoll instance.
type Poller struct {
	b      *Backend
	fd     int
	closed atomic.Bool

	mu    sync.Mutex // of what bugs need; never held over a call of the kernel
	table map[spec.File]*watched
	kept  [][2]uint64 // bug: events and their tokens
	free  *watched    // bug: an entry that is not used
	calls []func()    // bug: what was put off
	waits atomic.Int32

	shared      [most]uint64 // bug: the events of the latest wait
	sharedReady [most]uint32
}

// number returns the descriptor of something that can be watched.
func (p *Poller) number(f spec.File) (fd int, errno int) {
	if p.closed.Load() && !p.b.bugs.has(bugPollerGoesOn) {
		return -1, eBADF
	}
	switch f := f.(type) {
	case *Raw:
		if fd = f.fd; f.closed.Load() {
			errno = eBADF
		}
	case *Poller:
		if fd = f.fd; f.closed.Load() && !p.b.bugs.has(bugInnerGoesOn) {
			errno = eBADF
		}
	default:
		errno = eINVAL
	}
	return fd, errno
}

func (p *Poller) ctl(op int, f spec.File, token uint64, ask spec.Interest) spec.Status {
	fd, errno := p.number(f)
	if errno == 0 {
		if p.b.bugs != 0 {
			errno = p.wrongCtl(op, fd, f, token, ask)
		} else {
			errno = p.b.k.EpollCtl(p.fd, op, fd, events(ask), token)
		}
	}
	return statusOf(errno)
}

// Add begins to watch f.
func (p *Poller) Add(f spec.File, token uint64, ask spec.Interest) spec.Status {
	return p.ctl(ctlAdd, f, token, ask)
}

// Modify sets token and interest anew.
func (p *Poller) Modify(f spec.File, token uint64, ask spec.Interest) spec.Status {
	return p.ctl(ctlMod, f, token, ask)
}

// Remove ends it.
func (p *Poller) Remove(f spec.File) spec.Status { return p.ctl(ctlDel, f, 0, 0) }

// most is how many events one wait takes.
const most = 64

// Wait takes events.
func (p *Poller) Wait(dst []spec.Ready, timeout time.Duration) (int, spec.Status) {
	if p.closed.Load() {
		return 0, gone
	}
	var data [most]uint64
	var ready [most]uint32
	room := min(len(dst), most)
	if timeout > 0 && p.b.bugs.has(bugWholeSeconds) {
		timeout = timeout.Truncate(1e9)
	}
	if timeout > 0 && p.b.bugs.has(bugWholeMillis) {
		timeout = timeout.Truncate(1e6)
	}
	if timeout < 0 && p.b.bugs.has(bugForeverMinute) {
		timeout = time.Minute
	}
	deadline := p.b.k.Now() + timeout
	for {
		var n, errno int
		if p.b.bugs != 0 {
			n, errno = p.wrongWait(data[:], ready[:], room, timeout)
		} else {
			n, errno = p.b.k.EpollWait(p.fd, data[:room], ready[:room], timeout)
		}
		switch {
		case errno == eINTR || n < 0:
			if timeout > 0 {
				timeout = max(deadline-p.b.k.Now(), 0)
			}
			continue
		case errno != 0:
			return 0, statusOf(errno)
		case n == 0:
			return 0, spec.Is(spec.TimedOut)
		}
		for i := range n {
			dst[i] = spec.Ready{Token: data[i], Events: interest(ready[i])}
		}
		return n, spec.Status{}
	}
}

// Close closes the instance. Whoever waits on it goes on waiting.
func (p *Poller) Close() spec.Status {
	if p.closed.Swap(true) {
		if p.b.bugs.has(bugPollerClosedTwice) {
			p.b.k.Close(p.fd)
		}
		return gone
	}
	p.b.disown(p)
	return statusOf(p.b.k.Close(p.fd))
}
