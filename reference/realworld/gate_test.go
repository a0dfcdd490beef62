package realworld

import (
	"fmt"
	"sync/atomic"
	"testing"
)

func TestAGateIsClosedUntilItIsOpened(t *testing.T) {
	w := open(t)
	g := w.Gate()
	var passed, early atomic.Bool
	err := w.Run(func() {
		w.Go("waits", func() {
			g.Pass()
			passed.Store(true)
		})
		w.Settle()
		early.Store(passed.Load())
		g.Open()
	})
	if err != nil || early.Load() || !passed.Load() {
		t.Errorf("error %v, passed before Open: %t, after: %t", err, early.Load(), passed.Load())
	}
}

func TestAnOpenIsKeptForALaterPass(t *testing.T) {
	w := open(t)
	err := w.Run(func() {
		g := w.Gate()
		g.Open()
		g.Open()
		g.Pass()
		g.Pass()
	})
	if err != nil {
		t.Error(err)
	}
}

func TestEachOpenLetsExactlyOnePassThrough(t *testing.T) {
	w := open(t)
	const threads = 8
	var passed atomic.Int32
	err := w.Run(func() {
		g := w.Gate()
		for i := range threads {
			w.Go(fmt.Sprint("t", i), func() {
				g.Pass()
				passed.Add(1)
			})
		}
		for i := range threads {
			g.Open()
			w.Settle()
			if n := int(passed.Load()); n != i+1 {
				t.Errorf("%d passed after %d opens", n, i+1)
			}
		}
	})
	if err != nil {
		t.Error(err)
	}
}

func TestAGateOrdersMemory(t *testing.T) {
	w := open(t)
	var x int // plain on purpose: the race detector is the judge
	err := w.Run(func() {
		there, back := w.Gate(), w.Gate()
		w.Go("other", func() {
			there.Pass()
			x++
			back.Open()
		})
		x++
		there.Open()
		back.Pass()
		x++
	})
	if err != nil || x != 3 {
		t.Errorf("x is %d, error %v", x, err)
	}
}
