package poller

import (
	"net/netip"
	"sync/atomic"

	"github.com/ioconform/ioconform/spec"
)

// Raw is a descriptor.
type Raw struct {
	b      *Backend
	fd     int
	closed atomic.Bool

	listening atomic.Bool             // for bugs
	muted     atomic.Pointer[watched] // bug: forgotten after a partial read
	duplicate atomic.Pointer[Raw]     // the latest, for bugs
	original  atomic.Pointer[Raw]     // that this is a duplicate of, for bugs
	full      atomic.Bool             // bug: a send would have blocked
	latest    atomic.Pointer[latest]  // bugs: what it brought
}

var (
	gone   = statusOf(eBADF)
	nobody netip.AddrPort
)

// Bind gives the socket an address.
func (r *Raw) Bind(a netip.AddrPort) spec.Status {
	if r.closed.Load() {
		return gone
	}
	return statusOf(r.b.k.Bind(r.fd, a))
}

// Listen makes it a listener.
func (r *Raw) Listen(backlog int) spec.Status {
	if r.closed.Load() {
		return gone
	}
	r.listening.Store(true)
	return statusOf(r.b.k.Listen(r.fd, backlog))
}

// Local returns its address.
func (r *Raw) Local() (netip.AddrPort, spec.Status) {
	if r.closed.Load() {
		return nobody, gone
	}
	a, errno := r.b.k.LocalAddr(r.fd)
	return a, statusOf(errno)
}

// Try makes the system call of the operation once.
func (r *Raw) Try(v spec.Verb, buf []byte, to netip.AddrPort) (n int, from netip.AddrPort, accepted spec.Raw, st spec.Status) {
	if r.closed.Load() && !r.b.bugs.has(bugClosedTries) {
		return 0, nobody, nil, gone
	}
	k, errno := r.b.k, 0
	switch v {
	case spec.Accept:
		var fd int
		if fd, from, errno = k.Accept(r.fd); errno == 0 {
			accepted = r.b.raw(fd)
			if r.b.bugs.has(bugCallerBefore) {
				from = r.caller(from)
			}
		}
	case spec.Connect:
		if errno = k.Connect(r.fd, to); errno == eISCONN && r.b.bugs.has(bugConnectedIsOn) {
			errno = eALREADY
		}
	case spec.Receive:
		n, errno = k.Recv(r.fd, buf)
		if r.b.bugs != 0 {
			n, errno = r.read(buf, n, errno)
		}
	case spec.Send:
		if n, errno = k.Send(r.fd, buf); errno == eAGAIN && r.b.bugs.has(bugRoomLost) {
			r.full.Store(true)
		}
		if errno == ePIPE && r.b.bugs.has(bugPipeUnmapped) {
			errno = eINVAL
		}
	case spec.ReceiveFrom:
		var size int
		n, size, from, errno = k.RecvFrom(r.fd, buf)
		if errno == 0 && r.b.bugs.has(bugSenderBefore) {
			from = r.before(from)
		}
		if errno == 0 && (size > n || n == len(buf) && r.b.bugs.has(bugFullIsCut)) {
			return n, from, nil, spec.Is(spec.Truncated)
		}
	case spec.SendTo:
		if r.b.bugs.has(bugDatagramUnsent) {
			break
		}
		n, errno = k.SendTo(r.fd, buf, to)
	default:
		return 0, nobody, nil, spec.Is(spec.Invalid)
	}
	return max(n, 0), from, accepted, statusOf(errno)
}

// Dup makes another descriptor of the same file.
func (r *Raw) Dup() (spec.Raw, spec.Status) {
	if r.closed.Load() {
		return nil, gone
	}
	fd, errno := r.b.k.Dup(r.fd)
	if errno != 0 {
		return nil, statusOf(errno)
	}
	d := r.b.raw(fd)
	r.duplicate.Store(d)
	d.original.Store(r)
	return d, spec.Status{}
}

// Shutdown ends one direction, or both.
func (r *Raw) Shutdown(side spec.Side) spec.Status {
	if r.closed.Load() {
		return gone
	}
	return statusOf(r.b.k.Shutdown(r.fd, int(side))) // the sides are numbered as in shutdown(2)
}

// Close gives the descriptor up.
func (r *Raw) Close() spec.Status {
	if r.closed.Swap(true) {
		return gone
	}
	r.b.disown(r)
	if r.b.bugs.has(bugCloseTakes) {
		r.takeDuplicate()
	}
	if r.b.bugs.has(bugCloseTakesOriginal) {
		r.takeOriginal()
	}
	if r.b.bugs.has(bugRecycled) {
		r.recycle()
	}
	if r.b.bugs.has(bugCloseDeferred) && r.closeLater() {
		return spec.Status{}
	}
	if r.b.bugs.has(bugLeak) {
		if fd, errno := r.b.k.Dup(r.fd); errno == 0 {
			r.b.raw(fd)
		}
	}
	return statusOf(r.b.k.Close(r.fd))
}
