package main

import (
	"errors"
	"testing"

	"github.com/ioconform/ioconform/fuzz/engine"
)

// What fails without the bug too is a fault of a rule or of a reference: it is not told whether the bug would have been found.
func TestAnExamByProgramsIsWithoutAnAnswerWhereTheReferenceFails(t *testing.T) {
	found, not, anyway := engine.Examined{Found: true}, engine.Examined{}, engine.Examined{Anyway: true}
	for i, c := range []struct {
		all     []engine.Examined
		missing int
		want    int
	}{
		{[]engine.Examined{found, found}, 0, 0},
		{[]engine.Examined{found, not}, 0, exitBroken},
		{[]engine.Examined{found, anyway}, 0, exitNoAnswer},
		{[]engine.Examined{not, anyway, found}, 0, exitNoAnswer},
		{[]engine.Examined{found}, 1, exitNoAnswer},
		{[]engine.Examined{not}, 1, exitNoAnswer},
	} {
		code := 0
		var e *exit
		if err := answer(c.all, c.missing); errors.As(err, &e) {
			code = e.code
		}
		if code != c.want {
			t.Errorf("exam %d: exit code %d, want %d", i, code, c.want)
		}
	}
}
