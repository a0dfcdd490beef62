package faulty

import (
	"net/netip"
	"slices"
	"sync"
	"time"

	epoll "github.com/ioconform/ioconform/reference/poller"
)

// The bugs of a kernel that has epoll almost as Linux has it, as emulations of it do, in the order of Kernels.
const (
	edgeOutNotAtOnce = iota
	sleepersMissAdds
	edgeDropsHangUps
	endToldOnce
	masksAddUp
	edgeOfStreamTwice
	edgeOfDatagramsTwice
	oneShotOfDatagramsStays
	removeBesideOthers
	listenerToldOnce
	nestedEdge
	duplicateIsTheSame
	refusedWithoutHangUp
	writableHidesReadable
	edgeOfOtherBitLost
	unconnectedReadable
	edgeStays
	askingNothingChangesNothing
	shutBehindTheEnd
	edgeBeforeIOLost
	nothingWatchedBlocks
	sendForgetsReadable
	datagramsEdgeOnceReceived
	datagramIsAnEdge
)

// Kernels names the bugs that a kernel under a poller can have.
var Kernels = []string{
	"edge-out-not-at-once", "sleepers-miss-adds", "edge-drops-hang-ups", "end-told-once", "masks-add-up", "edge-of-stream-twice",
	"edge-of-datagrams-twice", "one-shot-of-datagrams-stays", "remove-beside-others", "listener-told-once", "nested-edge",
	"duplicate-is-the-same", "refused-without-hang-up", "writable-hides-readable",
	"edge-of-the-other-bit-lost", "unconnected-is-readable", "edge-cannot-be-unset", "asking-nothing-changes-nothing",
	"shut-behind-the-end-not-hung-up", "edge-before-any-io-lost", "nothing-watched-blocks", "send-forgets-readable", "datagrams-edge-once-received", "datagram-received-is-an-edge",
}

// Kernel puts the bugs that are this package's into k. others are the names that are not.
func Kernel(k epoll.Kernel, names []string) (faulty epoll.Kernel, others []string) {
	set, others := plant(Kernels, names)
	if set == 0 {
		return k, others
	}
	return &kernel{Kernel: k, bugs: bugs(set), kinds: map[int]kind{}, watched: map[int][]*interest{}}, others
}

type kernel struct {
	epoll.Kernel
	bugs

	mu      sync.Mutex // never held over a call of the kernel
	kinds   map[int]kind
	watched map[int][]*interest // by epoll instance
	waiting map[int]int
	shut    map[int]int // by descriptor: how it was shut down, a bit for each side
	none    int         // an epoll instance that watches nothing; 0 is none yet
}

type kind uint8

const (
	stream kind = iota
	datagrams
	listener
	instance
	duplicate
)

// interest is an entry of an interest list.
type interest struct {
	fd     int
	token  uint64
	events uint32
	told   uint32 // what has been reported
}

// Events and operations of epoll_ctl(2).
const (
	epollIn, epollOut, epollErr, epollHup, epollRdHup        = 0x1, 0x4, 0x8, 0x10, 0x2000
	epollExclusive, epollOneShot, epollEdge                  = 1 << 28, 1 << 30, 1 << 31
	epollAdd, epollDel, epollMod                             = 1, 2, 3
	eexist                                                   = 17
	epollAll                                          uint32 = epollIn | epollOut | epollRdHup
)

func (k *kernel) is(fd int, what kind) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.kinds[fd] == what
}

func (k *kernel) note(fd, errno int, what kind) {
	if errno == 0 {
		k.mu.Lock()
		k.kinds[fd] = what
		delete(k.shut, fd)
		k.mu.Unlock()
	}
}

func (k *kernel) Socket(family int) (fd, errno int) {
	fd, errno = k.Kernel.Socket(family)
	k.note(fd, errno, stream)
	return fd, errno
}

func (k *kernel) SocketDgram(family int) (fd, errno int) {
	fd, errno = k.Kernel.SocketDgram(family)
	k.note(fd, errno, datagrams)
	return fd, errno
}

func (k *kernel) Listen(fd, backlog int) (errno int) {
	errno = k.Kernel.Listen(fd, backlog)
	k.note(fd, errno, listener)
	return errno
}

