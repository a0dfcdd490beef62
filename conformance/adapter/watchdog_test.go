package adapter

import (
	"fmt"
	"testing"

	"github.com/ioconform/ioconform/spec"
)

// spent is a world that has no patience at all.
type spent struct{ spec.World }

type spentWatch struct{ spec.Watch }

func (spent) Watch(spec.Pace) spec.Watch { return spentWatch{} }
func (spentWatch) Spent() bool           { return true }
func (spentWatch) Rounds() int           { return 7 }

// Who has megabytes to read first has so many times as long, and so has what waits behind them; the canary tells how busy the machine is, not how much there is to do.
func TestThereIsPatienceForEachMegabyte(t *testing.T) {
	shape, _ := RequestShape("send")
	for _, x := range []struct{ data, looks int }{{0, 1}, {1<<20 - 1, 1}, {1 << 20, 2}, {3 << 20, 4}} {
		s, other := &session{world: spent{}}, &session{world: spent{}}
		c := &conn{calls: map[int64]*call{
			1: {shape: shape, id: 1, session: s, data: x.data, looks: least},
			2: {shape: shape, id: 2, session: s, looks: least},
			3: {shape: shape, id: 3, session: other, data: 5 << 20},
		}}
		looks := 1
		late, _ := c.overdue(s)
		for ; late == "" && looks < 100; looks++ {
			late, _ = c.overdue(s)
		}
		want := "send (request 1) was not answered while this machine took 7 round trips over its loopback"
		if x.looks > 1 {
			want = "send (request 1) was not answered while this machine took " + map[int]string{2: "14", 4: "28"}[x.looks] + " round trips over its loopback"
		}
		if looks != x.looks || late != want {
			t.Errorf("with %d bytes under way it is late at look %d: %q; want %d, %q", x.data, looks, late, x.looks, want)
		}
	}
}

// Before the answer of a hello there is a process to be loaded, which may be an interpreter, a virtual machine or Wine.
func TestThereIsPatienceForAStart(t *testing.T) {
	s := &session{world: spent{}}
	for name, looks := range map[string]int{"hello": 1 + starting, "reset": 1} {
		shape, _ := RequestShape(name)
		c := &conn{calls: map[int64]*call{1: {shape: shape, id: 1, session: s, looks: least}}}
		for n := 1; ; n++ {
			late, _ := c.overdue(s)
			if late == "" && n < looks {
				continue
			}
			if want := fmt.Sprintf("%s (request 1) was not answered while this machine took %d round trips over its loopback", name, 7*looks); n != looks || late != want {
				t.Errorf("at look %d: %q; want %q at look %d", n, late, want, looks)
			}
			break
		}
	}
}
