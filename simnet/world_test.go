package simnet

import (
	"hash/fnv"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ioconform/ioconform/simnet/simtest"
)

func run(t *testing.T, opts Options, main func(w *World)) Outcome {
	t.Helper()
	w := New(opts)
	t.Cleanup(w.Close)
	return w.Run(func() { main(w) })
}

// finish is run for programs that must complete.
func finish(t *testing.T, opts Options, main func(w *World)) {
	t.Helper()
	if out := run(t, opts, main); !out.OK() {
		t.Fatal(out)
	}
}

// fingerprint observes a run: every touch of every actor, and what the program says.
type fingerprint struct{ sum uint64 }

func (f *fingerprint) mix(vs ...uint64) {
	for _, v := range vs {
		f.sum = (f.sum ^ v) * 0x100000001b3
	}
}

func (f *fingerprint) Touched(by Actor, obj Object, write bool) {
	v := uint64(0)
	if write {
		v = 1
	}
	f.mix(uint64(by.Kind), uint64(by.ID), uint64(obj), v)
}

func echoFingerprints(seeds uint64) uint64 {
	f := new(fingerprint)
	w := New(Options{Observer: f})
	defer w.Close()
	e := newEcho(w, 2, 2, 2)
	sum := fnv.New64a()
	src := []interface {
		Source
		Seed(uint64)
	}{Uniform(0), Lazy(0)}
	for seed := range seeds {
		s := src[seed%2]
		s.Seed(seed)
		f.sum = 0
		w.Reset(s)
		out := w.Run(e.mainBody)
		f.mix(uint64(out.Steps), uint64(out.Now), uint64(out.Verdict), uint64(e.served), uint64(e.echoed))
		for i := range 8 {
			sum.Write([]byte{byte(f.sum >> (8 * i))})
		}
	}
	return sum.Sum64()
}

// goldenEcho is what echoFingerprints(1000) is on every machine. It changes when a step touches
// other objects than before, and else only when the simulator takes other steps or asks other
// choices, which makes recorded picks worthless; then put the number here that the test prints.
const goldenEcho = 0x7ee0573e04c3a7e9

func TestTheSameSourceGivesTheSameTraceWhateverGOMAXPROCS(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one := echoFingerprints(1000)
	runtime.GOMAXPROCS(2)
	two := echoFingerprints(1000)
	if one != two {
		t.Fatalf("GOMAXPROCS 1: %#x, 2: %#x", one, two)
	}
	if one != goldenEcho {
		t.Errorf("%#x, it was %#x: recorded picks mean something else now", one, uint64(goldenEcho))
	}
}

func TestAReplayedRecordingGivesTheIdenticalRun(t *testing.T) {
	f := new(fingerprint)
	w := New(Options{Observer: f})
	defer w.Close()
	e := newEcho(w, 2, 2, 2)
	rec, src, rep := Record(Dull()), Uniform(0), Replay(nil)
	for seed := range uint64(300) {
		src.Seed(seed)
		rec.Seed(src)
		f.sum = 0
		w.Reset(rec)
		first, firstSum := w.Run(e.mainBody), f.sum
		rep.Seed(slices.Clone(rec.Picks()))
		f.sum = 0
		w.Reset(rep)
		second := w.Run(e.mainBody)
		if first.Steps != second.Steps || firstSum != f.sum {
			t.Fatalf("seed %d: %v and %v", seed, first, second)
		}
		if at, bad := rep.Mismatch(); bad || rep.Used() != len(rec.Picks()) {
			t.Fatalf("seed %d: mismatch at %d, used %d of %d", seed, at, rep.Used(), len(rec.Picks()))
		}
	}
}

func TestAReplayThatDoesNotFitSaysSo(t *testing.T) {
	w := New(Options{})
	defer w.Close()
	e := newEcho(w, 1, 1, 1)
	rep := Replay([]uint32{0, 1000, 0})
	w.Reset(rep)
	w.Run(e.mainBody)
	if at, bad := rep.Mismatch(); !bad || at != 1 {
		t.Fatal(at, bad)
	}
}

func TestFuzzBytesPastTheirEndAreDull(t *testing.T) {
	w := New(Options{})
	defer w.Close()
	e := newEcho(w, 2, 2, 2)
	for _, b := range [][]byte{nil, {255}, {7, 200, 13, 99, 255, 0, 180}} {
		w.Reset(Bytes(b))
		if out := w.Run(e.mainBody); !out.OK() {
			t.Fatal(out)
		}
	}
}

