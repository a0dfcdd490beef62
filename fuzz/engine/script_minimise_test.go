package engine

import (
	"slices"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
)

// Every node can be taken out by its number, and what is left is the rest.
func TestReplacedTakesOutOneNode(t *testing.T) {
	text := "port P\nrepeat 2 {\n  tcp s\n  par {\n    @t1 wait P\n    @t2 wait P\n  }\n  settle\n}\ntime 1ms\n"
	f, err := scenario.Parse("f", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for k := range size(f.Lines) {
		list, there := replaced(f.Lines, k, func(scenario.Node) []scenario.Node { return nil })
		got := count(list)
		if !there || k == 1 && got != 2 || k == 3 && got != 6 || k != 1 && k != 3 && got != 9 {
			t.Errorf("without node %d there are %d lines:\n%s", k, got, scenario.Print(&scenario.File{Lines: list}))
		}
	}
	if _, there := replaced(f.Lines, size(f.Lines), nil); there {
		t.Error("there is one node too many")
	}
	list, _ := replaced(f.Lines, 3, func(n scenario.Node) []scenario.Node { return n.(*scenario.Block).Lines })
	if got := count(list); got != 8 {
		t.Errorf("with the block dissolved there are %d lines", got)
	}
}

// A hang is made small as one of the back end: no script comes of it that hangs wherever it runs, because the line that would have woken a thread is gone.
func TestAHangStaysThatOfTheBackEnd(t *testing.T) {
	c, err := conformance.ParseCase("hang.scn", []byte(`answers any
needs post workers

port P
@t3 wait P forever &
par {
  @t1 wait P forever &
  @t1 post a to P
  @t2 post k to P
  @t2 post j to P
}
`))
	if err != nil {
		t.Fatal(err)
	}
	target := simulated.Epoll(simnet.Options{})
	p := conformance.NewPlayer(target, "", []string{"livelock-eventfd"})
	s, ok := Search(p, c, "hang", 2000)
	if !ok {
		t.Fatal("the bug does not make it hang")
	}
	m, ok := MinimiseScript(p, c, s, "hang", Budget{})
	if !ok {
		t.Fatal("it does not hang again")
	}
	for i := range 20 {
		if a := conformance.NewPlayer(target, "", nil).Play(m.Case, ScheduleOf(uint64(i))); a.Signature() != "" {
			t.Fatalf("%q without the bug:\n%s", a.Signature(), m.Case.Text())
		}
	}
}

// Nor does what another failure is made small to hang without it.
func TestWhatIsMadeSmallEnds(t *testing.T) {
	c, err := conformance.ParseCase("ends.scn", []byte("answers any\nneeds accept workers\n\nsession s\n@t1 wait P forever &\n"))
	if err != nil {
		t.Fatal(err)
	}
	target := simulated.Epoll(simnet.Options{})
	p := conformance.NewPlayer(target, "", []string{"woken-is-out-of-time"})
	s, ok := Search(p, c, "PKT-8", 2000)
	if !ok {
		t.Fatal("the bug does not show")
	}
	m, ok := MinimiseScript(p, c, s, "PKT-8", Budget{})
	if !ok {
		t.Fatal("it does not fail again")
	}
	if a := conformance.NewPlayer(target, "", nil).Play(m.Case, replay(m.Picks)); a.Signature() != "" {
		t.Fatalf("%q without the bug:\n%s", a.Signature(), m.Case.Text())
	}
}

// What is known of the run that there is, who took its steps, stays known when a change is refused: it is not run again for each.
func TestARefusedChangeTakesNoFurtherLookAtTheRun(t *testing.T) {
	c, err := conformance.ParseCase("ends.scn", []byte("answers any\nneeds accept workers\n\nsession s\n@t1 wait P forever &\n"))
	if err != nil {
		t.Fatal(err)
	}
	p := conformance.NewPlayer(simulated.Epoll(simnet.Options{}), "", []string{"woken-is-out-of-time"})
	s, ok := Search(p, c, "PKT-8", 2000)
	if !ok {
		t.Fatal("the bug does not show")
	}
	m := &minimiser{player: p, signature: "PKT-8", left: 16000}
	if !m.begin(c, s) {
		t.Fatal("it does not fail again")
	}
	m.tries = 3
	var took [2]int
	for i := range took {
		before := m.runs
		if m.try(m.with(nil)) {
			t.Fatal("nothing fails as well")
		}
		took[i] = m.runs - before
	}
	if took[1] != took[0]-1 {
		t.Errorf("a change took %d runs, the same one again %d", took[0], took[1])
	}
	kept := slices.Clone(m.moves)
	if m.moves = nil; !slices.Equal(kept, m.noted()) {
		t.Errorf("%v was noted, now it is %v", kept, m.moves)
	}
}
