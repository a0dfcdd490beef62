package spec

import (
	"slices"
	"testing"

	"github.com/ioconform/ioconform/simnet/simtest"
)

// A rule passes over operations of which it does not speak, and an odd one over what is plain: the tables by which it is not even shown them change no
// answer.
func TestRulesPassOverOperationsThatTheyDoNotSpeakOf(t *testing.T) {
	c := NewChecker()
	asked, spared := 0, 0
	c.ledger.ask = func(at moment, m *matter) bool {
		m.when = at
		told := map[*Rule]bool{}
		for _, x := range c.table.about(at, m) {
			told[x.rule] = true
		}
		asked += len(told)
		for _, x := range c.table.of[at][NoVerb] {
			if told[x.rule] {
				continue
			}
			spared++
			if out := x.check(c.ledger, m); out != pass {
				t.Errorf("%s is not asked, at moment %d of %+v, and has something to say: %+v", x.rule.ID, at, m, out)
			}
		}
		return c.ask(at, m)
	}
	judge := func(t *Trace) { c.Check(t) }
	for i := 0; i < 200/slower; i += traceStep() {
		trace := randomTrace(uint64(i), 300, 1+i%8, 1+i%5, 1+i%30, i%5 == 0)
		judge(trace)
		judge(Forget(trace))
	}
	for i, s := range slices.Concat(goodSamples, legalSamples, goodHandles, doctoredSamples, doctoredHandles) {
		if i%simtest.Every(2) != 0 {
			continue
		}
		judge(build(t, s.about(), s.text))
	}
	if asked == 0 || spared < asked/2 {
		t.Errorf("rules were asked %d times and spared %d times; the index is of no use", asked, spared)
	}
	t.Logf("rules were asked %d times and spared %d times", asked, spared)
}
