//go:build linux

package uring

import (
	"fmt"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// ring is an io_uring: two queues in memory that is shared with the kernel, one in which a thread
// puts entries and one from which it takes completions. It belongs to the thread that made it, and
// no other touches it.
type ring struct {
	fd             int
	sqMem, cqMem   []byte
	sqeMem         []byte
	entries        []sqe
	done           []cqe
	sqHead, sqTail *uint32
	cqHead, cqTail *uint32
	sqMask, cqMask uint32
	tail           uint32 // of the entries; the kernel is told in enter
}

// features without which this package does not work. NODROP: completions for which there is no room are kept by the kernel. SUBMIT_STABLE: an entry, and
// the addresses that it points to, need not outlive the call that submits it. FAST_POLL: what cannot be done at once waits for readiness, and not in a thread.
const needed = IORING_FEAT_NODROP | IORING_FEAT_SUBMIT_STABLE | IORING_FEAT_FAST_POLL

// openRing makes a ring with room for that many entries, a power of two.
func openRing(entries uint32) (*ring, error) {
	// Work is done when this thread asks for it, and not whenever the kernel finds it running: there is
	// nobody else who could want its results. Before Linux 6.1 there is no such choice.
	p := params{flags: IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN}
	fd, errno := setup(entries, &p)
	if errno == unix.EINVAL {
		p = params{}
		fd, errno = setup(entries, &p)
	}
	if errno != 0 {
		return nil, fmt.Errorf("io_uring_setup: %w", errno)
	}
	r := &ring{fd: fd}
	if p.features&needed != needed {
		r.close()
		return nil, fmt.Errorf("this kernel's io_uring is too old (features %#x, needed %#x: Linux 5.7)", p.features, needed)
	}
	if err := r.mapIn(&p); err != nil {
		r.close()
		return nil, fmt.Errorf("mmap of an io_uring: %w", err)
	}
	return r, nil
}

func setup(entries uint32, p *params) (int, unix.Errno) {
	fd, _, errno := unix.Syscall(unix.SYS_IO_URING_SETUP, uintptr(entries), uintptr(unsafe.Pointer(p)), 0)
	return int(fd), errno
}

func (r *ring) mapIn(p *params) (err error) {
	const prot, flags = unix.PROT_READ | unix.PROT_WRITE, unix.MAP_SHARED | unix.MAP_POPULATE
	if r.sqMem, err = unix.Mmap(r.fd, IORING_OFF_SQ_RING, int(p.sq.array+4*p.sqEntries), prot, flags); err != nil {
		return err
	}
	if r.cqMem, err = unix.Mmap(r.fd, IORING_OFF_CQ_RING, int(p.cq.cqes)+int(p.cqEntries)*int(unsafe.Sizeof(cqe{})), prot, flags); err != nil {
		return err
	}
	if r.sqeMem, err = unix.Mmap(r.fd, IORING_OFF_SQES, int(p.sqEntries)*int(unsafe.Sizeof(sqe{})), prot, flags); err != nil {
		return err
	}
	r.sqHead, r.sqTail, r.sqMask = word(r.sqMem, p.sq.head), word(r.sqMem, p.sq.tail), *word(r.sqMem, p.sq.ringMask)
	r.cqHead, r.cqTail, r.cqMask = word(r.cqMem, p.cq.head), word(r.cqMem, p.cq.tail), *word(r.cqMem, p.cq.ringMask)
	r.entries = unsafe.Slice((*sqe)(unsafe.Pointer(&r.sqeMem[0])), p.sqEntries)
	r.done = unsafe.Slice((*cqe)(unsafe.Pointer(&r.cqMem[p.cq.cqes])), p.cqEntries)
	for i := range p.sqEntries { // the queue is one of indices; each entry keeps its own place
		*word(r.sqMem, p.sq.array+4*i) = i
	}
	return nil
}

func word(mem []byte, at uint32) *uint32 { return (*uint32)(unsafe.Pointer(&mem[at])) }

// entry returns an entry to be filled in, or nil if there is no room until enter has been called.
func (r *ring) entry() *sqe {
	if r.tail-atomic.LoadUint32(r.sqHead) == uint32(len(r.entries)) {
		return nil
	}
	e := &r.entries[r.tail&r.sqMask]
	*e = sqe{}
	r.tail++
	return e
}

// enter submits the entries; with wait, when there are none, it sleeps until there is a completion, or a signal. Go's scheduler is told of that alone.
// Completions that had found no room are moved into it on the way (io_uring_enter(2), EBUSY).
func (r *ring) enter(wait bool) (errno unix.Errno) {
	atomic.StoreUint32(r.sqTail, r.tail)
	submit := uintptr(r.tail - atomic.LoadUint32(r.sqHead))
	if wait {
		_, _, errno = unix.Syscall6(unix.SYS_IO_URING_ENTER, uintptr(r.fd), submit, 1, IORING_ENTER_GETEVENTS, 0, 0)
	} else {
		_, _, errno = unix.RawSyscall6(unix.SYS_IO_URING_ENTER, uintptr(r.fd), submit, 0, IORING_ENTER_GETEVENTS, 0, 0)
	}
	return errno
}

// take takes a completion; false if there is none.
func (r *ring) take() (cqe, bool) {
	head := *r.cqHead
	if head == atomic.LoadUint32(r.cqTail) {
		return cqe{}, false
	}
	c := r.done[head&r.cqMask]
	atomic.StoreUint32(r.cqHead, head+1)
	return c, true
}

// close ends the ring. Nothing may be in it: what is would be cancelled some time afterwards (U59).
func (r *ring) close() {
	for _, mem := range [][]byte{r.sqMem, r.cqMem, r.sqeMem} {
		if mem != nil {
			unix.Munmap(mem)
		}
	}
	unix.Close(r.fd)
}
