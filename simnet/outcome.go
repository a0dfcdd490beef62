package simnet

import (
	"fmt"
	"strings"
	"time"
)

// Verdict says how a run ended.
type Verdict uint8

const (
	Unfinished Verdict = iota // the run is still going on
	Completed                 // main returned
	Deadlock                  // nothing can go on, and no timer will change that
	Livelock                  // the step cap was reached
	Panicked                  // a thread panicked
	Exited                    // a thread left by runtime.Goexit, as t.FailNow and t.Skip do
	Stopped                   // World.Stop was called
)

var verdictNames = [...]string{"unfinished", "completed", "deadlock", "livelock", "panic", "exit", "stopped"}

// String returns the verdict in lower case.
func (v Verdict) String() string {
	if int(v) < len(verdictNames) {
		return verdictNames[v]
	}
	return "unknown"
}

// Outcome is what came of a run.
type Outcome struct {
	Verdict Verdict
	Steps   int           // steps of threads, network and clock
	Now     time.Duration // virtual time at the end

	Thread string // Panicked, Exited: the name of the thread
	Value  any    // Panicked: what it panicked with
	Stack  []byte // Panicked: its stack at that point

	// Stuck names threads that recovered the unwinding again and again, the first eight of them.
	// They were ended all the same, but such a recover hides real panics too and should pass on
	// what IsUnwind reports.
	Stuck []string

	world *World
	epoch uint32
}

// OK reports whether main returned.
func (o Outcome) OK() bool { return o.Verdict == Completed }

// String describes the outcome: for a deadlock or a livelock it names each thread and the call it
// is parked in. The text is made when it is asked for, from what the world remembers: after a Reset
// the threads are gone from it.
func (o Outcome) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s after %d steps at %v", o.Verdict, o.Steps, o.Now)
	switch o.Verdict {
	case Panicked:
		fmt.Fprintf(&b, "\nthread %s: panic: %v\n%s", o.Thread, o.Value, o.Stack)
	case Exited:
		fmt.Fprintf(&b, "\nthread %s left by runtime.Goexit (t.FailNow, t.Skip)", o.Thread)
	case Deadlock, Livelock:
		o.threads(&b)
	}
	for _, name := range o.Stuck {
		fmt.Fprintf(&b, "\nthread %s recovers the unwinding in a loop", name)
	}
	return b.String()
}

func (o Outcome) threads(b *strings.Builder) {
	w := o.world
	if w == nil || w.epoch != o.epoch {
		b.WriteString("\n(the world has been reset since: its threads are forgotten)")
		return
	}
	for _, t := range w.threads[:w.nthreads] {
		fmt.Fprintf(b, "\nthread %d %s: %s", t.id, t.name, t.condition(w))
	}
}

// condition says what t was doing when the run ended.
func (t *Thread) condition(w *World) string {
	switch {
	case !t.cut:
		return "ended"
	case w.run&t.bit == 0:
		return t.call.String()
	case t.call == (Call{}):
		return "runnable"
	}
	return "runnable, last parked in " + t.call.String()
}

// String returns the call with its arguments.
func (c Call) String() string {
	switch strings.Count(c.Format, "%") {
	case 0:
		return c.Format
	case 1:
		return fmt.Sprintf(c.Format, c.A)
	}
	return fmt.Sprintf(c.Format, c.A, c.B)
}
