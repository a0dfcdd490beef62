package simnet

import (
	"runtime"
	"testing"
	"time"
	"weak"
)

// Whoever makes a world may drop it without a word, as a target's pool does that is dropped itself: it goes with all that its runs had, and so do its goroutines.
func TestAWorldThatNobodyHasIsCollected(t *testing.T) {
	before := runtime.NumGoroutine()
	var worlds []weak.Pointer[World]
	for _, main := range []func(w *World){
		func(w *World) {
			w.Go("short", func() { w.Step() })
			w.Settle()
		},
		func(w *World) {
			w.Go("cut", func() { w.Sleep(time.Hour) })
			w.Settle()
			w.Go("late", func() { w.Step() })
		},
		func(w *World) {
			w.Go("leaver", runtime.Goexit)
			w.Settle()
		},
	} {
		for range 2 {
			w := New(Options{})
			worlds = append(worlds, weak.Make(w))
			w.Run(func() { main(w) })
			w.Reset(nil)
			w.Run(func() { main(w) })
		}
	}
	for range 1000 { // far more than it takes
		runtime.GC()
		left := 0
		for _, w := range worlds {
			if w.Value() != nil {
				left++
			}
		}
		if left == 0 && runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
	for i, w := range worlds {
		if w.Value() != nil {
			t.Errorf("world %d is there", i)
		}
	}
}

// What a run had goes with the next collection, though its world stays.
func TestAWorldKeepsNothingOfTheThreadsOfItsRun(t *testing.T) {
	w := New(Options{})
	defer w.Close()
	had := make([]weak.Pointer[[64]int], 3)
	body := func(i int, do func()) func() {
		x := new([64]int)
		had[i] = weak.Make(x)
		return func() { do(); x[0]++ }
	}
	w.Run(body(0, func() {
		w.Go("cut", body(1, func() { w.Sleep(time.Hour) }))
		w.Settle()
		w.Go("late", body(2, func() {}))
	}))
	runtime.GC()
	for i, x := range had {
		if x.Value() != nil {
			t.Errorf("what thread %d had is kept", i)
		}
	}
}
