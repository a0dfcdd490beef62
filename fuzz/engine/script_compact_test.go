package engine_test

import (
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/fuzz/engine"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/simnet/simtest"
)

// A compact program is a script as well: one that parses, that accuses nobody, and that fails, made small, where the program does.
func TestACompactProgramIsAScript(t *testing.T) {
	simtest.NotRaced(t)
	simtest.NotShort(t)
	t.Parallel()
	target := simulated.Model(simnet.Options{})
	good, bad := conformance.NewPlayer(target, "", nil), conformance.NewPlayer(target, "", []string{"lifo-fill"})
	x := engine.NewExecutor(target, "lifo-fill")
	failed, found := 0, 0
	var p engine.Program
	for i := uint64(0); i < 600; i += every(5) {
		engine.Generate(&p, i, 8+int(i%24))
		c := p.Script()
		isScript(t, target, c)
		if a := good.Play(c, engine.ScheduleOf(i)); a.Signature() != "" {
			t.Fatalf("program %d: %s\n%s", i, a.Signature(), c.Text())
		}
		if r := x.Execute(&p, engine.ScheduleOf(i)); r.Signature() != "RCV-2" || failed >= 8 {
			continue
		}
		failed++
		s, ok := engine.Search(bad, c, "RCV-2", 300)
		if !ok {
			continue
		}
		found++
		m, ok := engine.MinimiseScript(bad, c, s, "RCV-2", engine.Budget{})
		if !ok || m.Lines > 10 {
			t.Errorf("program %d: repeatable %v, %d lines after %d runs\n%s", i, ok, m.Lines, m.Runs, m.Case.Text())
		}
	}
	if failed == 0 || 2*found < failed {
		t.Errorf("of %d programs that failed %d did so as scripts", failed, found)
	}
}
