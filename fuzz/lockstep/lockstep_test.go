package lockstep_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ioconform/ioconform/fuzz/lockstep"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// draw returns n random commands.
func draw(seed uint64, n int) (commands []lockstep.Command) {
	rng := rand.New(rand.NewPCG(seed, 3))
	data := make([]byte, 3*n)
	for i := range data {
		data[i] = byte(rng.UintN(256))
	}
	return lockstep.Decode(data, nil)
}

func TestTheSimulatedReferencesAgree(t *testing.T) {
	rounds := 3000
	if testing.Short() {
		rounds = 300
	}
	m, e := simulated.Model(simnet.Options{}), simulated.Epoll(simnet.Options{})
	oracle, sut := lockstep.NewPlayer(m, e), lockstep.NewPlayer(e)
	seen := map[lockstep.Act]int{}
	for i := range rounds {
		want := oracle.Play(draw(uint64(i), 40))
		if want.Err != nil || want.Broken() != "" || len(want.Surplus) > 0 {
			t.Fatalf("seed %d, the model: %v %s %v\n%v", i, want.Err, want.Broken(), want.Surplus, want.Commands)
		}
		got := sut.Play(want.Commands)
		if got.Err != nil || got.Broken() != "" {
			t.Fatalf("seed %d: %v %s\n%v", i, got.Err, got.Broken(), want.Commands)
		}
		if d := lockstep.Difference(want, got); d != "" {
			t.Fatalf("seed %d: %s\n%v", i, d, want.Commands)
		}
		for _, c := range want.Commands {
			seen[c.Act]++
		}
	}
	for a := range lockstep.Acts {
		if seen[a] < rounds/50 {
			t.Errorf("%s was made %d times in %d runs", a, seen[a], rounds)
		}
	}
	t.Log(seen)
}

// What has another outcome even one call at a time is noticed without any rule, and without a race.
func TestABugIsADifference(t *testing.T) {
	e, m := simulated.Epoll(simnet.Options{}), simulated.Model(simnet.Options{})
	bugs := map[*spec.Target][]string{
		e: {"lifo-fill", "eof-swallowed", "reset-as-eof", "skip-still-queues", "cancel-drops-packet", "cancel-after-complete"},
		m: {"lifo-fill", "skip-ignored", "cancel-siblings", "close-keeps-connection", "end-swallowed", "reset-once", "cancel-counts", "closed-is-invalid"},
	}
	for target, names := range bugs {
		for _, bug := range names {
			oracle, sut := lockstep.NewPlayer(m, target), lockstep.NewPlayer(target)
			sut.Plant(bug)
			found := false
			for i := 0; i < 1000 && !found; i++ {
				want := oracle.Play(draw(uint64(i), 40))
				got := sut.Play(want.Commands)
				if got.Err != nil {
					t.Fatalf("%s: %v", bug, got.Err)
				}
				found = lockstep.Difference(want, got) != ""
			}
			if !found {
				t.Errorf("%s of %s was not noticed", bug, target.About.Name)
			}
		}
	}
}

func TestCommandsAreCodedInBytes(t *testing.T) {
	for i := range 100 {
		commands := draw(uint64(i), 20)
		if back := lockstep.Decode(lockstep.Encode(commands, nil), nil); !slices.Equal(back, commands) {
			t.Fatalf("%v became %v", commands, back)
		}
	}
}
