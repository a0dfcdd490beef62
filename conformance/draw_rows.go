package conformance

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ioconform/ioconform/spec"
)

// lanes gives each thread that has an event to show a column, far ends last. Far ends of one name, one after the other, share
// one; where there are more than most, the last column is for all that are left.
func (d *Drawing) lanes(keep []bool, most int) (lanes map[int32]int, titles []string) {
	t := d.Trace
	lanes = map[int32]int{}
	var order []int32
	first := map[string]int32{} // far ends
	for i := range t.Events {
		th := t.Events[i].Thread
		if _, known := lanes[th]; known || !keep[i] || t.Events[i].Kind == spec.EndEvent {
			continue
		}
		lanes[th] = -1
		if name := d.thread(th); strings.HasPrefix(name, "peer:") {
			if _, there := first[name]; there {
				continue
			}
			first[name] = th
		}
		order = append(order, th)
	}
	slices.SortStableFunc(order, func(a, b int32) int {
		switch x, y := strings.HasPrefix(d.thread(a), "peer:"), strings.HasPrefix(d.thread(b), "peer:"); {
		case x == y:
			return 0
		case y:
			return -1
		}
		return 1
	})
	for i, th := range order {
		lanes[th] = min(i, most-1)
		switch title, peer := strings.CutPrefix(d.thread(th), "peer:"); {
		case i >= most:
			titles[most-1] = "others"
			d.crowded = most
		case peer:
			titles = append(titles, title+farEnd)
		default:
			titles = append(titles, title)
		}
	}
	for th, lane := range lanes {
		if lane < 0 {
			lanes[th] = lanes[first[d.thread(th)]]
		}
	}
	return lanes, titles
}

func (d *Drawing) thread(i int32) string {
	if i >= 0 && int(i) < len(d.Trace.Threads) {
		return d.Trace.Threads[i]
	}
	return fmt.Sprintf("thread %d", i)
}

// rows makes a row of each event to show, or of two.
func (d *Drawing) rows(keep []bool, lanes map[int32]int) (rows []row) {
	t := d.Trace
	returned := map[uint32]int{} // returns that share their call's row
	pending := map[uint32]bool{} // open calls that are shown
	var open []int
	skipped := 0
	flush := func() {
		if skipped > 0 && len(rows) > 0 {
			rows = append(rows, row{skipped: skipped, text: others(skipped), open: slices.Clone(open)})
		}
		skipped = 0
	}
	for i := range t.Events {
		e := &t.Events[i]
		if _, done := returned[e.Call]; done && e.Kind == spec.ReturnEvent {
			continue
		}
		if e.Kind == spec.EndEvent {
			continue
		}
		if !keep[i] {
			if e.Kind != spec.ReturnEvent {
				skipped++
			}
			continue
		}
		flush()
		lane := lanes[e.Thread]
		r := row{call: i, ret: -1, lane: lane, first: e.Q}
		switch e.Kind {
		case spec.CallEvent:
			r.text = d.call(e)
			if k := d.next(i, keep); k >= 0 {
				r.ret, r.last = k, t.Events[k].Q
				returned[e.Call] = k
				if back := d.back(&t.Events[k]); back != "" {
					r.text += " → " + back
				}
			} else {
				pending[e.Call] = true
			}
		case spec.ReturnEvent:
			r.call, r.ret = -1, i
			r.text = "└ " + d.back(e)
			if !pending[e.Call] {
				r.text = d.call(e) + " → " + d.back(e)
			}
			if at := slices.Index(open, lane); at >= 0 {
				open = slices.Delete(open, at, at+1)
			}
		default:
			r.text = d.mark(e)
		}
		if d.crowded > 0 && lane == d.crowded-1 {
			r.text = strings.TrimPrefix(d.thread(e.Thread), "peer:") + ": " + r.text
		}
		r.open = slices.Clone(open)
		for _, v := range d.Point {
			if v.Q == e.Q || r.last != 0 && v.Q == r.last {
				if !slices.Contains(r.marks, v.Rule.ID) {
					r.marks = append(r.marks, v.Rule.ID)
				}
			}
		}
		rows = append(rows, r)
		if pending[e.Call] && e.Kind == spec.CallEvent && !slices.Contains(open, lane) {
			open = append(open, lane)
		}
	}
	return rows
}

func others(n int) string {
	if n == 1 {
		return "call about something else"
	}
	return "calls about something else"
}

// next returns the index of the call's return if nothing else that is shown stands between, else -1.
func (d *Drawing) next(call int, keep []bool) int {
	t := d.Trace
	for i := call + 1; i < len(t.Events); i++ {
		e := &t.Events[i]
		if e.Kind == spec.ReturnEvent && e.Call == t.Events[call].Call {
			return i
		}
		if keep[i] {
			return -1
		}
	}
	return -1
}

// stillOpen lists the shown calls that never returned.
func (d *Drawing) stillOpen(keep []bool) (calls []int) {
	open := map[uint32]int{}
	for i := range d.Trace.Events {
		switch e := &d.Trace.Events[i]; e.Kind {
		case spec.CallEvent:
			if keep[i] {
				open[e.Call] = i
			}
		case spec.ReturnEvent:
			delete(open, e.Call)
		}
	}
	for _, i := range open {
		calls = append(calls, i)
	}
	slices.Sort(calls)
	return calls
}

