package spec

import (
	"slices"
	"strconv"
)

// A recorder whose threads share no counter stamps its events with a clock, ts, that may be wrong by eps in either direction; the header says
// "order":"time","eps":ns. Then x came before y, for certain, only if ts(return of x)+eps < ts(call of y)-eps. What such a trace
// means is kept by making every call longer by eps at both ends, and counting:
//
//   - A thread's own calls overlap then, though they did not. Each that overlaps an earlier one moves to a lane beside the
//     thread: "w1 (2)". Less is known of the order, nothing wrong is.
//   - A settle mark stays only if no call was made and none returned within 2 eps of it; else what is on which side cannot be told.
//   - Marks of handlers and pauses are dropped: to widen a handler would make it overlap others, and to narrow it would hide that it did.
//   - What the program did wrong cannot be told from intervals that are too long, so that nobody blames it (Trace.Widened).

// rank gives the events of a trace that is ordered by time their numbers.
func (d *decoder) rank() {
	events := d.trace.Events
	d.trace.Widened = true
	if !d.sequential() {
		return
	}
	type stamped struct {
		at    int64
		calls int8 // calls first: what is not certain did not come before
		event int
	}
	var busy []int64 // when calls were made and returned
	for i := range events {
		if k := events[i].Kind; k == CallEvent || k == ReturnEvent {
			busy = append(busy, d.side[i].ts)
		}
	}
	slices.Sort(busy)
	order := make([]stamped, 0, len(events))
	for i := range events {
		s := stamped{d.side[i].ts, 1, i}
		switch events[i].Kind {
		case CallEvent:
			s.at, s.calls = s.at-d.eps, 0
		case ReturnEvent:
			s.at += d.eps
		case SettleEvent:
			k, _ := slices.BinarySearch(busy, s.at-2*d.eps)
			if k < len(busy) && busy[k] <= s.at+2*d.eps {
				continue
			}
		case LateEvent:
			s.at += 4 * d.eps
		case NetEvent:
			s.at, s.calls = s.at-d.eps, 0
		case EndEvent:
			s.at = 1 << 62
		default:
			continue
		}
		order = append(order, s)
	}
	slices.SortStableFunc(order, func(a, b stamped) int {
		switch {
		case a.at != b.at:
			return compareQ(uint64(a.at)^1<<63, uint64(b.at)^1<<63)
		case a.calls != b.calls:
			return int(a.calls) - int(b.calls)
		}
		return 0
	})
	sorted, side := make([]Event, len(order)), make([]aside, len(order))
	for i, s := range order {
		sorted[i], side[i] = events[s.event], d.side[s.event]
		sorted[i].Q, sorted[i].Since = uint64(i+1), 0
	}
	d.trace.Events, d.side = sorted, side
	d.lanes()
}

// sequential reports a thread that makes a call while another is open, which after widening could not be told any more.
func (d *decoder) sequential() bool {
	events := d.trace.Events
	type call struct {
		from, to int64
		line     int32
		open     bool
	}
	calls := map[uint32]*call{}
	threads := make([][]*call, len(d.trace.Threads))
	for i := range events {
		if e := &events[i]; e.Kind == CallEvent && calls[e.Call] == nil {
			c := &call{from: d.side[i].ts, line: d.side[i].line, open: true}
			calls[e.Call] = c
			threads[e.Thread] = append(threads[e.Thread], c)
		}
	}
	for i := range events {
		e, a := &events[i], &d.side[i]
		if c := calls[e.Call]; e.Kind == ReturnEvent && c != nil {
			if d.line = int(a.line); a.ts < c.from {
				d.failAt(0, "call %d returns at %d and was made at %d", e.Call, a.ts, c.from)
				return false
			}
			c.to, c.open = a.ts, false
		}
	}
	for name, list := range threads {
		slices.SortStableFunc(list, func(a, b *call) int { return compareQ(uint64(a.from), uint64(b.from)) })
		for i := 1; i < len(list); i++ {
			if before := list[i-1]; before.open || before.to > list[i].from {
				d.line = int(list[i].line)
				d.failAt(0, "thread %q makes a call while another is open", d.trace.Threads[name])
				return false
			}
		}
	}
	return true
}

// lanes gives calls of one thread that overlap, now that they are longer, threads of their own.
func (d *decoder) lanes() {
	t := d.trace
	first := len(t.Threads)
	free := make([][]int32, first) // lanes of a thread
	for i := range free {
		free[i] = []int32{int32(i)}
	}
	made := make([]int, first)
	type place struct{ thread, lane int32 }
	open := map[uint32]place{}
	for i := range t.Events {
		e := &t.Events[i]
		switch e.Kind {
		case CallEvent:
			own := e.Thread
			list := free[own]
			if len(list) == 0 {
				made[own]++
				list = []int32{int32(len(t.Threads))}
				t.Threads = append(t.Threads, laneName(t.Threads[own], made[own]+1))
			}
			e.Thread, free[own] = list[len(list)-1], list[:len(list)-1]
			open[e.Call] = place{own, e.Thread}
		case ReturnEvent:
			if p, isOpen := open[e.Call]; isOpen {
				if d.side[i].heir || e.Thread == p.thread {
					e.Thread = p.lane
				}
				free[p.thread] = append(free[p.thread], p.lane)
				delete(open, e.Call)
			}
		}
	}
}

func laneName(thread string, n int) string { return thread + " (" + strconv.Itoa(n) + ")" }
