package fuzz

import (
	"sync"
	"testing"

	"github.com/ioconform/ioconform/fuzz/engine"
	"github.com/ioconform/ioconform/fuzz/lockstep"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// What the targets need is made once: the tools that build them for libFuzzer (.clusterfuzzlite) call the whole function for every input.

// mostBytes bounds what is looked at of an input, and mostSteps the calls of a program: some two dozen reach any race, and each takes its time. A program of twenty comes to a
// hundred steps of the simulated world.
const (
	mostBytes = 512
	mostSteps = 32
)

// tight buffers make the far end's slowness felt after a few hundred bytes.
var tight = simnet.Options{RcvBuf: 256, SndBuf: 256}

// floor is where the programs of fuzz targets are played.
type floor struct {
	model, epoll *engine.Executor
	program      engine.Program
}

var floors = sync.OnceValue(func() *floor {
	return &floor{model: engine.NewExecutor(simulated.Model(tight)), epoll: engine.NewExecutor(simulated.Epoll(tight))}
})

// FuzzProgram runs whatever program and schedule the bytes stand for on the model.
func FuzzProgram(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		x := floors()
		x.play(t, x.model, data)
	})
}

// FuzzBoth runs it on the model and on epoll-sim.
func FuzzBoth(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		x := floors()
		x.play(t, x.model, data)
		x.play(t, x.epoll, data)
	})
}

func (x *floor) play(t *testing.T, on *engine.Executor, data []byte) {
	p := &x.program
	picks := engine.Decode(data[:min(len(data), mostBytes)], p)
	p.Steps = p.Steps[:min(len(p.Steps), mostSteps)]
	if r := on.Execute(p, spec.Schedule{Strategy: "bytes", Bytes: picks}); r.Failed() != "" {
		t.Fatalf("%s: %s\n%v", r.Trace.About.Name, r.Failed(), p)
	}
}

// pair is the model and what is compared with it.
type pair struct {
	oracle, sut *lockstep.Player
	commands    []lockstep.Command
}

var pairs = sync.OnceValue(func() *pair {
	model, epoll := simulated.Model(simnet.Options{}), simulated.Epoll(simnet.Options{})
	return &pair{oracle: lockstep.NewPlayer(model, epoll), sut: lockstep.NewPlayer(epoll)}
})

// FuzzAgree makes the commands that the bytes stand for on the model and on epoll-sim, one at a time: the two answer the same, and so do the packets of their operations.
func FuzzAgree(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		x := pairs()
		x.commands = lockstep.Decode(data[:min(len(data), mostBytes)], x.commands[:0])
		want := x.oracle.Play(x.commands)
		if want.Err != nil || want.Broken() != "" || len(want.Surplus) > 0 {
			t.Fatalf("the model: %v %s %v\n%v", want.Err, want.Broken(), want.Surplus, want.Commands)
		}
		got := x.sut.Play(want.Commands)
		if got.Err != nil || got.Broken() != "" {
			t.Fatalf("epoll-sim: %v %s\n%v", got.Err, got.Broken(), want.Commands)
		}
		if d := lockstep.Difference(want, got); d != "" {
			t.Fatalf("%s\n%v", d, want.Commands)
		}
	})
}
