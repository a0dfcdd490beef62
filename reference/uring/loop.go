//go:build linux

package uring

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// entries is the length of the submission queue; that of completions is twice as long. What finds no room waits: requests in Backend.todo, completions in
// the kernel.
const entries = 128

// Values of user_data that are no request's.
const (
	bellData = iota + 1
	firstID
)

// cancelData marks, beside the id of the request, the user_data of the cancelling of one.
const cancelData = 1 << 63

// todo is something for the ring's thread to submit: a request, or the cancelling of one.
type todo struct {
	r      *request
	cancel uint64
}

// submit hands r to the ring's thread. Called with the lock held, as all of these are.
func (b *Backend) submit(r *request) {
	b.lastID++ // never used again, or a cancel that comes late would hit another (mitchellh/libxev#233)
	r.id, r.cancelled = b.lastID, false
	r.s.inRing++
	b.inRing[r.id] = r
	b.todo = append(b.todo, todo{r: r})
	b.wake()
}

// cancel asks the ring to end r early. How r ends tells what came of it: the answer to the asking
// says less, for a receive that is cancelled halfway succeeds (U29).
func (b *Backend) cancel(r *request) {
	if !r.under() || r.cancelled {
		return
	}
	r.cancelled = true
	b.todo = append(b.todo, todo{cancel: r.id})
	b.wake()
}

// wake ends the sleep of the ring's thread.
func (b *Backend) wake() {
	if b.asleep && !b.rung {
		b.rung = true
		var one [8]byte
		binary.NativeEndian.PutUint64(one[:], 1)
		unix.Write(b.bell, one[:])
	}
}

// loop is the ring's thread. It alone submits, because requests end with the thread that has
// submitted them (U60), and alone waits for completions, because one completion wakes everybody who does (U55). It is in Go's words a goroutine that has a
// thread to itself.
func (b *Backend) loop(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(b.over)
	r, err := openRing(entries)
	started <- err
	if err != nil {
		return
	}
	defer r.close()
	armed := false // the bell is being read
	for {
		b.lock.Lock()
		if !armed && !b.leaving {
			if e := r.entry(); e != nil {
				b.reading.fill(e)
				armed = true
			}
		}
		b.move(r)
		if b.leaving && !armed && len(b.todo) == 0 && len(b.inRing) == 0 {
			b.lock.Unlock()
			return
		}
		b.asleep = armed && len(b.todo) == 0
		wait := b.asleep
		b.lock.Unlock()

		errno := r.enter(wait)
		b.lock.Lock()
		b.asleep = false
		reaped := 0
		for c, is := r.take(); is; c, is = r.take() {
			reaped++
			switch {
			case c.userData == bellData:
				armed, b.rung = false, false
			case c.userData&cancelData != 0:
				b.asked(c)
			default:
				b.end(c)
			}
		}
		b.lock.Unlock()
		switch {
		case errno == 0 || errno == unix.EINTR:
		case errno == unix.EAGAIN || errno == unix.EBUSY: // no memory for a request; no room for completions until some have been taken
			if reaped == 0 {
				time.Sleep(time.Millisecond)
			}
		default:
			panic(fmt.Sprintf("uring: io_uring_enter: %v", errno))
		}
		// Before sleeping, let those run who have been woken: they take up the processor that this thread would keep until Go's scheduler notices, and what they
		// start is submitted by the call that sleeps, without the bell.
		if reaped > 0 {
			runtime.Gosched()
		}
	}
}

// move moves what is to be submitted into the ring, as far as there is room.
func (b *Backend) move(r *ring) {
	n := 0
	for _, t := range b.todo {
		e := r.entry()
		if e == nil {
			break
		}
		if t.r != nil {
			t.r.fill(e)
		} else {
			e.opcode, e.fd, e.addr, e.userData = IORING_OP_ASYNC_CANCEL, -1, t.cancel, cancelData|t.cancel
		}
		n++
	}
	rest := copy(b.todo, b.todo[n:])
	clear(b.todo[rest:])
	b.todo = b.todo[:rest]
}

// asked takes the answer to the cancelling of a request. One that has just been woken is found by nobody until it has been tried again, and may then go on
// waiting: as long as it is in the ring it is cancelled anew.
func (b *Backend) asked(c cqe) {
	id := c.userData &^ cancelData
	if b.inRing[id] != nil && (c.res == -int32(unix.ENOENT) || c.res == -int32(unix.EALREADY)) {
		b.todo = append(b.todo, todo{cancel: id})
	}
}

// end takes a request out of the ring.
func (b *Backend) end(c cqe) {
	r := b.inRing[c.userData]
	delete(b.inRing, r.id)
	r.id = 0
	r.more = c.flags&IORING_CQE_F_SOCK_NONEMPTY != 0
	r.over(int(c.res))
	r.ended(int(c.res))
	r.s.inRing--
	r.s.release()
}
