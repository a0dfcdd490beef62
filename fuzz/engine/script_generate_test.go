package engine_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/fuzz/engine"
	"github.com/ioconform/ioconform/reference/lawful"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

var (
	scripts  = flag.Int("scripts", 600, "scripts a target in the tests of soundness")
	keep     = flag.String("keep", "", "a directory for the failures")
	firstOne = flag.Uint64("script", 0, "the seed of the first")
)

// every is how far apart the seeds are of the scripts that are played: one where they are asked for.
func every(n int) uint64 {
	if simtest.Raced || flagged("scripts") {
		return 1
	}
	return uint64(simtest.Every(n))
}

func flagged(name string) (is bool) {
	flag.Visit(func(f *flag.Flag) { is = is || f.Name == name })
	return is
}

// sample is how many scripts a target are played by those tests that have goroutines for the race detector to see.
func sample() int {
	if simtest.Raced {
		return *scripts / 6
	}
	return *scripts
}

func simulatedTargets() []*spec.Target {
	return []*spec.Target{simulated.Model(simnet.Options{}), simulated.Epoll(simnet.Options{}), simulated.Poller(simnet.Options{})}
}

// Every script that is drawn is for the target that it was drawn for, parses back to itself, and is the same when it is drawn again.
func TestADrawnScriptIsAScript(t *testing.T) {
	simtest.NotRaced(t)
	t.Parallel()
	for _, target := range simulatedTargets() {
		for seed := uint64(0); seed < uint64(*scripts); seed += every(3) {
			c := engine.GenerateScript(&target.About, seed, 4+int(seed%40))
			text := scenario.Print(c.File)
			again, err := conformance.ParseCase(c.Name+".scn", text)
			if err != nil {
				t.Fatalf("%s: %v\n%s", target.About.Name, err, text)
			}
			if !bytes.Equal(text, scenario.Print(again.File)) || !bytes.Equal(text, scenario.Print(engine.GenerateScript(&target.About, seed, 4+int(seed%40)).File)) {
				t.Fatalf("%s: script %d does not come back as it was:\n%s", target.About.Name, seed, text)
			}
			if why, ok := c.Applies(&target.About); !ok {
				t.Fatalf("%s: script %d is not for the target: %s\n%s", target.About.Name, seed, why, text)
			}
		}
	}
}

// So is one that is drawn for a target that can do less than the references can.
func TestScriptsForWhatCanDoLessAreForThat(t *testing.T) {
	simtest.NotRaced(t)
	simtest.NotShort(t)
	t.Parallel()
	for _, target := range simulatedTargets() {
		for _, cannot := range target.About.Capabilities {
			if cannot != spec.CanComplete && cannot != spec.CanPoll {
				scriptsAreFor(t, &lawful.Without(target, cannot).About, "without "+string(cannot))
			}
		}
		for _, axes := range modest {
			scriptsAreFor(t, &lawful.Declaring(target, axes).About, words(axes))
		}
	}
}

// Who accepts nothing connects, and has sessions too.
func TestScriptsForWhoAcceptsNothingHaveSessions(t *testing.T) {
	about := lawful.Without(simulated.Epoll(simnet.Options{}), spec.CanAccept).About
	sessions := 0
	for seed := range uint64(200) {
		if bytes.Contains(engine.GenerateScript(&about, seed, 20).Text(), []byte("\nsession ")) {
			sessions++
		}
	}
	if sessions < 100 {
		t.Errorf("%d scripts of 200 have a session", sessions)
	}
}

func scriptsAreFor(t *testing.T, about *spec.About, what string) {
	t.Helper()
	for seed := uint64(0); seed < uint64(*scripts); seed += every(29) {
		c := engine.GenerateScript(about, seed, 4+int(seed%40))
		if why, ok := c.Applies(about); !ok {
			t.Errorf("%s, %s: script %d is not for the target: %s\n%s", about.Name, what, seed, why, c.Text())
			break
		}
		if why, ok := engine.MutateScript(about, seed, c).Applies(about); !ok {
			t.Fatalf("%s, %s: script %d changed is not for the target: %s\n%s", about.Name, what, seed, why, c.Text())
		}
	}
}

// No script under any schedule makes a reference break a rule, none leaves its path, and few break an obligation.
func TestScriptsAccuseNoReference(t *testing.T) {
	for _, target := range simulatedTargets() {
		t.Run(target.About.Name, func(t *testing.T) {
			t.Parallel()
			soundScripts(t, target, *firstOne, sample(), every(3))
		})
	}
}

// soundScripts plays every step-th of n scripts on a target, several at once in the real world, where they mostly wait.
func soundScripts(t *testing.T, target *spec.Target, first uint64, n int, step uint64) {
	begin := time.Now()
	var (
		mu                            sync.Mutex
		wg                            sync.WaitGroup
		failed, voided, broke, events int
		next, end                     = first, first + uint64(n)
	)
	n = (n + int(step) - 1) / int(step)
	players := 1
	if target.About.World == "real" {
		players = 16
	}
	for range players {
		wg.Go(func() {
			p := conformance.NewPlayer(target, "", nil)
			for {
				mu.Lock()
				i := next
				next += step
				mu.Unlock()
				if i >= end {
					return
				}
				c := engine.GenerateScript(&target.About, i, 4+int(i%40))
				a := p.Play(c, engine.ScheduleOf(i))
				mu.Lock()
				if a.Trace != nil {
					events += len(a.Trace.Events)
				}
				if a.Voided() {
					broke++
				}
				if slices.ContainsFunc(a.Judgement.Counts, func(c spec.Count) bool { return c.Voided > 0 }) {
					voided++
				}
				if sig := a.Signature(); sig != "" || a.Left != nil {
					if failed++; !keepFailure(t, target, c, engine.ScheduleOf(i), sig, i) && failed <= 3 {
						r := a.Result(c)
						r.Reason = r.Reason[:min(len(r.Reason), 1500)]
						t.Errorf("script %d: %s\n%s\n%s", i, sig, r.Describe(target.About.Name, "", conformance.Page{Rows: 200}), scenario.Print(c.File))
					}
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if failed > 0 {
		t.Errorf("%d scripts failed", failed)
	}
	if n >= 200 && (broke*20 > n || voided*20 > n) { // of fewer, two are many
		t.Errorf("of %d scripts %d broke an obligation, in %d a rule was void", n, broke, voided)
	}
	t.Logf("%s: %d scripts in %v (%.0f/s), %d events each, %.1f %% broke an obligation, %.1f %% voided a rule", target.About.Name, n, time.Since(begin).Round(time.Millisecond),
		float64(n)/time.Since(begin).Seconds(), events/max(n, 1), 100*float64(broke)/float64(n), 100*float64(voided)/float64(n))
}

// keepFailure writes a failure, made small, to the directory of the flag keep, if there is one.
func keepFailure(t *testing.T, target *spec.Target, c *conformance.Case, s spec.Schedule, signature string, seed uint64) bool {
	if *keep == "" {
		return false
	}
	p := conformance.NewPlayer(target, "", nil)
	a := p.Play(c, s)
	file := a.Result(c).FailureFile(&target.About, target.About.Name)
	if m, ok := engine.MinimiseScript(p, c, s, signature, engine.Budget{For: 5 * time.Second}); ok {
		file = m.FailureFile(&target.About, target.About.Name)
	}
	if err := os.WriteFile(filepath.Join(*keep, fmt.Sprintf("%s-%s-%d.scn", signature, target.About.Name, seed)), file, 0o644); err != nil {
		t.Fatal(err)
	}
	return true
}
