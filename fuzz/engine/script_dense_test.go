package engine

import (
	"bytes"
	"iter"
	"slices"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

func denseTargets() []*spec.Target {
	return []*spec.Target{simulated.Model(simnet.Options{}), simulated.Epoll(simnet.Options{}), simulated.Poller(simnet.Options{})}
}

func textOf(nodes []scenario.Node) string {
	return string(scenario.Print(&scenario.File{Lines: nodes}))
}

// drawnDense yields so many dense scripts and their seeds. What is to be no dense one is not drawn; TestDenseScriptsAreDrawnAndSane says that none comes of it.
func drawnDense(about *spec.About, n int) iter.Seq2[uint64, *conformance.Case] {
	return func(yield func(uint64, *conformance.Case) bool) {
		for seed := uint64(0); n > 0; seed++ {
			if s := (script{about: about}); !s.isDense(seed) {
				continue
			}
			if c := GenerateScript(about, seed, 4+int(seed%28)); dense(steps(c.File.Lines)) {
				if n--; !yield(seed, c) {
					return
				}
			}
		}
	}
}

// One script in so many is dense, keeps what a program owes, and is the same when it is drawn again.
func TestDenseScriptsAreDrawnAndSane(t *testing.T) {
	simtest.NotRaced(t)
	t.Parallel()
	for _, target := range denseTargets() {
		n := 300 / simtest.Every(4)
		calls, beside, of := 0, 0, 0
		for drawn := 0; drawn < n; of++ {
			seed := uint64(of)
			c, s := GenerateScript(&target.About, seed, 4+int(seed%28)), script{about: &target.About}
			if !dense(steps(c.File.Lines)) {
				continue
			}
			if drawn++; !s.isDense(seed) {
				t.Fatalf("%s: script %d is dense, and was not to be:\n%s", target.About.Name, seed, c.Text())
			}
			text := scenario.Print(c.File)
			if again := GenerateScript(&target.About, seed, 4+int(seed%28)); !bytes.Equal(text, scenario.Print(again.File)) {
				t.Fatalf("%s: script %d is another when it is drawn again:\n%s", target.About.Name, seed, text)
			}
			body := steps(c.File.Lines)
			if kept := textOf(sane(body)); kept != textOf(body) {
				t.Fatalf("%s: script %d is not sane:\n%s\nbut would be:\n%s", target.About.Name, seed, text, kept)
			}
			eachLine(body, func(l *scenario.Line) {
				if calls++; l.Background {
					beside++
				}
			})
		}
		if of < n*denseEvery*2/3 || of > n*denseEvery*3/2 {
			t.Errorf("%s: %d of %d scripts are dense, want one in %d", target.About.Name, n, of, denseEvery)
		}
		if beside*3 < calls {
			t.Errorf("%s: %d of %d lines of dense scripts are in the background, want a third at least", target.About.Name, beside, calls)
		}
	}
}

// Where calls are made by one thread only there is none.
func TestNoScriptIsDenseWithoutThreads(t *testing.T) {
	about := simulated.Model(simnet.Options{}).About
	about.Capabilities = slices.DeleteFunc(slices.Clone(about.Capabilities), func(c spec.Capability) bool { return c == spec.CanWorkers })
	for seed := range uint64(200) {
		if c := GenerateScript(&about, seed, 12); dense(steps(c.File.Lines)) {
			t.Fatalf("script %d:\n%s", seed, c.Text())
		}
	}
}

// No dense script, and none that is made of one, makes a reference break a rule; none breaks an obligation, and few void a rule.
func TestDenseScriptsAccuseNoReference(t *testing.T) {
	for _, target := range denseTargets() {
		t.Run(target.About.Name, func(t *testing.T) {
			t.Parallel()
			scripts := 1200 / simtest.Every(5)
			if testing.Short() || simtest.Raced {
				scripts = 150
			}
			p := conformance.NewPlayer(target, "", nil)
			runs, void, still, last := 0, 0, 0, (*conformance.Case)(nil)
			play := func(c *conformance.Case, s spec.Schedule) {
				runs++
				a := p.Play(c, s)
				if a.Signature() != "" || a.Left != nil || a.Voided() {
					t.Fatalf("%s\n%s", a.Result(c).Describe(target.About.Name, "", conformance.Page{Rows: 200}), scenario.Print(c.File))
				}
				if slices.ContainsFunc(a.Judgement.Counts, func(c spec.Count) bool { return c.Voided > 0 }) {
					void++
				}
			}
			for seed, c := range drawnDense(&target.About, scripts) {
				play(c, ScheduleOf(seed))
				m := MutateScript(&target.About, seed, c)
				if last != nil && seed%2 == 0 {
					m = SpliceScripts(&target.About, seed, c, last)
				}
				if last = m; dense(steps(m.File.Lines)) {
					still++
				}
				play(m, ScheduleOf(seed+1))
			}
			if void*20 > runs {
				t.Errorf("in %d of %d runs a rule was void", void, runs)
			}
			if still*10 < scripts*8 {
				t.Errorf("of %d dense scripts that were changed only %d are dense", scripts, still)
			}
			t.Logf("%d runs, in %d a rule was void; %d of %d changed scripts are dense", runs, void, still, scripts)
		})
	}
}

// What calls that overlap show is found by few dense scripts.
func TestDenseScriptsFindWhatOthersDoNot(t *testing.T) {
	simtest.NotRaced(t)
	simtest.NotShort(t)
	t.Parallel()
	for _, planted := range []struct {
		target *spec.Target
		bug    string
	}{
		{simulated.Model(simnet.Options{}), "closed-stays-tied"},        // the 185th
		{simulated.Epoll(simnet.Options{}), "edge-before-accepts"},      // the 22nd
		{simulated.Poller(simnet.Options{}), "poller-closed-times-out"}, // the 132nd
	} {
		p := conformance.NewPlayer(planted.target, "", []string{planted.bug})
		found, n := 0, 0
		for seed, c := range drawnDense(&planted.target.About, 1500) {
			n++
			if a := p.Play(c, ScheduleOf(seed)); a.Signature() != "" {
				found = n
				break
			}
		}
		if found == 0 {
			t.Errorf("%s/%s: none of %d dense scripts finds it", planted.target.About.Name, planted.bug, n)
		}
		t.Logf("%s/%s: found by dense script %d", planted.target.About.Name, planted.bug, found)
	}
}

// A block ends: what stands in it behind a wait of the same thread waits for that.
func TestNothingInABlockWaitsForOneForEver(t *testing.T) {
	for is, becomes := range map[string]string{
		"@t1 wait P forever &\n  @t1 wait P": "@t1 wait P &\n  @t1 wait P",
		"@t1 wait P\n  @t1 wait P forever &": "@t1 wait P\n  @t1 wait P forever &",
		"@t1 wait P forever &\n  @t2 wait P": "@t1 wait P forever &\n  @t2 wait P",
	} {
		file, err := conformance.ParseCase("x.scn", []byte("answers any\n\nport P\npar {\n  "+is+"\n}\n"))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := textOf(sane(steps(file.File.Lines))), "port P\npar {\n  "+becomes+"\n}\n"; got != want {
			t.Errorf("%s becomes\n%s", is, got)
		}
		if a := conformance.NewPlayer(simulated.Model(simnet.Options{}), "", nil).Play(&conformance.Case{Name: "x", File: &scenario.File{Lines: sane(steps(file.File.Lines))}}, spec.Schedule{}); a.Signature() != "" {
			t.Errorf("%s: %s", becomes, a.Signature())
		}
	}
}

// What a program owes is kept beyond a line: a close waits for the calls of other threads, and they for it.
func TestNoCallMeetsACloseInTheBackground(t *testing.T) {
	for _, c := range []struct{ what, is, becomes string }{
		{"a call under way", "@t1 recv r1 on s len=4 &\nclose s\n", "@t1 recv r1 on s len=4 &\nsettle\nclose s\n"},
		{"a call of the same thread", "@t1 recv r1 on s len=4 &\n@t1 close s &\n", "@t1 recv r1 on s len=4 &\n@t1 close s &\n"},
		{"a call of a thread that was waited for", "@t1 recv r1 on s len=4 &\n@t1 wait P\n@t2 close s &\n", "@t1 recv r1 on s len=4 &\n@t1 wait P\n@t2 close s &\n"},
		{"a call behind a wait", "@t1 wait P &\n@t1 recv r1 on s len=4 &\nsettle\nclose s\n", "@t1 wait P &\n@t1 recv r1 on s len=4 &\nsettle\nsettle\n"},
		{"a call behind a wait that is waited for", "@t1 wait P &\n@t1 recv r1 on s len=4 &\n@t1 wait P\nclose s\n", "@t1 wait P &\n@t1 recv r1 on s len=4 &\n@t1 wait P\nclose s\n"},
		{"a call behind one for ever", "@t1 wait P forever &\n@t1 recv r1 on s len=4 &\n@t1 wait P\nclose s\n", "@t1 wait P forever &\n@t1 recv r1 on s len=4 &\n@t1 wait P\nsettle\n"},
		{"a cancel", "@t1 recv r1 on s len=4 &\nsettle\n@t1 cancel r1 &\n@t2 close s &\n", "@t1 recv r1 on s len=4 &\nsettle\n@t1 cancel r1 &\nsettle\n@t2 close s &\n"},
		{"a close under way", "@t1 close s &\n@t2 recv r1 on s len=4 &\nsettle\n@t2 recv r2 on s len=4 &\n", "@t1 close s &\nsettle\n@t2 recv r2 on s len=4 &\n"},
		{"two closes", "@t1 close s &\n@t2 close s &\n", "@t1 close s &\nsettle\n@t2 close s &\n"},
		{"another socket", "session z peer=d\n@t1 recv r1 on s len=4 &\n@t2 close z &\n", "session z peer=d\n@t1 recv r1 on s len=4 &\n@t2 close z &\n"},
		{"a block", "@t1 close s &\npar {\n  @t2 recv r1 on s len=4\n  peer c sends 4\n}\n", "@t1 close s &\npar {\n  peer c sends 4\n}\n"},
		{"a port", "@t1 wait P forever &\n@t2 post k to P &\nclose P\n", "@t1 wait P forever &\n@t2 post k to P &\nclose P\n"},
		{"pools", "pool W on P threads=1 handler=drain\n@t1 recv r1 on s len=4 &\ndrain W\n", "pool W on P threads=1 handler=drain\n@t1 recv r1 on s len=4\ndrain W\n"},
	} {
		file, err := conformance.ParseCase("x.scn", []byte("answers any\n\nport P\nsession s\n"+c.is))
		if err != nil {
			t.Fatal(err)
		}
		if got := textOf(sane(steps(file.File.Lines))); got != "port P\nsession s\n"+c.becomes {
			t.Errorf("%s: it becomes\n%s", c.what, got)
		}
	}
}