func TestADeadlockNamesEachThreadAndItsCall(t *testing.T) {
	out := run(t, Options{}, func(w *World) {
		a, b := w.NewMutex(), w.NewMutex()
		w.Go("ab", func() { a.Lock(); w.Yield(); b.Lock() })
		w.Go("ba", func() { b.Lock(); w.Yield(); a.Lock() })
		w.Go("gone", func() {})
		k := w.NewKernel()
		ep, _ := k.EpollCreate()
		k.EpollWait(ep, make([]uint64, 1), make([]uint32, 1), -1)
	})
	text := out.String()
	for _, want := range []string{"deadlock after",
		"0 main: epoll_wait on descriptor 3", "1 ab: Lock of mutex 4, owner thread 2",
		"2 ba: Lock of mutex 3, owner thread 1", "3 gone: ended"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if out.Verdict != Deadlock {
		t.Error(out.Verdict)
	}
}

func TestAReportAfterResetDoesNotSpeakOfOtherThreads(t *testing.T) {
	w := New(Options{})
	defer w.Close()
	out := w.Run(func() { w.NewWaitQueue(FIFO).Park(Call{Format: "nothing"}, -1) })
	if !strings.Contains(out.String(), "main: nothing") {
		t.Error(out)
	}
	w.Reset(nil)
	if text := out.String(); !strings.Contains(text, "forgotten") {
		t.Error(text)
	}
}

func TestASpinLoopIsALivelockNotADeadlock(t *testing.T) {
	out := run(t, Options{StepCap: 500}, func(w *World) {
		w.Go("other", func() {
			for {
				w.Yield()
			}
		})
		for {
			w.Step()
		}
	})
	if out.Verdict != Livelock || out.Steps < 500 || out.Steps > 501 {
		t.Fatal(out)
	}
	if text := out.String(); !strings.Contains(text, "1 other: runnable") {
		t.Error(text)
	}
}

func TestYieldLetsTheOthersFirstAlsoUnderTheDullSource(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		done := false
		w.Go("other", func() { done = true })
		for !done {
			w.Yield()
		}
	})
}

func TestAPanicKeepsItsThreadValueAndStack(t *testing.T) {
	unwound := false
	out := run(t, Options{}, func(w *World) {
		w.Go("victim", func() {
			defer func() { unwound = true }()
			w.Sleep(time.Hour)
		})
		w.Go("culprit", func() {
			w.Sleep(time.Second)
			panicHere()
		})
		w.Sleep(time.Minute)
	})
	if out.Verdict != Panicked || out.Thread != "culprit" || out.Value != "boom" {
		t.Fatal(out)
	}
	if !strings.Contains(string(out.Stack), "panicHere") {
		t.Errorf("the stack does not show the place:\n%s", out.Stack)
	}
	if !unwound {
		t.Error("deferred calls of the other thread did not run")
	}
}

func panicHere() { panic("boom") }

func TestGoexitEndsTheRunAndNotItsCaller(t *testing.T) {
	w := New(Options{})
	defer w.Close()
	for range 3 { // the coroutine that left is replaced
		w.Reset(nil)
		deferred := false
		out := w.Run(func() {
			w.Go("leaver", func() {
				defer func() { deferred = true }()
				w.Step()
				runtime.Goexit() // what t.FailNow does
			})
			w.Sleep(time.Minute)
		})
		if out.Verdict != Exited || out.Thread != "leaver" || !deferred {
			t.Fatal(out, deferred)
		}
		if !strings.Contains(out.String(), "leaver left by runtime.Goexit") {
			t.Error(out)
		}
	}
}

func TestAThreadThatRecoversEverythingIsEndedAndNamed(t *testing.T) {
	before := runtime.NumGoroutine()
	w := New(Options{})
	for range 3 {
		w.Reset(nil)
		out := w.Run(func() {
			w.Go("stubborn", func() {
				for {
					func() {
						defer func() { recover() }()
						w.Sleep(time.Hour)
					}()
				}
			})
			w.Step()
			w.Settle()
		})
		if !out.OK() || !slices.Equal(out.Stuck, []string{"stubborn"}) {
			t.Fatal(out)
		}
	}
	w.Close()
	settleGoroutines(t, before)
}

func TestAThreadThatNeverRanIsNotStartedByTheUnwinding(t *testing.T) {
	ran := false
	finish(t, Options{}, func(w *World) {
		w.Go("late", func() { ran = true })
	})
	if ran {
		t.Error("it ran")
	}
}

func TestDeferredCallsOfAnUnwoundThreadHaveNoEffect(t *testing.T) {
	var errno int
	seen := false
	finish(t, Options{}, func(w *World) {
		k := w.NewKernel()
		fd, _ := k.Socket(4)
		m := w.NewMutex()
		w.Go("held", func() {
			m.Lock()
			defer m.Unlock()
			defer func() {
				seen = w.Unwinding()
				errno = k.Close(fd)
				m.Lock() // would be a deadlock
				w.Sleep(time.Hour)
				w.Go("never", func() { t.Error("started") })
			}()
			w.Settle()
			w.Settle()
			w.Sleep(time.Hour)
		})
		w.Settle()
	})
	if !seen || errno != int(ECANCELED) {
		t.Error(seen, errno)
	}
}

