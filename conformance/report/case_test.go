package report

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
)

// What is written as cases end is what is written at the end, to the byte, however many cases have ended by then.
func TestCasesThatAreWrittenAsTheyEndChangeNothing(t *testing.T) {
	all, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	some, err := conformance.Select(all, []string{"receive/several-*", "key/*"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	run := &Run{Target: "model/lifo-fill", Files: map[string]string{}, Again: map[string]string{}}
	var early []*conformance.CaseResult
	run.Report, err = conformance.Run(t.Context(), simulated.Model(simnet.Options{}), conformance.Options{
		Cases: some, Bugs: []string{"lifo-fill"}, Parallel: 8, Each: func(c *conformance.CaseResult) { early = append(early, c) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(names(early)) != fmt.Sprint(names(pointers(run.Cases))) || len(early) != len(some) {
		t.Fatalf("told of %v\nof %v", names(early), names(pointers(run.Cases)))
	}
	var want []byte
	for n := range len(early) + 1 {
		var b bytes.Buffer
		w := newJSON(&b)
		for range 2 { // two targets
			for _, c := range early[:n] {
				if err := w.Case(run, c); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Target(run); err != nil {
				t.Fatal(err)
			}
		}
		if want == nil {
			want = b.Bytes()
		}
		if !bytes.Equal(b.Bytes(), want) {
			t.Errorf("with %d cases before: %d bytes, want %d", n, b.Len(), len(want))
		}
	}
}

func pointers(list []conformance.CaseResult) (all []*conformance.CaseResult) {
	for i := range list {
		all = append(all, &list[i])
	}
	return all
}

func names(list []*conformance.CaseResult) (all []string) {
	for _, c := range list {
		all = append(all, c.Case.Name)
	}
	return all
}
