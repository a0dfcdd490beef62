package realworld

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// Run waits in canary rounds, as everything does. A program in which nothing happens for longer than its most patient wait is
// stuck; one that goes on and on after its main thread has returned will not end; and after a panic nobody knows
// whether the others still can. All are multiples of a patient Watch, and stretch with it.
const (
	stuckAfter    = 4 * patientRounds
	hungAfter     = patientRounds / 3 // likewise, once the main thread has returned: what is left hangs in the back end, which was closed
	endlessAfter  = 20 * patientRounds
	panickedAfter = patientRounds + patientRounds/3
	// Without a canary there is nothing but the ticks of Run's own timer, and the case is lost anyway.
	ticksWithoutCanary = 250
	tick               = 20 * time.Millisecond
)

// thread is one goroutine of a program.
type thread struct {
	name      string
	goroutine string // "goroutine 18", as a stack dump calls it
}

// Go starts a thread. A panic in it ends this thread alone and is reported by Run.
func (w *World) Go(name string, f func()) {
	t := w.enlist(name)
	go w.play(t, f)
}

func (w *World) enlist(name string) *thread {
	w.alive()
	t := &thread{name: name}
	w.mu.Lock()
	w.threads[t] = struct{}{}
	w.mu.Unlock()
	return t
}

func (w *World) play(t *thread, f func()) {
	returned := false
	defer func() {
		var fault error
		if v := recover(); v != nil {
			fault = fmt.Errorf("thread %q panicked: %v\n%s", t.name, v, debug.Stack())
		} else if !returned {
			// As testing.T.FailNow does. Those that unwind because the world is over come here as well; nobody asks by then.
			fault = fmt.Errorf("thread %q left by runtime.Goexit", t.name)
		}
		w.end(t, fault)
	}()
	me := goroutineName()
	w.mu.Lock()
	t.goroutine = me
	w.mu.Unlock()
	f()
	returned = true
}

func (w *World) end(t *thread, fault error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.signs.Add(1)
	if fault != nil {
		w.faults = append(w.faults, fault)
	}
	delete(w.threads, t)
	if len(w.threads) == 0 && w.idle != nil {
		close(w.idle)
		w.idle = nil
	}
}

// Run runs program as the thread "main" and returns when it and every thread that was started have ended. The error tells
// what panicked, what did not end, and whether the canary died.
func (w *World) Run(program func()) error {
	ended := make(chan struct{})
	mainEnded := make(chan struct{})
	w.mu.Lock()
	if w.closed || w.idle != nil {
		closed := w.closed
		w.mu.Unlock()
		if closed {
			return errors.New("realworld: Run of a closed world")
		}
		return errors.New("realworld: Run while another Run is under way")
	}
	w.idle = ended
	w.faults = nil
	w.mu.Unlock()
	w.Go("main", func() {
		defer close(mainEnded)
		program()
	})

	reason := w.await(ended, mainEnded)

	w.mu.Lock()
	faults := slices.Clone(w.faults)
	w.mu.Unlock()
	if reason != "" {
		faults = append(faults, errors.New(reason+w.left()))
		w.mu.Lock()
		w.idle = nil
		w.mu.Unlock()
		w.giveUp() // what hangs in a gate or a Watch shall not hang for ever
	}
	if err := w.canary.failure(); err != nil {
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}

// await waits for ended. What it returns otherwise says why it does not wait any longer.
func (w *World) await(ended, mainEnded <-chan struct{}) string {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	type mark struct{ set, rounds uint64 }
	var quiet, after, panicked mark
	var signs uint64
	ticksLeft := ticksWithoutCanary
	for {
		select {
		case <-ended:
			return ""
		case <-w.over:
			return "the world was closed during the run"
		case <-ticker.C:
		}
		now := w.canary.rounds.Load()
		if s := w.signs.Load() + w.stamps.Load(); s != signs || quiet.set == 0 || w.limited.Load() > 0 {
			signs, quiet = s, mark{1, now}
		}
		if after.set == 0 {
			select {
			case <-mainEnded:
				after = mark{1, now}
			default:
			}
		}
		if panicked.set == 0 && w.faulty() {
			panicked = mark{1, now}
		}
		select {
		case <-w.canary.dead:
			if ticksLeft--; ticksLeft == 0 {
				return "the program did not end after the canary had died"
			}
			continue
		default:
		}
		past := func(m mark, limit int) bool { return m.set == 1 && now-m.rounds >= uint64(w.stretched(limit)) }
		switch {
		case past(panicked, panickedAfter):
			return fmt.Sprintf("the other threads did not end within %d canary rounds of that", w.stretched(panickedAfter))
		case past(quiet, stuckAfter):
			return fmt.Sprintf("the program is stuck: no thread showed a sign of life for %d canary rounds", w.stretched(stuckAfter))
		case after.set == 1 && panicked.set == 0 && past(quiet, hungAfter):
			return fmt.Sprintf("the program is stuck: its main thread has ended, and no other showed a sign of life for %d canary rounds", w.stretched(hungAfter))
		case past(after, endlessAfter):
			return fmt.Sprintf("the program did not end within %d canary rounds of its main thread", w.stretched(endlessAfter))
		}
	}
}

func (w *World) faulty() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.faults) > 0
}

// left names the threads that have not ended, with the stack of each.
func (w *World) left() string {
	w.mu.Lock()
	var names []string
	hanging := map[string]string{}
	for t := range w.threads {
		names = append(names, fmt.Sprintf("%q", t.name))
		hanging[t.goroutine] = t.name
	}
	w.mu.Unlock()
	if len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	var b strings.Builder
	fmt.Fprintf(&b, "; still there: %s", strings.Join(names, ", "))
	dump := make([]byte, 1<<20)
	dump = dump[:runtime.Stack(dump, true)]
	for _, stack := range strings.Split(string(dump), "\n\n") {
		head, _, _ := strings.Cut(stack, " [")
		if name, ok := hanging[head]; ok {
			fmt.Fprintf(&b, "\n\nthread %q: %s", name, strings.TrimSpace(stack))
		}
	}
	return b.String()
}

// goroutineName returns what a stack dump calls the running goroutine, such as "goroutine 18". Go has no other way to find
// one goroutine in a dump of all.
func goroutineName() string {
	var b [64]byte
	head, _, _ := bytes.Cut(b[:runtime.Stack(b[:], false)], []byte(" ["))
	return string(head)
}