func TestStopEndsTheRunWhereItIsCalled(t *testing.T) {
	out := run(t, Options{}, func(w *World) {
		w.Go("judge", func() {
			w.Stop()
			t.Error("came back")
		})
		w.Settle()
		t.Error("went on")
	})
	if out.Verdict != Stopped {
		t.Error(out)
	}
}

func TestNoGoroutineIsLeftAfterClose(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 20 {
		w := New(Options{})
		e := newEcho(w, 4, 4, 1)
		w.Run(e.mainBody)
		w.Reset(Uniform(1))
		w.Run(e.mainBody)
		w.Close()
	}
	settleGoroutines(t, before)
}

// settleGoroutines waits for goroutines that have done their work but are not gone yet.
func settleGoroutines(t *testing.T, want int) {
	t.Helper()
	for range 200 {
		if runtime.NumGoroutine() <= want {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), want)
}

func TestAbortedRunsDoNotLeak(t *testing.T) {
	runs := 100_000 / simtest.Every(5)
	if testing.Short() {
		runs = 5000
	}
	before := runtime.NumGoroutine()
	w := New(Options{StepCap: 25}) // in the middle of everything
	e := newEcho(w, 2, 2, 2)
	src := Uniform(0)
	some := func() {
		src.Seed(src.state.next())
		w.Reset(src)
		w.Run(e.mainBody)
	}
	for range 100 {
		some()
	}
	var m0, m1 runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m0)
	for range runs {
		some()
	}
	runtime.GC()
	runtime.ReadMemStats(&m1)
	if grown := int64(m1.HeapAlloc) - int64(m0.HeapAlloc); grown > 1<<20/int64(simtest.Every(5)) {
		t.Errorf("%d runs left %d bytes", runs, grown)
	}
	if n := runtime.NumGoroutine(); n > before+5 {
		t.Errorf("%d goroutines, %d before", n, before)
	}
	w.Close()
	settleGoroutines(t, before)
}

func TestASteadyStateRunAllocatesNothing(t *testing.T) {
	w := New(Options{})
	defer w.Close()
	e := newEcho(w, 2, 2, 2)
	src := Uniform(0)
	seed := uint64(0)
	once := func() {
		seed = (seed + 1) % 64
		src.Seed(seed)
		w.Reset(src)
		if out := w.Run(e.mainBody); !out.OK() {
			t.Fatal(out)
		}
	}
	for range 200 {
		once()
	}
	if n := testing.AllocsPerRun(500, once); n != 0 {
		t.Errorf("%v allocations a run", n)
	}
}

func TestTooManyThreadsIsAClearPanic(t *testing.T) {
	out := run(t, Options{}, func(w *World) {
		for range MaxThreads {
			w.Go("t", func() {})
		}
	})
	if out.Verdict != Panicked || out.Value != "simnet: more than 64 threads in one run" {
		t.Error(out)
	}
}

func TestSixtyFourThreadsAndAsManyConnectionsAreEnough(t *testing.T) {
	finish(t, Options{Source: Uniform(3), StepCap: 1 << 20}, func(w *World) {
		l := w.NewSock()
		l.Bind(testAddr)
		l.Listen(200)
		for range MaxThreads - 1 {
			w.Go("client", func() {
				for range 2 {
					w.NewSock().Connect(testAddr)
					w.Step()
				}
			})
		}
		w.Settle()
		for range 2 * (MaxThreads - 1) {
			if _, e := l.Accept(); e != OK {
				t.Fatal(e)
			}
		}
	})
}

func TestBlockingOutsideRunIsAClearPanic(t *testing.T) {
	w := New(Options{})
	defer w.Close()
	for name, call := range map[string]func(){
		"Sleep blocks":      func() { w.Sleep(1) },
		"Settle blocks":     func() { w.Settle() },
		"Park blocks":       func() { w.NewWaitQueue(FIFO).Park(Call{}, -1) },
		"Go outside Run":    func() { w.Go("x", func() {}) },
		"Run needs a Reset": func() { w.Run(func() {}); w.Run(func() {}) },
	} {
		func() {
			defer func() {
				if text, _ := recover().(string); !strings.Contains(text, name) {
					t.Errorf("%s: %q", name, text)
				}
			}()
			call()
		}()
	}
}

func TestFixturesMayBeBuiltBeforeRun(t *testing.T) {
	w := New(Options{})
	defer w.Close()
	k := w.NewKernel()
	fd, _ := k.Socket(4)
	must(k.Bind(fd, testAddr))
	must(k.Listen(fd, 1))
	out := w.Run(func() {
		c := w.NewSock()
		c.Connect(testAddr)
		w.Settle()
		if _, _, errno := k.Accept(fd); errno != 0 {
			t.Error(Errno(errno))
		}
	})
	if !out.OK() {
		t.Fatal(out)
	}
}
