package spec

import (
	"math"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
)

// Messages name a thread by its name, where it has one.
func TestThreadsAreNamed(t *testing.T) {
	l := newLedger()
	l.reset(&Trace{Threads: []string{"main", ""}})
	for i, want := range map[int32]string{0: "thread main", 1: "a thread", -1: "a thread", 2: "a thread"} {
		if got := l.threadName(i); got != want {
			t.Errorf("thread %d is called %q, want %q", i, got, want)
		}
	}
}

// A page that is put away gives up room that was made for many bytes, whichever they were.
func TestLittleRoomIsKept(t *testing.T) {
	for _, log := range []int{0, 100, 3000, 10_000} {
		for _, held := range []int{0, 100, 3000, 10_000} {
			c := conn{log: make([]byte, log), held: make([]byte, held)}
			c.letGo()
			kept := cap(c.log) + cap(c.held)
			if len(c.log)+len(c.held) != 0 || kept > 1<<12 || log+held <= 1<<12 && kept < log+held {
				t.Errorf("of %d and %d bytes %d and %d are left in room for %d", log, held, len(c.log), len(c.held), kept)
			}
		}
	}
}

// Of the latest operations it is known how each ended, whether tokens are small numbers or addresses, and of those of an earlier trace nothing.
func TestRecentEndsAreKnown(t *testing.T) {
	for _, step := range []uint64{1, 16, 4096, 1 << 32} {
		e := new(recentEnds)
		why := func(i uint64) ending { return packetTaken + ending(i%uint64(eventSeen)) }
		for range 2 {
			e.reset()
			for i := range uint64(4096) {
				if got := e.of(step * (i + 1)); got != neverStarted {
					t.Fatalf("token %#x of an earlier trace ended as %d", step*(i+1), got)
				}
			}
			for i := range uint64(4096) {
				e.add(step*(i+1), uint32(i+1), why(i))
				if got := e.of(step * (i + 1)); got != why(i) {
					t.Fatalf("token %#x ended as %d, want %d", step*(i+1), got, why(i))
				}
			}
			wrong, forgotten := 0, 0
			for i := range uint64(4096) {
				switch e.of(step * (i + 1)) {
				case why(i):
				case neverStarted:
					forgotten++
				default:
					wrong++
				}
				if !e.ended(uint32(i + 1)) {
					t.Fatalf("operation %d is not known to have ended", i+1)
				}
			}
			if wrong > 0 || forgotten > 40 {
				t.Errorf("tokens %#x apart: of 4096 ends %d are told wrongly, and %d are forgotten", step, wrong, forgotten)
			}
		}
	}
}

