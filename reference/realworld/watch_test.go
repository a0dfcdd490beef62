package realworld

import (
	"sync"
	"testing"
	"time"

	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

// waitOut waits a Slice at a time, as every user of a Watch does, and returns how often it did.
func waitOut(x spec.Watch) (slices int) {
	for !x.Spent() {
		time.Sleep(x.Slice())
		slices++
	}
	return slices
}

func TestAQuietWatchIsSpentSoon(t *testing.T) {
	w := open(t)
	x := w.Watch(spec.Quiet)
	n := waitOut(x)
	if x.Rounds() < quietRounds || n < 2 {
		t.Errorf("spent after %d rounds and %d slices, want at least %d and 2", x.Rounds(), n, quietRounds)
	}
}

func TestAPatientWatchIsSpentLate(t *testing.T) {
	w := openFast(t)
	x := w.Watch(spec.Patient)
	for !x.Spent() { // a canary this fast makes more rounds in a Slice than a look credits
		time.Sleep(time.Millisecond)
	}
	if x.Rounds() < patientRounds {
		t.Errorf("spent after %d rounds, want at least %d", x.Rounds(), patientRounds)
	}
}

func TestAWatchDoesNotExpireWhileTheCanaryStandsStill(t *testing.T) {
	simtest.NotShort(t)
	t.Cleanup(func() { nothingLeft(t) })
	near, far, err := loopbackPair()
	if err != nil {
		t.Fatal(err)
	}
	var held sync.Mutex
	c := startCanary(stalling{near, &held}, far, pace, lapse)
	c.users = 1
	w := newWorld(c, 1)
	defer w.Close()
	w.Settle()

	held.Lock()
	time.Sleep(20 * time.Millisecond) // the round under way ends
	x := w.Watch(spec.Quiet)
	// Fifty times as long as it would take otherwise.
	for start := w.Now(); w.Now()-start < 50*quietRounds*pace; {
		time.Sleep(x.Slice())
		if x.Spent() {
			t.Fatalf("spent after %d rounds, with the canary standing still", x.Rounds())
		}
	}
	stalled := x.Rounds()
	held.Unlock()

	if waitOut(x); x.Rounds() < quietRounds || stalled > 1 {
		t.Errorf("%d rounds during the stall, %d when spent", stalled, x.Rounds())
	}
}

func TestRoundsCountOnlyForAThreadThatLooks(t *testing.T) {
	w := openFast(t)
	x := w.Watch(spec.Patient)
	for start := w.canary.rounds.Load(); w.canary.rounds.Load()-start < 2*patientRounds; {
		time.Sleep(time.Millisecond)
	}
	if x.Spent() || x.Rounds() > 2*patientCredit {
		t.Errorf("%d rounds credited to a thread that was away all the time", x.Rounds())
	}
}

func TestSlicesAreShortEnoughForManyLooks(t *testing.T) {
	w := open(t)
	if s := w.Watch(spec.Patient).Slice(); s != patientSlice {
		t.Errorf("a patient slice is %v", s)
	}
	if s := w.Watch(spec.Quiet).Slice(); s != quietSlice {
		t.Errorf("a quiet slice is %v", s)
	}
}

func TestTheEnvironmentMultipliesPatience(t *testing.T) {
	t.Setenv(PatienceVariable, "2.5")
	w := open(t)
	x := w.Watch(spec.Quiet)
	if waitOut(x); x.Rounds() < 30 {
		t.Errorf("spent after %d rounds, want 2.5 times %d", x.Rounds(), quietRounds)
	}
	if n := w.stretched(patientRounds); n != 7500 {
		t.Errorf("patient for %d rounds, want 7500", n)
	}
}

func TestPatienceThatCouldInventAFaultIsRefused(t *testing.T) {
	for _, text := range []string{"0.5", "0", "-1", "NaN", "Inf", "1001", "long"} {
		t.Setenv(PatienceVariable, text)
		w, err := New()
		failsWith(t, err, PatienceVariable, text, "from 1 to 1000")
		if w != nil {
			t.Errorf("%q made a world", text)
		}
	}
}

func TestAClosedWorldWaitsForNothing(t *testing.T) {
	w := open(t)
	x := w.Watch(spec.Patient)
	w.Close()
	if !x.Spent() {
		t.Error("a Watch outlives its world")
	}
	w.Settle()
}
