package realworld

import (
	"fmt"
	"net"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// open returns a world that is closed with the test, after which nothing of this package may be left running.
func open(t *testing.T) *World {
	t.Helper()
	t.Cleanup(func() { nothingLeft(t) })
	w, err := New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return w
}

// openFast is open with a canary that counts 40 rounds a millisecond without making one, for tests that outlast patience.
func openFast(t *testing.T) *World {
	t.Helper()
	t.Cleanup(func() { nothingLeft(t) })
	near, far := net.Pipe()
	c := &canary{near: near, far: far, dead: make(chan struct{}), quit: make(chan struct{}), users: 1}
	c.all.Go(func() {
		for {
			select {
			case <-c.quit:
				return
			case <-time.After(time.Millisecond):
				c.rounds.Add(40)
			}
		}
	})
	w := newWorld(c, 1)
	t.Cleanup(func() { w.Close() })
	return w
}

// nothingLeft fails the test if a goroutine of this package is still there, apart from the one that asks.
func nothingLeft(t *testing.T) {
	t.Helper()
	var left []string
	for range 500 {
		left = goroutinesHere()
		if len(left) == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines are left:\n%s", len(left), strings.Join(left, "\n\n"))
}

func goroutinesHere() (left []string) {
	dump := make([]byte, 1<<20)
	dump = dump[:runtime.Stack(dump, true)]
	for _, stack := range strings.Split(string(dump), "\n\n")[1:] {
		if strings.Contains(stack, "/realworld.") && !strings.Contains(stack, "testing.tRunner") {
			left = append(left, stack)
		}
	}
	return left
}

func TestStampsAreTheNumbersFromOneEachDrawnOnce(t *testing.T) {
	w := open(t)
	const threads, each = 4, 1000
	var mu sync.Mutex
	var all []uint64
	err := w.Run(func() {
		for i := range threads {
			w.Go(fmt.Sprint("t", i), func() {
				mine := make([]uint64, each)
				for j := range mine {
					mine[j] = w.Stamp()
				}
				if !slices.IsSorted(mine) {
					t.Error("a thread drew a smaller number after a larger one")
				}
				mu.Lock()
				all = append(all, mine...)
				mu.Unlock()
			})
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	for i, n := range all {
		if n != uint64(i+1) {
			t.Fatalf("number %d of all drawn is %d", i+1, n)
		}
	}
}

func TestNowGrowsAndChoicesAreDull(t *testing.T) {
	w := open(t)
	before := w.Now()
	time.Sleep(time.Millisecond)
	if after := w.Now(); after-before < time.Millisecond {
		t.Errorf("Now went from %v to %v in a millisecond", before, after)
	}
	if w.Controlled() || w.Pick(7) != 0 {
		t.Error("the real machine claims to decide something")
	}
}

func TestSettleSeesSomeRounds(t *testing.T) {
	w := open(t)
	if n := w.Settle(); n < settleRounds {
		t.Errorf("settled after %d rounds, want at least %d", n, settleRounds)
	}
}

func TestWorldsShareOneCanaryWhichEndsWithTheLast(t *testing.T) {
	a := open(t)
	b := open(t)
	if a.canary != b.canary {
		t.Error("two worlds have a canary each")
	}
	a.Close()
	if n := b.Settle(); n < settleRounds {
		t.Errorf("after the first world was closed the second settled with %d rounds", n)
	}
	b.Close()
	if left := goroutinesHere(); len(left) > 0 {
		t.Errorf("after the last Close had returned there were %d goroutines:\n%s", len(left), strings.Join(left, "\n\n"))
	}
	c := open(t)
	if c.canary == a.canary {
		t.Error("a world got a canary that had been stopped")
	}
	c.Settle()
}

func TestCloseReleasesEndpointsAndMayBeCalledAgain(t *testing.T) {
	w := open(t)
	l, err := w.Listen(0, false)
	if err != nil {
		t.Fatal(err)
	}
	p, err := w.Peer(0)
	if err != nil {
		t.Fatal(err)
	}
	if st := p.Connect(l.Addr(), -1); !st.Ok() {
		t.Fatal(st)
	}
	reading := make(chan string)
	go func() {
		_, st := p.Read(make([]byte, 1), -1)
		reading <- st.String()
	}()
	w.Settle()
	w.Close()
	if st := <-reading; st != "closed" {
		t.Errorf("a Read that was blocked during Close answered %s, want closed", st)
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	if _, err := w.Peer(0); err == nil {
		t.Error("a closed world made a peer")
	}
	if _, err := w.Listen(0, true); err == nil {
		t.Error("a closed world made a listener")
	}
}