// What is forgotten of the posts that were taken changes no answer: whether a later wait's post was posted before one that was taken out earlier, and in time whether a port was dry.
func TestForgettingTakenPostsChangesNoAnswer(t *testing.T) {
	inversions, dropped, l := 0, 0, newLedger()
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 7))
		all, few := &port{pruneAt: math.MaxInt}, &port{}
		q := uint64(0)
		next := func() uint64 { q++; return q }
		var posts []*op
		var waits []*wait
		for range 150 {
			switch k := rng.IntN(10); {
			case k < 4:
				posts = append(posts, &op{verb: Post, start: span{next(), open}})
			case k < 6:
				for _, o := range posts { // the return of one that is under way
					if o.start.r == open && rng.IntN(2) == 0 {
						o.start.r = next()
						break
					}
				}
			case k < 8 && len(waits) < 3:
				w := &wait{span: span{next(), open}}
				waits = append(waits, w)
				all.waits, few.waits = waits, waits
			case len(waits) > 0 && len(posts) > 0:
				w := waits[rng.IntN(len(waits))]
				w.span.r = next()
				waits = without(waits, w)
				all.waits, few.waits = waits, waits
				ahead := 0
				for range 1 + rng.IntN(2) {
					if len(posts) == 0 {
						break
					}
					o := posts[rng.IntN(min(len(posts), 3))]
					posts = without(posts, o)
					o.taken = w.span
					few.pruneAt = len(few.gone) + rng.IntN(3)
					a, b := all.inverted(o, ahead), few.inverted(o, ahead)
					if (a == nil) != (b == nil) {
						t.Fatalf("seed %d: a post of %v, taken by %v, overtaken by %v; with less remembered by %v\n%v\n%v", seed, o.start, o.taken, a, b, all.gone, few.gone)
					}
					naive := false
					for i, g := range all.gone {
						naive = naive || o.start.before(g.post) && (g.taken.before(o.taken) || i >= len(all.gone)-ahead)
					}
					if (a != nil) != naive {
						t.Fatalf("seed %d: a post of %v, taken by %v, is told as overtaken by %v\n%v", seed, o.start, o.taken, a, all.gone)
					}
					if a != nil {
						inversions++
						if !o.start.before(b.post) || !o.start.before(a.post) {
							t.Fatalf("seed %d: a post of %v was not overtaken by %v, nor by %v", seed, o.start, a, b)
						}
					}
					all.took(o)
					few.took(o)
					ahead++
				}
				w.status = Is(TimedOut)
				for _, x := range waits {
					x := wait{span: span{x.span.c, q + 1}}
					if a, b := all.dry(l, &x), few.dry(l, &x); a != b {
						t.Fatalf("seed %d: a wait %v found the port %d, with less remembered %d\n%v\n%v", seed, x.span, a, b, all.gone, few.gone)
					}
				}
			}
		}
		dropped += len(all.gone) - len(few.gone)
	}
	if inversions < 100 || dropped < 1000 {
		t.Errorf("%d posts were overtaken, %d forgotten", inversions, dropped)
	}
}

// A datagram goes to the box of its address, or to that of the socket that is bound to every address of its family.
func TestADatagramGoesToTheBoxOfItsAddress(t *testing.T) {
	a := func(s string) netip.AddrPort { return netip.MustParseAddrPort(s) }
	l := newLedger()
	l.reset(&Trace{})
	four, six, far, own := &sock{net: UDP4}, &sock{net: UDP6}, &station{}, &sock{net: UDP4}
	l.boundTo(four, a("0.0.0.0:80"), span{1, 2})
	l.boundTo(six, a("[::]:81"), span{3, 4})
	x := l.newBox(a("127.0.0.1:80"), span{5, 6})
	x.station = far
	l.boundTo(own, a("127.0.0.2:80"), span{7, 8})
	for address, want := range map[string]*box{"127.0.0.1:80": x, "127.0.0.2:80": own.box, "127.0.0.3:80": four.box, "[::1]:81": six.box} {
		if got := l.boxAt(a(address)); got != want {
			t.Errorf("%s leads to the box of %v, want that of %v", address, got.addr, want.addr)
		}
	}
	for _, address := range []string{"[::1]:80", "127.0.0.1:81", "127.0.0.1:82"} {
		if got := l.boxAt(a(address)); got.sock != nil || got.station != nil || got.addr != a(address) {
			t.Errorf("%s, which is nobody's, leads to the box of %v", address, got.addr)
		}
	}
}

// A box keeps so many datagrams, the latest, and then knows that it has dropped some.
func TestABoxKeepsTheLatestDatagrams(t *testing.T) {
	l := newLedger()
	l.reset(&Trace{Data: DataBytes})
	to := netip.MustParseAddrPort("127.0.0.1:80")
	var latest []*dgram
	for i := range 3 * boxMost {
		d := l.mail(to, &dgram{data: []byte{1}}, true)
		latest = append(latest, d)
		b := l.boxAt(to)
		if len(b.sent) > boxMost || b.cut != (i >= boxMost) || !slices.Equal(b.sent, latest[len(latest)-len(b.sent):]) || len(b.sent) < min(i+1, boxMost/2) {
			t.Fatalf("after %d datagrams the box has %d", i+1, len(b.sent))
		}
	}
}
