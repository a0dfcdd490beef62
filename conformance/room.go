package conformance

import "github.com/ioconform/ioconform/spec"

const (
	roomMost = 1 << 16 // the most that is read at once where nobody says how much: 64 KiB, which no datagram exceeds
	roomKept = 1 << 17 // the most that is used again: a send that fills a real machine's buffers is made for itself, else its room would stay for all runs to come
)

// rooms is memory that the threads of a program read into and send from. The recorder keeps copies, so it is used again by the next call of its thread, and by the programs that follow.
type rooms struct {
	all  []*[]byte
	lent int // of these, to threads of the program that runs
}

func (r *rooms) lend() *[]byte {
	if r.lent == len(r.all) {
		r.all = append(r.all, new([]byte))
	}
	r.lent++
	return r.all[r.lent-1]
}

// room returns n bytes, all zero, until the thread asks again. They are zero since a back end that says it has received what it never wrote must not be believed because of what was
// there before.
func (t *thread) room(n int) []byte {
	if n > roomKept {
		return make([]byte, n)
	}
	if t.space == nil {
		t.p.mu.Lock()
		t.space = t.p.rooms.lend()
		t.p.mu.Unlock()
	}
	if len(*t.space) < n {
		*t.space = make([]byte, max(n, roomMost))
	}
	b := (*t.space)[:n]
	clear(b)
	return b
}

// ready returns room for so many events of a poller, likewise.
func (t *thread) ready(most int) []spec.Ready {
	if len(t.events) < most {
		t.events = make([]spec.Ready, most)
	}
	clear(t.events[:most])
	return t.events[:most]
}
