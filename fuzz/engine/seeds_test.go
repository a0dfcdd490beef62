package engine

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/fuzz/lockstep"
	"github.com/ioconform/ioconform/fuzz/seed"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// What a program's bytes say is what the program is.
func TestAProgramIsReadAsItWasWritten(t *testing.T) {
	var p, q Program
	schedule := []byte{1, 2, 3}
	for i := range 200 {
		Generate(&p, uint64(i), i)
		data := Encode(&p, schedule)
		rest := Decode(data, &q)
		if again := Encode(&q, rest); !bytes.Equal(data, again) {
			t.Fatalf("program %d: %v\nbecame\n%v", i, data, again)
		}
		for k := range p.Steps {
			if a, b := p.Steps[k], q.Steps[k]; a.Thread != b.Thread || a.Act != b.Act || a.Obj != b.Obj || a.N != b.N && a.N < 248 {
				t.Fatalf("program %d, step %d: %v became %v", i, k, a, b)
			}
		}
	}
}

// tight buffers are those of the fuzz targets.
var tight = simnet.Options{RcvBuf: 256, SndBuf: 256}

// The seeds of package fuzz are what reveals planted bugs, made small: a bug's name, and bytes in which it shows. go test ./fuzz/engine -run TheSeeds -write-seeds looks
// for them.
func TestTheSeedsRevealBugs(t *testing.T) {
	for _, target := range []struct {
		name string
		seen func(bug string, data []byte) bool
		of   *spec.Target
		draw func(seed uint64) []byte
	}{
		{"FuzzProgram", fails(simulated.Model), simulated.Model(tight), drawProgram},
		{"FuzzBoth", fails(simulated.Epoll), simulated.Epoll(tight), drawProgram},
		{"FuzzAgree", differs(), simulated.Epoll(tight), drawCommands},
	} {
		dir := "../testdata/fuzz/" + target.name
		if !seed.Writing() {
			seeds, err := seed.Read(dir)
			if err != nil {
				t.Error(err)
			}
			bugs := 0
			for _, s := range seeds { // beside those that have a bug's name there is what go test -fuzz has found
				if !slices.Contains(target.of.Mutants, s.Name) {
					continue
				}
				if bugs++; !target.seen(s.Name, s.Input) {
					t.Errorf("%s/%s does not reveal the bug", dir, s.Name)
				}
			}
			if bugs < 6 {
				t.Errorf("%s has seeds for %d bugs", target.name, bugs)
			}
			continue
		}
		found := map[string][]byte{}
		for _, bug := range target.of.Mutants {
			if bug == "close-lingers" {
				continue // it recurses without end on a socket whose sending side has been shut down
			}
			for i := range uint64(2000) {
				if data := target.draw(i); target.seen(bug, data) {
					found[bug] = small(data, func(data []byte) bool { return target.seen(bug, data) })
					break
				}
			}
		}
		needed(found, target.seen)
		seed.Keep(t, dir, found)
	}
}

// needed leaves out what a bug has no need of: a bug that another one's seed reveals needs none of its own. Of two seeds that are as good that of the later name stays.
func needed(found map[string][]byte, seen func(bug string, data []byte) bool) {
	bugs := slices.Sorted(maps.Keys(found))
	for _, bug := range bugs {
		for _, other := range bugs {
			data, there := found[other]
			if there && bug != other && len(data) <= len(found[bug]) && seen(bug, data) {
				delete(found, bug)
				break
			}
		}
	}
}

// Which seeds stay depends on the seeds alone.
func TestTheSeedsThatAreNeededAreTheSameEveryTime(t *testing.T) {
	for range 50 {
		found := map[string][]byte{"a": {1, 2}, "b": {2, 1}, "c": {1, 2, 3}, "d": {4}, "e": {5, 5}, "f": {1}}
		needed(found, func(bug string, data []byte) bool { // what has a 1 shows a, b and c
			return strings.Contains("abc", bug) && len(data) > 1 && slices.Contains(data, 1) || bug == "e" && data[0] == 5
		})
		if got := slices.Sorted(maps.Keys(found)); !slices.Equal(got, []string{"b", "d", "e", "f"}) {
			t.Fatal(got)
		}
	}
}

// fails reports whether a program makes a target with the bug fail.
func fails(of func(simnet.Options) *spec.Target) func(string, []byte) bool {
	var p Program
	executors := map[string]*Executor{}
	return func(bug string, data []byte) bool {
		if executors[bug] == nil {
			executors[bug] = NewExecutor(of(tight), bug)
		}
		r := executors[bug].Execute(&p, spec.Schedule{Strategy: "bytes", Bytes: Decode(data, &p)})
		return r.Failed() != ""
	}
}

// differs reports whether commands make epoll-sim with the bug another than the model.
func differs() func(string, []byte) bool {
	model, epoll := simulated.Model(simnet.Options{}), simulated.Epoll(simnet.Options{})
	oracle, sut := lockstep.NewPlayer(model, epoll), lockstep.NewPlayer(epoll)
	return func(bug string, data []byte) bool {
		sut.Plant(bug)
		want := oracle.Play(lockstep.Decode(data, nil))
		got := sut.Play(want.Commands)
		return got.Err != nil || lockstep.Difference(want, got) != ""
	}
}

func drawProgram(seed uint64) []byte {
	var p Program
	Generate(&p, seed, 20)
	return Encode(&p, drawCommands(seed)[:60])
}

func drawCommands(seed uint64) []byte {
	d := dice(seed)
	data := make([]byte, 120)
	for i := range data {
		data[i] = byte(d.next())
	}
	return data
}

// small leaves out of the bytes, and sets to 0, what is not needed for them to be seen.
func small(data []byte, seen func([]byte) bool) []byte {
	for again := true; again; {
		again = false
		for width := len(data) / 2; width > 0; width /= 2 {
			for at := 0; at+width <= len(data); {
				if less := slices.Delete(slices.Clone(data), at, at+width); seen(less) {
					data, again = less, true
				} else {
					at += width
				}
			}
		}
		for i := range data {
			if data[i] == 0 {
				continue
			}
			if zero := slices.Clone(data); true {
				if zero[i] = 0; seen(zero) {
					data, again = zero, true
				}
			}
		}
	}
	return data
}
