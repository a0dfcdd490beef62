package lawful_test

import (
	"reflect"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/fuzz/engine"
	"github.com/ioconform/ioconform/reference/lawful"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

// Each liberty is taken: some script goes otherwise with it. That nobody is accused for it is tested where random programs are.
func TestEachLibertyIsTaken(t *testing.T) {
	simtest.NotRaced(t)
	model, epoll, poller := simulated.Model(simnet.Options{}), simulated.Epoll(simnet.Options{}), simulated.Poller(simnet.Options{})
	for _, x := range []struct {
		base *spec.Target
		list []lawful.Liberty
	}{{model, lawful.Liberties}, {poller, lawful.Ready}} {
		for _, l := range x.list {
			base := x.base
			if l.Name == "size-untold" { // model, as Windows, knows no more
				base = epoll
			}
			if l.Name == "own-buffers" { // whose buffer it was until the packet came no trace tells: that is the point of it
				continue
			}
			plain := conformance.NewPlayer(lawful.Declaring(lawful.Target(base), l.Declare), "", nil)
			free := conformance.NewPlayer(lawful.Target(base, l.Name), "", nil)
			taken := false
			for seed := uint64(0); seed < 1000 && !taken; seed++ {
				c := engine.GenerateScript(&plain.Target().About, seed, 30)
				dull := spec.Schedule{Strategy: "dull"}
				taken = !reflect.DeepEqual(plain.Play(c, dull).Trace.Events, free.Play(c, dull).Trace.Events)
			}
			if !taken {
				t.Errorf("%s: every script goes as it does without", l.Name)
			}
		}
	}
}

func TestALibertyOfAnotherKindIsNoLiberty(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a poller may skip packets")
		}
	}()
	lawful.Target(simulated.Poller(simnet.Options{}), "skips")
}
