package engine

import (
	"slices"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

const cancelMeetsByte = `answers any
needs accept cancel workers

session s
recv r1 on s len=4
par {
  @t1 wait P
  @t2 cancel r1
  peer c sends 1
  @t2 recv r2 on s len=4
  wait P
}
`

// A run that is followed on the same script is made again, choice for choice.
func TestFollowingIsRepeatingWhereNothingIsGone(t *testing.T) {
	c, err := conformance.ParseCase("raced.scn", []byte(cancelMeetsByte))
	if err != nil {
		t.Fatal(err)
	}
	p := conformance.NewPlayer(simulated.Model(simnet.Options{}), "", nil)
	threads := threadsOf(c.File.Lines)
	if want := []string{"", "t1", "t2", "peer c"}; !slices.Equal(threads, want) {
		t.Fatalf("its threads are %q, want %q", threads, want)
	}
	differ := 0
	for i := range uint64(200) {
		a := p.Play(c, ScheduleOf(i))
		picks := slices.Clone(a.Picks)
		n := &noted{picks: picks}
		if a = p.Play(c, spec.Schedule{Strategy: "source", Source: n}); !slices.Equal(a.Picks, picks) {
			t.Fatalf("schedule %d: noting it made another run of it", i)
		}
		if a = p.Play(c, following(n.moves, renumbered(threads, threads))); !slices.Equal(a.Picks, picks) {
			t.Fatalf("schedule %d: %v, followed %v", i, picks, a.Picks)
		}
		if a = p.Play(c, following(lacking(n.moves, i), renumbered(threads, threads))); !slices.Equal(a.Picks, picks) {
			differ++
		}
	}
	if differ == 0 {
		t.Error("whatever was left out of the moves, the run was the same")
	}
}

// A thread is followed by its name: without the line that started another one its number is a different one.
func TestAThreadIsFollowedByItsName(t *testing.T) {
	if got := renumbered([]string{"", "t1", "t2", "peer c"}, []string{"", "t2", "peer c"}); !slices.Equal(got, []int{0, -1, 1, 2}) {
		t.Errorf("the numbers are %v", got)
	}
}
