package engine

import (
	"strings"
	"testing"
	"time"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// wrongModel is the model with a fault of its own.
func wrongModel() *spec.Target {
	wrong := simulated.Model(simnet.Options{})
	open := wrong.Open
	wrong.Open = func() (*spec.Instance, error) {
		in, err := open()
		if err != nil {
			return nil, err
		}
		with := *in
		with.Plant = func(bugs ...string) error { return in.Plant(append(bugs, "lifo-fill")...) }
		return &with, with.Plant()
	}
	return wrong
}

// A failure of a program that has no script counts no more than another one where it comes without the bug.
func TestAProgramThatFailsAnywayShowsNoBug(t *testing.T) {
	sound, wrong := simulated.Model(simnet.Options{}), wrongModel()
	x := NewExecutor(wrong)
	for seed := uint64(0); ; seed++ {
		p := new(Program)
		Generate(p, seed, 20)
		r := x.Execute(p, ScheduleOf(seed))
		if r.Signature() != "RCV-2" {
			continue
		}
		f := Finding{Failure: Failure{Signature: "RCV-2", Input: Input{Program: p, Schedule: ScheduleOf(seed)}}}
		if !f.anyway(wrong) {
			t.Errorf("program %d fails without a bug, and is taken to show one:\n%v", seed, p)
		}
		if f.anyway(sound) {
			t.Errorf("program %d is said to fail on a sound target", seed)
		}
		return
	}
}

// What fails without a bug as well does not show the bug: it is told apart, since a rule or a reference must be wrong.
func TestWhatFailsAnywayShowsNoBug(t *testing.T) {
	sound, wrong := simulated.Model(simnet.Options{}), wrongModel()
	list := []Planted{{"sound/lifo-fill", sound, "lifo-fill"}, {"wrong/connect-table-of-16", wrong, "connect-table-of-16"}}
	all, err := Exam(t.Context(), list, time.Minute, 0, nil)
	if err != nil || len(all) != 2 {
		t.Fatal(all, err)
	}
	if h := all[0]; !h.Found || h.Anyway {
		t.Errorf("lifo-fill was not found: %+v", h)
	}
	if h := all[1]; h.Found || !h.Anyway {
		t.Errorf("a failure that the bug has nothing to do with was taken for it: %+v", h)
	}
	var b strings.Builder
	if err := WriteExam(&b, "text", all, 0, conformance.Page{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"not found: RCV-2 fails without the bug too", "fails without wrong/connect-table-of-16 too", "1 found by programs"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the report does not say %q:\n%s", want, &b)
		}
	}
}
