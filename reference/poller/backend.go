package poller

import (
	"net/netip"
	"sync"

	"github.com/ioconform/ioconform/spec"
)

// Backend makes pollers and sockets on one kernel.
type Backend struct {
	k    Kernel
	bugs bugSet

	mu   sync.Mutex // never held over a call of the kernel
	open map[closer]struct{}
	all  []closer // in the order in which they were made
}

// closer is what Close has to release.
type closer interface{ Close() spec.Status }

var _ spec.ReadyBackend = (*Backend)(nil)

// New returns a back end on the kernel.
func New(k Kernel) *Backend { return &Backend{k: k, open: map[closer]struct{}{}} }

// Capabilities are those that the kernel, tried out, turns out to have.
func Capabilities(k Kernel) []spec.Capability {
	list := []spec.Capability{spec.CanPoll, spec.CanAccept, spec.CanConnect, spec.CanShutdown, spec.CanWorkers, spec.CanRdHup, spec.CanEdge, spec.CanOneShot, spec.CanDuplicate}
	outer, _ := k.EpollCreate()
	inner, _ := k.EpollCreate()
	fd, errno := k.SocketDgram(4)
	if errno == 0 {
		list = append(list, spec.CanDatagram)
		if k.EpollCtl(outer, ctlAdd, fd, evIn|evExclusive, 0) == 0 {
			list = append(list, spec.CanExclusive)
		}
		k.Close(fd)
	}
	if fd, errno := k.Socket(6); errno == 0 {
		if k.Bind(fd, netip.AddrPortFrom(netip.IPv6Loopback(), 0)) == 0 {
			list = append(list, spec.CanIPv6)
		}
		k.Close(fd)
	}
	if k.EpollCtl(outer, ctlAdd, inner, evIn, 0) == 0 {
		list = append(list, spec.CanNest)
	}
	k.Close(inner)
	k.Close(outer)
	return list
}

// About describes the back end on the named system.
func About(name, os, world string, caps []spec.Capability) spec.About {
	return spec.About{Name: name, Version: "1", OS: os, World: world, Capabilities: caps, Axes: spec.Axes{}}
}

func (b *Backend) adopt(c closer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.open[c] = struct{}{}
	b.all = append(b.all, c)
}

func (b *Backend) disown(c closer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.open, c)
}

// Poller makes an epoll instance.
func (b *Backend) Poller() (spec.Poller, spec.Status) {
	ep, errno := b.k.EpollCreate()
	if errno != 0 {
		return nil, statusOf(errno)
	}
	p := &Poller{b: b, fd: ep}
	b.adopt(p)
	return p, spec.Status{}
}

// Socket makes a non-blocking socket.
func (b *Backend) Socket(n spec.Network) (spec.Raw, spec.Status) {
	make, family := b.k.Socket, 4
	if n == spec.UDP4 || n == spec.UDP6 {
		make = b.k.SocketDgram
	}
	if (n == spec.TCP6 || n == spec.UDP6) && !b.bugs.has(bugFamily) {
		family = 6
	}
	fd, errno := make(family)
	if errno != 0 {
		return nil, statusOf(errno)
	}
	return b.raw(fd), spec.Status{}
}

func (b *Backend) raw(fd int) *Raw {
	r := &Raw{b: b, fd: fd}
	b.adopt(r)
	return r
}

// Close closes what is open, in the order in which it was made.
func (b *Backend) Close() error {
	b.mu.Lock()
	all := b.all
	b.all = nil
	b.mu.Unlock()
	for _, c := range all {
		b.mu.Lock()
		_, open := b.open[c]
		b.mu.Unlock()
		if open {
			c.Close()
		}
	}
	return nil
}
