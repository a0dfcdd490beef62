package conformance

import (
	"sync"
	"testing"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// callback is a port that calls back.
type callback struct {
	spec.Port
	fn      func(int, spec.Packet)
	flushed int
	due     []spec.Packet // delivered by the next Flush
}

func (c *callback) Deliver(fn func(int, spec.Packet)) { c.fn = fn }
func (c *callback) Close() spec.Status                { return spec.Status{} }

func (c *callback) Flush() {
	c.flushed++
	for _, k := range c.due {
		c.fn(0, k)
	}
	c.due = nil
}

type callbackBackend struct {
	spec.Backend
	port *callback
}

func (b callbackBackend) Port(int) (spec.Port, spec.Status) { return b.port, spec.Status{} }

func pulledFrom(c *callback) spec.Port {
	p, _ := pulled{callbackBackend{port: c}}.Port(0)
	return p
}

func TestPacketsThatWereDeliveredAreTakenInOrder(t *testing.T) {
	c := &callback{}
	p := pulledFrom(c)
	for i := range 5 {
		c.fn(i%2, spec.Packet{Token: uint64(i)})
	}
	dst := make([]spec.Packet, 3)
	for _, want := range [][]uint64{{0, 1, 2}, {3, 4}} {
		n, st := p.Wait(dst, 0)
		if !st.Ok() || n != len(want) {
			t.Fatalf("%d, %s", n, st)
		}
		for i, token := range want {
			if dst[i].Token != token {
				t.Errorf("packet %d is %d, want %d", i, dst[i].Token, token)
			}
		}
	}
}

// Nothing is said to have come before it was made sure that nothing is under way.
func TestAWaitInVainAsksForWhatIsUnderWay(t *testing.T) {
	c := &callback{}
	p := pulledFrom(c)
	if n, st := p.Wait(make([]spec.Packet, 1), 0); n != 0 || st.Code != spec.TimedOut || c.flushed != 1 {
		t.Errorf("%d, %s, flushed %d times", n, st, c.flushed)
	}
	c.due = []spec.Packet{{Token: 7}}
	if n, st := p.Wait(make([]spec.Packet, 1), time.Millisecond); n != 1 || !st.Ok() {
		t.Errorf("%d, %s: what was under way did not come", n, st)
	}
}

func TestClosingEndsTheWaitsOfAPortThatCallsBack(t *testing.T) {
	c := &callback{}
	p := pulledFrom(c)
	var all sync.WaitGroup
	began := make(chan struct{}, 2)
	for range 2 {
		all.Go(func() {
			began <- struct{}{}
			if n, st := p.Wait(make([]spec.Packet, 1), -1); n != 0 || st.Code != spec.Abandoned && st.Code != spec.Closed {
				t.Errorf("%d, %s", n, st)
			}
		})
	}
	<-began
	<-began
	if st := p.Close(); !st.Ok() {
		t.Error(st)
	}
	all.Wait()
	c.fn(0, spec.Packet{}) // too late
	if n, st := p.Wait(make([]spec.Packet, 1), 0); n != 0 || st.Code != spec.Closed {
		t.Errorf("%d, %s", n, st)
	}
}