// cut leaves rows out where there are too many: from the middle of what came before the first row that is pointed at.
func (d *Drawing) cut(rows []row) []row {
	if d.Rows == 0 || len(rows) <= d.Rows {
		return rows
	}
	at := slices.IndexFunc(rows, func(r row) bool { return len(r.marks) > 0 })
	if at < 0 {
		at = len(rows) - 1
	}
	end := min(len(rows), max(at+4, d.Rows))
	head := min(d.Rows/4, at)
	from := max(head, end-(d.Rows-head))
	var out []row
	out = append(out, rows[:head]...)
	if from > head {
		out = append(out, row{skipped: from - head, text: "rows left out", open: rows[from].open})
	}
	out = append(out, rows[from:end]...)
	if end < len(rows) {
		out = append(out, row{skipped: len(rows) - end, text: "rows left out"})
	}
	return out
}

// relevant tells for each event whether it is to be shown.
func (d *Drawing) relevant() []bool {
	t := d.Trace
	keep := make([]bool, len(t.Events))
	all := d.Whole || len(d.Point) == 0
	for i := range keep {
		keep[i] = all
	}
	if all {
		return keep
	}
	about := d.about()
	calls := map[uint32]bool{}
	recent := []int{} // calls, the last two before what is pointed at
	for i := range t.Events {
		e := &t.Events[i]
		pointed := slices.ContainsFunc(d.Point, func(v spec.Violation) bool { return v.Q == e.Q })
		if e.Kind == spec.CallEvent {
			recent = append(recent, i)
		}
		if pointed {
			for _, k := range recent[max(0, len(recent)-3):] {
				calls[t.Events[k].Call] = true
			}
		}
		if pointed || about.has(e) {
			keep[i] = true
			if e.Call != 0 {
				calls[e.Call] = true
			}
		}
	}
	shown := 0
	for i := range t.Events {
		if e := &t.Events[i]; calls[e.Call] && e.Call != 0 {
			keep[i] = true
		}
		if keep[i] {
			shown++
		}
	}
	if hidden := len(keep) - shown; hidden <= 6 || len(keep) <= 40 {
		for i := range keep {
			keep[i] = true
		}
	}
	// a gap of two calls is not worth the line that says so
	for i := 0; i < len(keep); i++ {
		k, hidden := i, 0
		for k < len(keep) && !keep[k] {
			if t.Events[k].Kind != spec.ReturnEvent {
				hidden++
			}
			k++
		}
		if hidden > 0 && hidden <= 2 && i > 0 {
			for x := i; x < k; x++ {
				keep[x] = true
			}
		}
		i = max(i, k-1)
	}
	return keep
}

// subjects are the objects that violations are about, and those that belong to them.
type subjects struct{ ops, socks, ports, peers map[uint32]bool }

func (d *Drawing) about() subjects {
	s := subjects{map[uint32]bool{}, map[uint32]bool{}, map[uint32]bool{}, map[uint32]bool{}}
	ports := map[uint32]bool{}
	for _, v := range d.Point {
		for _, name := range v.Objects {
			at := strings.LastIndexByte(name, ' ')
			var id uint32
			if _, err := fmt.Sscan(name[at+1:], &id); err != nil {
				continue
			}
			switch name[:max(at, 0)] {
			case "operation":
				s.ops[id] = true
			case "socket":
				s.socks[id] = true
			case "far end":
				s.peers[id] = true
			case "port":
				ports[id] = true
			}
		}
	}
	if len(s.ops)+len(s.socks)+len(s.peers) == 0 {
		s.ports = ports
	}
	// an operation's socket, and the two ends of a connection
	far := map[string]uint32{}  // far ends by their address
	near := map[string]uint32{} // sockets by theirs
	for i := range d.Trace.Events {
		e := &d.Trace.Events[i]
		if s.ops[e.Op] && e.Op != 0 && e.Sock != 0 {
			s.socks[e.Sock] = true
		}
		if e.Kind == spec.ReturnEvent && e.Addr.IsValid() {
			switch e.Verb {
			case spec.PeerConnect:
				far[e.Addr.String()] = e.Peer
			case spec.PeerAccept:
				if sock := near[e.Addr.String()]; s.socks[sock] {
					s.peers[e.Peer] = true
				}
			}
		}
		for _, p := range e.Packets {
			if p.Sock != 0 && p.Addr.IsValid() {
				if peer := far[p.Addr.String()]; peer != 0 && s.socks[p.Sock] {
					s.peers[peer] = true
				} else if peer != 0 && s.peers[peer] {
					s.socks[p.Sock] = true
				}
			} else if p.Addr.IsValid() && p.Op != 0 {
				for k := range d.Trace.Events[:i] {
					if x := &d.Trace.Events[k]; x.Op == p.Op && x.Verb == spec.Connect {
						near[p.Addr.String()] = x.Sock
					}
				}
			}
		}
	}
	return s
}

// has reports whether the event is about one of the subjects.
func (s subjects) has(e *spec.Event) bool {
	if s.ops[e.Op] || s.socks[e.Sock] || s.socks[e.Into] || s.peers[e.Peer] || s.ports[e.Port] || e.Kind == spec.SettleEvent {
		return true
	}
	return slices.ContainsFunc(e.Packets, func(p spec.PacketEvent) bool { return s.ops[p.Op] || s.socks[p.Sock] })
}