func (k *kernel) Accept(fd int) (nfd int, from netip.AddrPort, errno int) {
	nfd, from, errno = k.Kernel.Accept(fd)
	k.note(nfd, errno, stream)
	if errno == 0 && k.has(listenerToldOnce) {
		k.settle(fd)
	}
	return nfd, from, errno
}

// settle takes fd for one of which nothing is to be told until something comes.
func (k *kernel) settle(fd int) {
	k.mu.Lock()
	var ep int
	var x *interest
	for e, list := range k.watched {
		for _, w := range list {
			if w.fd == fd && w.events&(epollEdge|epollOneShot) == 0 {
				ep, x = e, w
			}
		}
	}
	k.mu.Unlock()
	if x == nil {
		return
	}
	k.Kernel.EpollCtl(ep, epollMod, fd, x.events|epollEdge, x.token)
	var data [1]uint64
	var ready [1]uint32
	k.Kernel.EpollWait(ep, data[:], ready[:], 0)
}

func (k *kernel) Dup(fd int) (nfd, errno int) {
	nfd, errno = k.Kernel.Dup(fd)
	k.note(nfd, errno, duplicate)
	return nfd, errno
}

func (k *kernel) EpollCreate() (ep, errno int) {
	ep, errno = k.Kernel.EpollCreate()
	k.note(ep, errno, instance)
	return ep, errno
}

// entry is the interest of an instance in a descriptor.
func (k *kernel) entry(ep, fd int) *interest {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, w := range k.watched[ep] {
		if w.fd == fd {
			return w
		}
	}
	return nil
}

func (k *kernel) EpollCtl(ep, op, fd int, events uint32, token uint64) (errno int) {
	w := k.entry(ep, fd)
	asked := events
	switch op {
	case epollAdd:
		switch {
		case k.has(edgeOutNotAtOnce) && events&epollEdge != 0 && events&epollAll == epollOut:
			events &^= epollOut
		case k.has(oneShotOfDatagramsStays) && k.is(fd, datagrams):
			events &^= epollOneShot
		case k.has(nestedEdge) && k.is(fd, instance):
			events |= epollEdge
		case k.has(duplicateIsTheSame) && k.is(fd, duplicate) && k.anything(ep):
			return eexist
		}
	case epollMod:
		switch {
		case w == nil:
		case k.has(masksAddUp), k.has(askingNothingChangesNothing) && events&epollAll == 0:
			events |= w.events & epollAll
		case k.has(edgeStays) && events&epollOneShot == 0:
			events |= w.events & epollEdge
		}
	case epollDel:
		k.mu.Lock()
		many := len(k.watched[ep]) >= 3
		k.mu.Unlock()
		if many && k.has(removeBesideOthers) {
			return 0 // at its next event
		}
	}
	if errno = k.Kernel.EpollCtl(ep, op, fd, events, token); errno != 0 {
		return errno
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case op == epollDel:
		list := k.watched[ep]
		for i, x := range list {
			if x == w {
				k.watched[ep] = append(list[:i:i], list[i+1:]...)
			}
		}
	case w == nil:
		k.watched[ep] = append(k.watched[ep], &interest{fd: fd, token: token, events: asked})
	default:
		w.token, w.events, w.told = token, asked, 0
	}
	return 0
}

func (k *kernel) anything(ep int) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.watched[ep]) > 0
}

func (k *kernel) EpollWait(ep int, data []uint64, ready []uint32, timeout time.Duration) (n, errno int) {
	if k.has(nothingWatchedBlocks) && timeout == 0 && !k.anything(ep) {
		timeout = -1
	}
	if k.has(sleepersMissAdds) && timeout != 0 && !k.anything(ep) {
		if k.none == 0 {
			k.none, _ = k.Kernel.EpollCreate()
		}
		return k.Kernel.EpollWait(k.none, data, ready, timeout)
	}
	k.mu.Lock()
	if k.waiting == nil {
		k.waiting = map[int]int{}
	}
	k.waiting[ep]++
	k.mu.Unlock()
	n, errno = k.Kernel.EpollWait(ep, data, ready, timeout)
	k.mu.Lock()
	k.waiting[ep]--
	others := k.waiting[ep] > 0
	k.mu.Unlock()
	kept := 0
	for i := range max(n, 0) {
		x := k.byToken(ep, data[i])
		events := ready[i]
		if x != nil {
			events = k.told(ep, x, events, others)
		}
		if events != 0 {
			data[kept], ready[kept] = data[i], events
			kept++
		}
	}
	if n > 0 && kept == 0 {
		return -1, 0 // to be waited for again
	}
	if n > 0 {
		n = kept
	}
	return n, errno
}

