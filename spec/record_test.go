package spec

import (
	"net/netip"
	"testing"
)

// A recorder that is used again keeps the memory of ordinary operations, not that of the largest sends it has ever recorded.
func TestARecorderDoesNotKeepWhatIsLarge(t *testing.T) {
	r := &Recorder{}
	for range 8 {
		r.keep(make([]byte, 8<<20))
		r.keep([]byte("small"))
	}
	if n := cap(r.bytes); n == 0 || n > mostRoom {
		t.Errorf("an arena of %d bytes is kept; want some, and at most %d", n, mostRoom)
	}
}

// stillWorld is one in which nothing is recorded but by hand.
type stillWorld struct{ World }

func (stillWorld) Loopback(Network) netip.AddrPort { return netip.AddrPort{} }
func (stillWorld) Controlled() bool                { return false }

// What its last program has left in events and operations that wait to be used again, a recorder lets go of, and a checker of what it has seen: else a campaign of
// runs that are now long and now short holds on to the bytes of each that was the longest so far.
func TestWhatWaitsToBeUsedAgainHoldsNoBytes(t *testing.T) {
	r, c := NewRecorder(stillWorld{}, nil, About{World: "real"}), NewChecker()
	for range 3 { // the memory of an arena that has been outgrown is what would be held on to
		r.enter(&Event{Kind: CallEvent, Verb: PeerConnect, Peer: 1})
		r.enter(&Event{Kind: ReturnEvent, Verb: PeerConnect, Peer: 1})
		r.enter(&Event{Kind: CallEvent, Verb: PeerSend, Peer: 1, Len: 2 * logKept, Data: make([]byte, 2*logKept)})
		for range 20 {
			o := r.NewOp(Send, mostRoom/4)
			r.enter(&Event{Kind: CallEvent, Verb: Send, Op: o.ID, Sock: 1, Len: len(o.Buf), Data: o.Buf})
		}
	}
	c.Check(&r.trace)
	if len(c.ledger.connPages.pages) == 0 || len(c.ledger.opPages.pages) == 0 {
		t.Fatal("the checker has seen nothing")
	}
	r.Reset(stillWorld{}, nil, About{World: "real"})
	c.Begin(&r.trace)
	for i, e := range r.trace.Events[:cap(r.trace.Events)] {
		if e.Data != nil {
			t.Fatalf("event %d holds on to %d bytes", i, len(e.Data))
		}
	}
	for i, o := range r.ops {
		if o.Buf != nil {
			t.Fatalf("operation %d holds on to %d bytes", i, len(o.Buf))
		}
	}
	for _, x := range c.ledger.connPages.pages {
		if cap(x.log) > logKept {
			t.Errorf("a page has room for %d bytes of a stream", cap(x.log))
		}
	}
	for _, o := range c.ledger.opPages.pages {
		if o.data != nil || o.bytes != nil {
			t.Error("the checker holds on to the bytes of an operation")
		}
	}
}
