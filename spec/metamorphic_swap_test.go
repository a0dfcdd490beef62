package spec

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// Exchanging two calls that follow each other, or two returns, of different threads and different objects changes no precedence, and no
// verdict.
func TestSwap(t *testing.T) {
	c := NewChecker()
	swaps := 0
	forRandomTraces(t, func(name string, trace *Trace, broken []string, rng *rand.Rand) {
		other, done := swap(trace, rng)
		if swaps += done; done == 0 {
			return
		}
		if got := judged(c, other); !slices.Equal(got, broken) {
			_, why := brokenBy(c.Check(other))
			t.Errorf("%s: broken were %v, after %d swaps %v\n%s\n%s\n%s", name, broken, done, got, strings.Join(why, "\n"), write(t, trace), write(t, other))
		}
	})
	t.Logf("%d swaps", swaps)
}

// Exchanging two calls that follow each other, or two returns, of different threads does not change whether a rule is broken, although they are about the
// same: which of two calls was made first is no precedence, and a search that reduces takes the one for the other. What else is broken after the first
// fault may differ, for the ledger adopts what it saw.
func TestSwapOfTheSame(t *testing.T) {
	changesNothing(t, func(*Trace) func(a, b *Event) bool {
		return func(a, b *Event) bool { return a.Kind == b.Kind }
	})
}

// Nor does the order of a call and a return that are about different things, where a socket is not the same as its port: by this, too, a search that
// reduces tells which events have to do with each other (reference/simworld, witness.go).
func TestSwapAcross(t *testing.T) {
	changesNothing(t, func(trace *Trace) func(a, b *Event) bool {
		about := connections(trace)
		for k := range about {
			if strings.HasPrefix(k, "port of ") {
				delete(about, k)
			}
		}
		return func(a, b *Event) bool { return a.Kind != b.Kind && !shared(about, a, b) }
	})
}

// changesNothing exchanges neighbours that may be, and compares whether a rule is broken.
func changesNothing(t *testing.T, may func(*Trace) func(a, b *Event) bool) {
	c := NewChecker()
	swaps := 0
	forRandomTraces(t, func(name string, trace *Trace, broken []string, rng *rand.Rand) {
		other, done := exchange(trace, rng, may(trace))
		swaps += done
		if got := judged(c, other); (len(got) == 0) != (len(broken) == 0) {
			_, why := brokenBy(c.Check(other))
			t.Errorf("%s: broken were %v, after %d exchanges %v\n%s\n%s\n%s", name, broken, done, got, strings.Join(why, "\n"), write(t, trace), write(t, other))
		}
	})
	t.Logf("%d exchanges", swaps)
}

func swapped(trace *Trace, rng *rand.Rand) *Trace {
	other, _ := swap(trace, rng)
	return other
}

// swap returns the trace with some of its events exchanged, and how many.
func swap(trace *Trace, rng *rand.Rand) (*Trace, int) {
	about := connections(trace)
	return exchange(trace, rng, func(a, b *Event) bool { return a.Kind == b.Kind && !shared(about, a, b) })
}

// exchange exchanges calls and returns that follow each other, of different threads, where it may.
func exchange(trace *Trace, rng *rand.Rand, may func(a, b *Event) bool) (*Trace, int) {
	other := *trace
	other.Events = slices.Clone(trace.Events)
	done := 0
	for range 3 * len(other.Events) {
		i := rng.IntN(len(other.Events) - 1)
		a, b := &other.Events[i], &other.Events[i+1]
		if a.Kind > ReturnEvent || b.Kind > ReturnEvent || a.Thread == b.Thread || !may(a, b) {
			continue
		}
		*a, *b = *b, *a
		a.Q, b.Q = b.Q, a.Q
		done++
	}
	return &other, done
}

// objects of an event: ports, and connections, of which each stands for its socket, far end and operations.
type objects map[string]bool

// connections tells, for sockets, far ends and operations, to which connection they belong. The listener belongs to all.
func connections(trace *Trace) map[string]string {
	of := map[string]string{}
	addr := map[string]string{}
	for i := range trace.Events {
		e := &trace.Events[i]
		if e.Verb == PeerConnect && e.Kind == ReturnEvent {
			addr[e.Addr.String()] = fmt.Sprint("c", e.Peer)
		}
	}
	for i := range trace.Events {
		e := &trace.Events[i]
		for _, p := range e.Packets {
			if p.Sock != 0 {
				of[fmt.Sprint("s", p.Sock)] = addr[p.Addr.String()]
			}
		}
	}
	for i := range trace.Events {
		e := &trace.Events[i]
		if e.Op != 0 {
			of[fmt.Sprint("t", e.Token)] = fmt.Sprint("s", e.Sock)
		}
		if e.Peer != 0 {
			of[fmt.Sprint("c", e.Peer)] = fmt.Sprint("c", e.Peer)
		}
		if e.Verb == Associate && e.Kind == CallEvent {
			of[fmt.Sprint("port of s", e.Sock)] = fmt.Sprint("p", e.Port)
		}
	}
	return of
}

func shared(of map[string]string, a, b *Event) bool {
	x, y := objectsOf(of, a), objectsOf(of, b)
	for o := range x {
		if y[o] {
			return true
		}
	}
	return false
}

func objectsOf(of map[string]string, e *Event) objects {
	o := objects{}
	sock := func(s string) {
		o[s], o[of["port of "+s]] = true, true
		if c := of[s]; c != "" {
			o[c] = true
		}
	}
	if e.Sock != 0 {
		sock(fmt.Sprint("s", e.Sock))
	}
	if e.Port != 0 {
		o[fmt.Sprint("p", e.Port)] = true
	}
	if e.Peer != 0 {
		o[fmt.Sprint("c", e.Peer)] = true
		if e.Verb == PeerConnect {
			sock("s1")
		}
	}
	for _, p := range e.Packets {
		o[fmt.Sprint("t", p.Token)] = true
		sock(of[fmt.Sprint("t", p.Token)])
		if p.Sock != 0 {
			sock(fmt.Sprint("s", p.Sock))
		}
	}
	delete(o, "")
	return o
}

// introduces reports whether the packets of e bring the socket.
func introduces(e *Event, sock uint32) bool {
	return slices.ContainsFunc(e.Packets, func(p PacketEvent) bool { return p.Sock != 0 && p.Sock == sock })
}

// setupEvents is the number of events before there is a port, a listener and its association.
const setupEvents = 10