func (k *kernel) byToken(ep int, token uint64) *interest {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, w := range k.watched[ep] {
		if w.token == token {
			return w
		}
	}
	return nil
}

// told is what is reported of the events; others says whether another thread waits on the instance.
func (k *kernel) told(ep int, x *interest, events uint32, others bool) uint32 {
	edge := x.events&epollEdge != 0
	twice := edge && others && x.events&epollOneShot == 0 &&
		(k.has(edgeOfStreamTwice) && k.is(x.fd, stream) || k.has(edgeOfDatagramsTwice) && k.is(x.fd, datagrams))
	switch {
	case twice:
		k.Kernel.EpollCtl(ep, epollMod, x.fd, x.events, x.token)
	case k.has(edgeOfOtherBitLost) && edge && x.events&(epollIn|epollOut) == epollIn|epollOut && x.told != 0 && events&^x.told&epollAll != 0,
		k.has(edgeBeforeIOLost) && edge && x.told&events&epollIn != 0 && k.is(x.fd, stream):
		events = 0
	case k.has(unconnectedReadable) && events&(epollErr|epollHup) == epollHup:
		events |= x.events & epollIn
	case k.has(shutBehindTheEnd) && !edge && events&(epollErr|epollHup) == epollHup && k.sides(x.fd) == 1<<1:
		events &^= epollHup
	case k.has(edgeDropsHangUps) && edge && events&epollHup != 0:
		events = 0
	case k.has(writableHidesReadable) && !edge && events&(epollIn|epollOut) == epollIn|epollOut:
		events &^= epollIn
	case k.has(endToldOnce) && !edge && events&epollRdHup != 0 && x.told&epollRdHup != 0 && x.events&epollRdHup != 0:
		events &^= epollRdHup
	case k.has(refusedWithoutHangUp) && events&(epollErr|epollHup) == epollErr|epollHup && events&epollRdHup == 0:
		events &^= epollHup
	}
	x.told |= events
	return events
}

// sides are those of which fd was shut down.
func (k *kernel) sides(fd int) int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.shut[fd]
}

func (k *kernel) Shutdown(fd, how int) (errno int) {
	errno = k.Kernel.Shutdown(fd, how)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.shut == nil {
		k.shut = map[int]int{}
	}
	k.shut[fd] |= 1 << how
	return errno
}

func (k *kernel) Recv(fd int, b []byte) (n, errno int) {
	n, errno = k.Kernel.Recv(fd, b)
	k.each(fd, func(_ int, w *interest) { w.told &^= epollIn })
	return n, errno
}

func (k *kernel) Send(fd int, b []byte) (n, errno int) {
	n, errno = k.Kernel.Send(fd, b)
	if k.has(sendForgetsReadable) && errno == 0 {
		k.settle(fd)
	}
	return n, errno
}

func (k *kernel) RecvFrom(fd int, b []byte) (n, size int, from netip.AddrPort, errno int) {
	n, size, from, errno = k.Kernel.RecvFrom(fd, b)
	k.each(fd, func(ep int, w *interest) {
		edge := w.events & epollEdge
		if errno == 0 && w.events&epollOneShot == 0 && (k.has(datagramsEdgeOnceReceived) && edge == 0 || k.has(datagramIsAnEdge) && edge != 0) {
			k.Kernel.EpollCtl(ep, epollMod, fd, w.events|epollEdge, w.token)
		}
	})
	return n, size, from, errno
}

// each calls what with every interest in fd, and the instance that has it.
func (k *kernel) each(fd int, what func(ep int, w *interest)) {
	type found struct {
		ep int
		w  *interest
	}
	var list []found
	k.mu.Lock()
	for ep, all := range k.watched {
		for _, w := range all {
			if w.fd == fd {
				list = append(list, found{ep, w})
			}
		}
	}
	k.mu.Unlock()
	slices.SortFunc(list, func(a, b found) int { return a.ep - b.ep }) // a map has no order
	for _, x := range list {
		what(x.ep, x.w)
	}
}
