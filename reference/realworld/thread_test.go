package realworld

import (
	"errors"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

// failsWith checks that err says every one of words.
func failsWith(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error; want one that says %q", words)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("the error does not say %q:\n%v", word, err)
		}
	}
}

func TestRunReturnsWhenEveryThreadHasEnded(t *testing.T) {
	w := open(t)
	var ended atomic.Int32
	err := w.Run(func() {
		w.Go("child", func() {
			w.Settle()
			w.Go("grandchild", func() {
				w.Settle()
				ended.Add(1)
			})
			ended.Add(1)
		})
	})
	if err != nil || ended.Load() != 2 {
		t.Errorf("Run returned %v with %d of 2 threads ended", err, ended.Load())
	}
}

func TestRunMayBeCalledAgain(t *testing.T) {
	w := open(t)
	failsWith(t, w.Run(func() { panic("once") }), "once")
	if err := w.Run(func() {}); err != nil {
		t.Errorf("the second run inherited %v", err)
	}
	if err := w.Run(func() { failsWith(t, w.Run(func() {}), "another Run") }); err != nil {
		t.Error(err)
	}
	w.Close()
	failsWith(t, w.Run(func() {}), "closed world")
}

func TestAPanicMakesRunReturnAnErrorWithNameAndStack(t *testing.T) {
	for _, name := range []string{"main", "worker"} {
		t.Run(name, func(t *testing.T) {
			w := open(t)
			err := w.Run(func() {
				if name == "main" {
					blowUp()
				}
				w.Go(name, blowUp)
			})
			failsWith(t, err, `"`+name+`"`, "kaboom", "blowUp", "thread_test.go")
		})
	}
}

func blowUp() { panic(errors.New("kaboom")) }

func TestEveryPanicIsReported(t *testing.T) {
	w := open(t)
	err := w.Run(func() {
		w.Go("a", func() { panic("first") })
		w.Go("b", func() { panic("second") })
	})
	failsWith(t, err, `"a"`, "first", `"b"`, "second")
}

func TestAThreadThatLeavesByGoexitIsReported(t *testing.T) {
	w := open(t)
	failsWith(t, w.Run(func() { runtime.Goexit() }), `"main"`, "Goexit")
}

func TestThreadsThatHangAreNamedWithTheirStacks(t *testing.T) {
	w := openFast(t)
	never := w.Gate()
	err := w.Run(func() {
		w.Go("sleeper", never.Pass)
		w.Go("worker", func() { w.Settle() })
	})
	failsWith(t, err, "stuck", `"sleeper"`, "(*gate).Pass")
	if strings.Contains(err.Error(), "worker") {
		t.Errorf("a thread that ended is named:\n%v", err)
	}
}

func TestAMainThreadThatHangsIsNamed(t *testing.T) {
	w := openFast(t)
	failsWith(t, w.Run(func() { w.Gate().Pass() }), "stuck", `"main"`)
}

// A call of a far end that has a limit ends by itself, however long it takes: nobody is stuck meanwhile. What it came to is for the program to tell.
func TestALongCallOfAFarEndIsNotStuck(t *testing.T) {
	simtest.NotShort(t)
	w := openFast(t)
	defer w.Close()
	var st spec.Status
	err := w.Run(func() {
		l, err := w.Listen(spec.TCP4, false)
		if err != nil {
			t.Error(err)
			return
		}
		_, st = l.Accept(700 * time.Millisecond) // twice as long as it takes to be stuck by this canary
	})
	if err != nil || st.Code != spec.TimedOut {
		t.Errorf("%v, %v", st, err)
	}
}

func TestAThreadThatNeverStopsIsGivenUpAfterMain(t *testing.T) {
	simtest.NotShort(t)
	w := openFast(t)
	var stop atomic.Bool
	defer stop.Store(true)
	err := w.Run(func() {
		w.Go("endless", func() {
			for !stop.Load() {
				w.Stamp()
				time.Sleep(time.Millisecond)
			}
		})
	})
	failsWith(t, err, "main thread", `"endless"`)
}

func TestAfterAPanicTheOthersGetLessTime(t *testing.T) {
	w := openFast(t)
	start := w.canary.rounds.Load()
	err := w.Run(func() {
		w.Go("waits", w.Gate().Pass)
		panic("kaboom")
	})
	failsWith(t, err, "kaboom", `"waits"`, "of that")
	if n := w.canary.rounds.Load() - start; n < panickedAfter {
		t.Errorf("gave up after %d rounds, want at least %d", n, panickedAfter)
	}
}

func TestALongComputationIsNotStuckWhileOthersWork(t *testing.T) {
	simtest.NotShort(t)
	w := openFast(t)
	rounds := w.canary.rounds.Load
	err := w.Run(func() {
		quiet := make(chan struct{})
		w.Go("busy", func() {
			for start := rounds(); rounds()-start < stuckAfter+stuckAfter/2; {
				w.Stamp()
				time.Sleep(time.Millisecond)
			}
			close(quiet)
		})
		<-quiet
	})
	if err != nil {
		t.Error(err)
	}
}

func TestCloseEndsARun(t *testing.T) {
	w := open(t)
	go func() {
		w.Settle()
		w.Close()
	}()
	failsWith(t, w.Run(func() { w.Gate().Pass() }), "closed during the run")
}
