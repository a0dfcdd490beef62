package simnet_test

import (
	"slices"
	"testing"

	"github.com/ioconform/ioconform/simnet"
)

// Each mistake has a name of its own, by which it is planted; other names are handed on.
func TestEachFlawHasAName(t *testing.T) {
	seen := map[string]bool{"": true}
	for _, name := range simnet.Flaws {
		if seen[name] {
			t.Errorf("the name %q stands twice, or for nothing", name)
		}
		seen[name] = true
	}
	w := simnet.New(simnet.Options{})
	if others := w.NewKernel().Plant([]string{"lost-packet", simnet.Flaws[0]}); !slices.Equal(others, []string{"lost-packet"}) {
		t.Errorf("%q were handed on", others)
	}
}

// A kernel's mistakes are its own: another of the same world has none, nor has one of the next run.
func TestFlawsAreOfOneKernel(t *testing.T) {
	w := simnet.New(simnet.Options{})
	defer w.Close()
	told := func(k *simnet.Kernel) int {
		ep, _ := k.EpollCreate()
		fd, _ := k.EventFD()
		k.EventWrite(fd, 1)
		k.EpollCtl(ep, simnet.EpollAdd, fd, uint32(simnet.IN|simnet.ONESHOT), 7)
		n, _ := k.EpollWait(ep, make([]uint64, 1), make([]uint32, 1), 0)
		return n
	}
	for _, planted := range []bool{true, false} {
		w.Reset(simnet.Uniform(1))
		out := w.Run(func() {
			k, other := w.NewKernel(), w.NewKernel()
			want := 1
			if planted {
				k.Plant([]string{"one-shot-waits-for-a-change"})
				want = 0
			}
			if n := told(k); n != want {
				t.Errorf("planted %v: %d events came, want %d", planted, n, want)
			}
			if n := told(other); n != 1 {
				t.Errorf("of another kernel %d events came, want 1", n)
			}
		})
		if !out.OK() {
			t.Fatal(out)
		}
	}
}

// Also a kernel that looks before it adds, and lets others in meanwhile, has no two instances that watch each other: a change would go round for ever.
func TestAFlawedKernelHasNoLoopOfInstances(t *testing.T) {
	w := simnet.New(simnet.Options{})
	defer w.Close()
	refused := 0
	for seed := range uint64(50) {
		w.Reset(simnet.Uniform(seed))
		out := w.Run(func() {
			k := w.NewKernel()
			k.Plant([]string{"add-looks-first"})
			a, _ := k.EpollCreate()
			b, _ := k.EpollCreate()
			add := func(ep, fd int) {
				if k.EpollCtl(ep, simnet.EpollAdd, fd, uint32(simnet.IN), 0) == int(simnet.ELOOP) {
					refused++
				}
			}
			w.Go("other", func() { add(b, a) })
			add(a, b)
			w.Settle()
			fd, _ := k.EventFD()
			add(a, fd)
			add(b, fd)
			k.EventWrite(fd, 1)
		})
		if out.Verdict != simnet.Completed {
			t.Fatalf("seed %d: %v", seed, out)
		}
	}
	if refused != 50 {
		t.Errorf("in 50 runs %d adds were refused, want one in each", refused)
	}
}

// Nor has one that uses an instance again with whoever watched it before: they do not know it by the file that it has now.
func TestAnInstanceThatIsUsedAgainIsInNoLoop(t *testing.T) {
	w := simnet.New(simnet.Options{})
	defer w.Close()
	out := w.Run(func() {
		k := w.NewKernel()
		k.Plant([]string{"instance-used-again"})
		a, _ := k.EpollCreate()
		outer, _ := k.EpollCreate()
		add := func(ep, fd int) int { return k.EpollCtl(ep, simnet.EpollAdd, fd, uint32(simnet.IN), 0) }
		add(outer, a)
		k.Close(a)
		again, _ := k.EpollCreate()
		if errno := add(again, outer); errno != int(simnet.ELOOP) {
			t.Errorf("what watches the instance still can be watched by it: %d", errno)
		}
		fd, _ := k.EventFD()
		add(again, fd)
		k.EventWrite(fd, 1)
	})
	if out.Verdict != simnet.Completed {
		t.Fatal(out)
	}
}
