//go:build windows

package iocp

import (
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/windows"

	"github.com/ioconform/ioconform/spec"
)

// port is a completion port.
type port struct {
	b      *Backend
	handle windows.Handle
	users  atomic.Int32 // calls that may be using the handle
	closed atomic.Bool
}

// dying are ports that were closed while calls were using them, by handle. The number of a closed handle is free at once, and a thread that is about to wait on
// it would wait on whatever port gets it next; so none does, until that thread is back.
var dying = struct {
	sync.Mutex
	ports map[windows.Handle]*port
}{ports: map[windows.Handle]*port{}}

// open makes the port.
func (p *port) open(concurrency uint32) error {
	dying.Lock()
	defer dying.Unlock()
	for {
		h, err := windows.CreateIoCompletionPort(windows.InvalidHandle, 0, 0, concurrency)
		if err != nil {
			return err
		}
		if d := dying.ports[h]; d != nil && d.users.Load() > 0 {
			defer windows.CloseHandle(h)
			continue
		}
		delete(dying.ports, h)
		p.handle = h
		return nil
	}
}

// use says that the handle is going to be used, until done; false if it has been closed.
func (p *port) use() bool {
	p.users.Add(1)
	if p.closed.Load() {
		p.users.Add(-1)
		return false
	}
	return true
}

func (p *port) done() { p.users.Add(-1) }

// Associate implements spec.Port: from now on every packet of s comes here, under key (KEY-1, KEY-3). A second association is refused (KEY-4).
func (p *port) Associate(x spec.Socket, key uint64) spec.Status {
	s, mine := x.(*socket)
	if !mine {
		return notSocket
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || !p.use() {
		return invalidHandle
	}
	defer p.done()
	if _, err := windows.CreateIoCompletionPort(s.handle, p.handle, uintptr(key), 0); err != nil {
		return statusOf(err)
	}
	s.port, s.key = p, key
	return ok
}

// Post implements spec.Port. The token goes where the OVERLAPPED pointer would, and is not looked at by Windows; one that is the address of a request in flight would
// be taken for it.
func (p *port) Post(key, token uint64, n int) spec.Status {
	if !p.use() {
		return invalidHandle
	}
	defer p.done()
	return statusOf(postQueuedCompletionStatus(p.handle, uint32(n), uintptr(key), uintptr(token)))
}

// mostEntries is how many packets one wait takes at the most.
const mostEntries = 64

// Wait implements spec.Port.
func (p *port) Wait(dst []spec.Packet, timeout time.Duration) (int, spec.Status) {
	return p.wait(dst, timeout, false)
}

// wait takes packets. GetQueuedCompletionStatusEx says of each packet by itself whether its operation failed; it fails as a whole only if it removed none.
func (p *port) wait(dst []spec.Packet, timeout time.Duration, alertable bool) (int, spec.Status) {
	if !p.use() {
		return 0, invalidHandle
	}
	defer p.done()
	if len(dst) == 0 {
		return 0, spec.WindowsStatus(spec.Win32, uint32(windows.ERROR_INVALID_PARAMETER))
	}
	var entries [mostEntries]entry
	n, err := getQueuedCompletionStatusEx(p.handle, entries[:min(len(dst), mostEntries)], milliseconds(timeout), alertable)
	if err != nil {
		return 0, statusOf(err)
	}
	for i, e := range entries[:n] {
		dst[i] = p.b.packet(e)
	}
	return n, ok
}

// milliseconds is d rounded up; every negative d means for ever.
func milliseconds(d time.Duration) uint32 {
	if d < 0 {
		return windows.INFINITE
	}
	return uint32(min((d+time.Millisecond-1)/time.Millisecond, windows.INFINITE-1))
}

// Close implements spec.Port. Threads that wait are released (CLS-5); packets that nobody has taken are gone.
func (p *port) Close() spec.Status {
	dying.Lock()
	defer dying.Unlock()
	if p.closed.Swap(true) {
		return invalidHandle
	}
	dying.ports[p.handle] = p
	p.b.mu.Lock()
	delete(p.b.ports, p)
	p.b.mu.Unlock()
	return statusOf(windows.CloseHandle(p.handle))
}
