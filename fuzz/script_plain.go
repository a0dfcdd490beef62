package fuzz

import (
	"slices"

	"github.com/ioconform/ioconform/conformance/scenario"
)

// plainer makes the line plainer in the k-th way there is, and reports whether there is such a way.
func plainer(l *scenario.Line, k int) bool {
	ways := plainerWays(l)
	if k >= len(ways) {
		return false
	}
	ways[k]()
	return true
}

// plainerWays lists what could be made plainer of a line: each changes the line.
func plainerWays(l *scenario.Line) (ways []func()) {
	way := func(worth bool, f func()) {
		if worth {
			ways = append(ways, f)
		}
	}
	way(l.Guard != nil, func() { l.Guard = nil })
	way(l.Background, func() { l.Background = false })
	of := func(opts *scenario.Opts, must ...string) {
		for i, o := range *opts {
			way(!slices.Contains(must, o.Key), func() { *opts = slices.Delete(slices.Clone(*opts), i, i+1) })
			if o.Value.Takes != scenario.TakesNumber {
				continue
			}
			for _, n := range []uint64{1, 4, 64, 4096} {
				way(slices.Contains(must, o.Key) && n < o.Value.Num.N, func() {
					*opts = slices.Clone(*opts)
					(*opts)[i].Value.Num = number(n)
				})
			}
		}
	}
	switch a := l.Action.(type) {
	case *scenario.PortLine:
		x := *a
		l.Action = &x
		of(&x.Opts)
	case *scenario.ListenLine:
		x := *a
		l.Action = &x
		of(&x.Opts)
	case *scenario.SocketLine:
		x := *a
		l.Action = &x
		of(&x.Opts)
	case *scenario.SessionLine:
		x := *a
		l.Action = &x
		of(&x.Opts, "peer")
		way(true, func() { l.Action = &scenario.PortLine{Name: scenario.SessionPort} }) // where all that is needed of it is the port
	case *scenario.AssociateLine:
		x := *a
		l.Action = &x
		of(&x.Opts, "key")
	case *scenario.StartLine:
		x := *a
		l.Action = &x
		of(&x.Opts, "len")
		way(x.As != "", func() { x.As = "" })
	case *scenario.PostLine:
		x := *a
		l.Action = &x
		of(&x.Opts)
	case *scenario.WaitLine:
		x := *a
		l.Action = &x
		way(x.Timed || x.Forever, func() { x.Timed, x.Forever, x.Timeout = false, false, 0 })
		way(x.Alertable, func() { x.Alertable = false })
		way(x.Max.N > 0, func() { x.Max = scenario.Num{} })
		way(x.As != "", func() { x.As = "" })
	case *scenario.PoolLine:
		x := *a
		l.Action = &x
		of(&x.Opts, "threads", "handler")
	case *scenario.PeerLine:
		x := *a
		l.Action = &x
		of(&x.Opts)
		if x.Bytes != nil {
			for _, n := range []uint64{1, 4, 64, 4096} {
				way(n < x.Bytes.Hi.N, func() { x.Bytes = &scenario.Range{Lo: number(n), Hi: number(n)} })
			}
		}
	case *scenario.TryLine:
		x := *a
		l.Action = &x
		of(&x.Opts, "len")
	case *scenario.InterestLine:
		x := *a
		l.Action = &x
		for i := range x.Flags {
			way(len(x.Flags) > 1, func() { x.Flags = slices.Delete(slices.Clone(x.Flags), i, i+1) })
		}
	}
	return ways
}

// number is n as it is read best.
func number(n uint64) scenario.Num {
	if n >= 1024 && n%1024 == 0 {
		return scenario.Num{N: n, Form: scenario.Kilo}
	}
	return scenario.Num{N: n}
}
