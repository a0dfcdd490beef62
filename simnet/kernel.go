package simnet

import (
	"net/netip"
	"time"
)

// Kernel is the system call interface of one simulated process: descriptors over the objects of the
// world. Descriptors are the lowest free number, from 3, and free again at once when closed, as
// POSIX has it; only so can a stale event name somebody else's socket.
//
// Every call is a Step, with the objects it will touch as its footprint, and then takes effect at
// once. Only EpollWait blocks. Signatures use basic types alone, so that another package's
// interface is satisfied without an import: errno is the Linux number as an int, 0 for success, and
// a descriptor is -1 when there is none. While a run is being unwound every call returns ECANCELED.
// Before Run a kernel may be used to build fixtures; nothing is scheduled then.
type Kernel struct {
	w      *World
	object Object // the descriptor table
	files  []*file
	lowest int // no free number below
	open   int
	buf    [12]Access
	flaws  flawSet // of its epoll instances
	used   *epoll  // flaw: one that was closed
}

const firstDescriptor = 3 // 0, 1 and 2 are taken in every process

// NewKernel returns a process without descriptors. All kernels of a world share its network.
func (w *World) NewKernel() *Kernel {
	k := w.kernels.get()
	*k = Kernel{w: w, object: w.NewObject(), files: k.files[:0], lowest: firstDescriptor}
	for range firstDescriptor {
		k.files = append(k.files, nil)
	}
	return k
}

// What a call does to the file it names, for its footprint.
type use uint8

const (
	useState use = 1 << iota // the socket, epoll instance or counter itself
	useIn                    // the receiving half
	useOut                   // the sending half
	useTable                 // opens or closes a descriptor; without it the table is only read
	usePorts                 // the table of addresses
	useClock                 // a connection attempt's beginning: when it knocks again goes by it
)

// enter is the head of every call: the step. False means that the call must not do anything.
func (k *Kernel) enter(fd int, u use) bool {
	w := k.w
	if w.observer == nil {
		if w.phase == unwinding {
			return !w.unwindingCall()
		}
		w.Step()
		return true
	}
	if w.unwindingCall() {
		return false
	}
	perhaps := Object(0)
	if f := k.file(fd); f != nil && f.sock != nil && u&(useIn|useOut) != 0 {
		perhaps = f.sock.object // a pending error is taken, also one that comes before this thread's turn
	}
	w.stepPerhaps(perhaps, k.footprint(fd, u))
	return true
}

// footprint lists what the call will touch as far as the descriptor tells now. It may name another
// file by the time the call runs; both then conflict with whoever closed it, over the table.
func (k *Kernel) footprint(fd int, u use) []Access {
	list := append(k.buf[:0], Access{k.object, u&useTable != 0})
	if u&usePorts != 0 {
		list = append(list, Write(ObjectPorts))
	}
	f := k.file(fd)
	if f == nil {
		return list
	}
	watched := pollQueue(nil)
	switch {
	case f.sock != nil:
		s := f.sock
		list = append(list, Access{s.object, u&useState != 0 || s.udp && u&(useIn|useOut) != 0})
		if !s.udp && u&useClock != 0 {
			list = append(list, Read(ObjectClock))
		}
		if s.udp && !s.hasPort && u&useOut != 0 { // sending binds it
			list = append(list, Write(ObjectPorts))
		}
		if s.in != nil && u&useIn != 0 {
			list = append(list, Write(s.in.object))
		}
		if s.out != nil && u&useOut != 0 {
			list = append(list, Write(s.out.object))
		}
		if u&useTable != 0 && u&useOut != 0 { // Close: of a listener it resets what nobody has accepted
			for _, c := range s.accepted[s.head:] {
				list = append(list, Write(c.in.object), Write(c.out.object))
			}
		}
		watched = s.interests
	case f.ev != nil:
		list = append(list, Write(f.ev.object))
		watched = f.ev.interests
	default:
		list = append(list, Write(f.ep.object), Write(f.ep.waiters.object))
		for _, it := range f.ep.interests {
			list = it.file.reads(list)
			if u&useTable != 0 { // Close: it no longer stands among those who watch the file
				list = append(list, Write(it.file.object()))
			}
		}
		watched = f.ep.pollers
	}
	if u&useState != 0 {
		list = watched.footprint(list)
	}
	return list
}

func (k *Kernel) file(fd int) *file {
	if uint(fd) >= uint(len(k.files)) {
		return nil
	}
	return k.files[fd]
}

// sock returns the socket behind a descriptor, or the reason why there is none.
func (k *Kernel) sock(fd int) (*Sock, Errno) {
	f := k.file(fd)
	switch {
	case f == nil:
		return nil, EBADF
	case f.sock == nil:
		return nil, ENOTSOCK
	}
	return f.sock, OK
}

// full reports whether another descriptor cannot be had.
func (k *Kernel) full() bool {
	return k.open >= k.w.opts.MaxFiles || k.w.fault(k.w.opts.Faults.EMFILE)
}

// install gives f the lowest free number.
func (k *Kernel) install(f *file) int {
	fd := k.lowest
	for fd < len(k.files) && k.files[fd] != nil {
		fd++
	}
	if fd == len(k.files) {
		k.files = append(k.files, nil)
	}
	k.files[fd] = f
	f.refs++
	k.open++
	k.lowest = fd + 1
	return fd
}

func (k *Kernel) newFile() *file {
	f := k.w.files.get()
	*f = file{}
	return f
}

// Dup makes another descriptor for the same file.
func (k *Kernel) Dup(fd int) (nfd, errno int) {
	if !k.enter(fd, useTable) {
		return -1, int(ECANCELED)
	}
	f := k.file(fd)
	switch {
	case f == nil:
		return -1, int(EBADF)
	case k.full():
		return -1, int(EMFILE)
	}
	return k.install(f), 0
}

// Close frees the number. The file behind it ends if it has no other: a socket is closed, its
// registrations in epoll instances are gone. Closing an epoll instance wakes nobody who waits on
// it.
func (k *Kernel) Close(fd int) (errno int) {
	if !k.enter(fd, useState|useIn|useOut|useTable|usePorts) {
		return int(ECANCELED)
	}
	f := k.file(fd)
	if f == nil {
		return int(EBADF)
	}
	k.files[fd] = nil
	k.open--
	k.lowest = min(k.lowest, fd)
	if k.flaws != 0 {
		k.leaves(f)
	}
	f.release()
	return 0
}

// NewLock returns a *Mutex.
func (k *Kernel) NewLock() interface {
	Lock()
	Unlock()
} {
	return k.w.NewMutex()
}

// Now returns the virtual time since the beginning of the run. It is no step.
func (k *Kernel) Now() time.Duration { return k.w.Now() }

// LocalAddr returns the socket's own address, 0.0.0.0:0 or [::]:0 before it has one.
func (k *Kernel) LocalAddr(fd int) (netip.AddrPort, int) {
	if !k.enter(fd, 0) {
		return netip.AddrPort{}, int(ECANCELED)
	}
	s, e := k.sock(fd)
	if e != OK {
		return netip.AddrPort{}, int(e)
	}
	return s.Local(), 0
}

// RemoteAddr returns the address of the other end, ENOTCONN if there is none.
func (k *Kernel) RemoteAddr(fd int) (netip.AddrPort, int) {
	if !k.enter(fd, 0) {
		return netip.AddrPort{}, int(ECANCELED)
	}
	s, e := k.sock(fd)
	if e != OK {
		return netip.AddrPort{}, int(e)
	}
	a := s.Remote()
	if !a.IsValid() {
		return a, int(ENOTCONN)
	}
	return a, 0
}
