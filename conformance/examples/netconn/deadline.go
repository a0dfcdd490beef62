package netconn

import (
	"sync"
	"time"
)

// deadline is a point in time after which waiting callers give up. It can be moved while they wait. The zero value is never.
type deadline struct {
	mu    sync.Mutex
	timer *time.Timer
	moves int           // how often it has been moved: a timer that fires late knows by this that it is not meant
	over  bool          // end is closed
	end   chan struct{} // nil until somebody asks
}

// passed returns a channel that is closed once the deadline has passed, also if it is moved meanwhile; but a deadline that has passed and is moved
// gets a new channel.
func (d *deadline) passed() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.channel()
}

func (d *deadline) channel() chan struct{} {
	if d.end == nil {
		d.end = make(chan struct{})
	}
	return d.end
}

// set moves the deadline. The zero time is never, as package net has it.
func (d *deadline) set(t time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.moves++
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
	if d.over {
		d.over, d.end = false, nil
	}
	if t.IsZero() {
		return
	}
	left := time.Until(t)
	if left <= 0 {
		d.pass()
		return
	}
	move := d.moves
	d.timer = time.AfterFunc(left, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.moves == move {
			d.pass()
		}
	})
}

func (d *deadline) pass() {
	d.over = true
	close(d.channel())
}
