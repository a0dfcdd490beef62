package simnet

import "time"

// Mutex is a lock. Who waits for it is runnable exactly while it is free, so every order of
// acquisition can happen, barging included, and nobody is woken in vain.
type Mutex struct {
	w       *World
	object  Object
	owner   *Thread
	waiters uint64
}

// NewMutex returns an unlocked mutex for this run.
func (w *World) NewMutex() *Mutex {
	m := w.mutexes.get()
	*m = Mutex{w: w, object: w.NewObject()}
	return m
}

// Lock acquires the mutex after a Step. Locking a mutex twice in one thread is a deadlock, and
// reported as one. Outside Run it does nothing.
func (m *Mutex) Lock() {
	w := m.w
	if w.phase != running {
		w.unwindingCall()
		return
	}
	w.stepOn(m.object, true)
	t := w.cur
	if m.owner != nil {
		m.waiters |= t.bit
		w.park(t, Call{Format: "Lock of mutex %d, owner thread %d", A: int(m.object), B: m.owner.id})
		w.Touch(m.object, true)
	}
	m.take(t)
}

// take gives the free mutex to t. The others who wait for it are no longer runnable.
func (m *Mutex) take(t *Thread) {
	w := m.w
	if m.owner != nil {
		panic("simnet: a thread was let into a locked mutex")
	}
	m.owner = t
	m.waiters &^= t.bit
	for rest := m.waiters & w.run; rest != 0; rest &= rest - 1 {
		w.block(w.threads[nth(rest, 0)])
	}
}

// Unlock releases the mutex. It is visible but no scheduling point of its own. It panics if the
// calling thread does not hold the mutex.
func (m *Mutex) Unlock() {
	w := m.w
	if w.phase != running {
		w.unwindingCall()
		return
	}
	if m.owner != w.cur {
		panic("simnet: Unlock of a mutex the thread does not hold")
	}
	w.Touch(m.object, true)
	m.release()
}

func (m *Mutex) release() {
	w := m.w
	m.owner = nil
	for rest := m.waiters; rest != 0; rest &= rest - 1 {
		t := w.threads[nth(rest, 0)]
		if w.run&t.bit == 0 {
			w.run |= t.bit
			if t.monitor != nil {
				t.monitor.Resumed(t)
			}
		}
	}
}

// Held reports whether the calling thread holds the mutex: for assertions on what a lock guards.
func (m *Mutex) Held() bool { return m.owner != nil && m.owner == m.w.cur }

// Object returns the mutex's number in footprints.
func (m *Mutex) Object() Object { return m.object }

// Cond is a condition variable. It wakes in the order of arrival and never spuriously.
type Cond struct {
	m     *Mutex
	queue WaitQueue
}

// NewCond returns a condition variable to be used under m, for this run.
func (w *World) NewCond(m *Mutex) *Cond {
	c := w.conds.get()
	c.m = m
	c.queue.init(w, FIFO)
	return c
}

// Wait releases the mutex and waits to be woken, in one step, and returns with the mutex held.
func (c *Cond) Wait() { c.WaitTimeout(-1) }

// WaitTimeout is Wait for at most d; it returns false if it was not woken in that time. A negative
// d is for ever. The mutex is held again in either case.
func (c *Cond) WaitTimeout(d time.Duration) (woken bool) {
	w := c.m.w
	if w.unwindingCall() {
		return false
	}
	t := w.blocking("Wait")
	if c.m.owner != t {
		panic("simnet: Wait without holding the mutex")
	}
	w.Touch(c.m.object, true)
	c.m.release()
	t.relock = c.m
	if w.observer != nil {
		t.declared, t.perhaps = append(t.accesses[:0], Write(c.m.object), Write(c.queue.object)), 0
	}
	c.queue.enter(t, d)
	w.park(t, Call{Format: "Wait on condition %d", A: int(c.queue.object)})
	t.relock = nil
	w.Touch(c.m.object, true)
	c.m.take(t)
	return !t.expired
}

// Signal wakes one waiting thread, if there is one. A Step comes before it unless the calling
// thread holds the mutex, since then nobody could come in between.
func (c *Cond) Signal() {
	if c.step() {
		c.queue.WakeOne()
	}
}

// Broadcast wakes every waiting thread, with a Step as Signal.
func (c *Cond) Broadcast() {
	if c.step() {
		c.queue.WakeAll()
	}
}

func (c *Cond) step() bool {
	w := c.m.w
	if w.unwindingCall() {
		return false
	}
	if !c.m.Held() {
		w.stepOn(c.queue.object, true)
	}
	w.Touch(c.queue.object, true)
	return true
}

// Waiting returns the number of threads in Wait that have not been woken.
func (c *Cond) Waiting() int { return c.queue.Len() }

// Semaphore is a counting semaphore. A permit released goes to whoever takes it first, also to a
// thread that comes late.
type Semaphore struct {
	w     *World
	count int
	queue WaitQueue
}

// NewSemaphore returns a semaphore with n permits, for this run.
func (w *World) NewSemaphore(n int) *Semaphore {
	s := w.semaphores.get()
	s.w, s.count = w, n
	s.queue.init(w, FIFO)
	return s
}

// Acquire takes a permit after a Step, waiting until there is one.
func (s *Semaphore) Acquire() { s.AcquireTimeout(-1) }

// AcquireTimeout waits for at most d and reports whether it got a permit. A negative d is for ever,
// 0 does not wait.
func (s *Semaphore) AcquireTimeout(d time.Duration) bool {
	w := s.w
	if w.phase != running {
		w.unwindingCall()
		return false
	}
	w.stepOn(s.queue.object, true)
	deadline := w.now + d
	for s.count == 0 {
		if d >= 0 {
			d = max(deadline-w.now, 0)
		}
		if !s.queue.Park(Call{Format: "Acquire of semaphore %d", A: int(s.queue.object)}, d) {
			return false
		}
		w.Touch(s.queue.object, true)
	}
	s.count--
	return true
}

// Release gives a permit back after a Step.
func (s *Semaphore) Release() {
	w := s.w
	if w.phase == running {
		w.stepOn(s.queue.object, true)
	} else if w.unwindingCall() {
		return
	}
	s.count++
	s.queue.WakeOne()
}
