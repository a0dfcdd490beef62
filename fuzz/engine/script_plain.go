package engine

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
		of(&a.Opts)
	case *scenario.ListenLine:
		of(&a.Opts)
	case *scenario.SocketLine:
		of(&a.Opts)
	case *scenario.SessionLine:
		of(&a.Opts, "peer")
		way(true, func() { l.Action = &scenario.PortLine{Name: scenario.SessionPort} }) // where all that is needed of it is the port
	case *scenario.AssociateLine:
		of(&a.Opts, "key")
	case *scenario.StartLine:
		of(&a.Opts, "len")
		way(a.As != "", func() { a.As = "" })
	case *scenario.PostLine:
		of(&a.Opts)
	case *scenario.WaitLine:
		way(a.Timed || a.Forever, func() { a.Timed, a.Forever, a.Timeout = false, false, 0 })
		way(a.Alertable, func() { a.Alertable = false })
		way(a.Max.N > 0, func() { a.Max = scenario.Num{} })
		way(a.As != "", func() { a.As = "" })
	case *scenario.PoolLine:
		of(&a.Opts, "threads", "handler")
	case *scenario.PeerLine:
		of(&a.Opts)
		if a.Bytes != nil {
			for _, n := range []uint64{1, 4, 64, 4096} {
				way(n < a.Bytes.Hi.N, func() { a.Bytes = &scenario.Range{Lo: number(n), Hi: number(n)} })
			}
		}
	case *scenario.TryLine:
		of(&a.Opts, "len")
	case *scenario.InterestLine:
		way(slices.Contains(a.Flags, "in") && !slices.Contains(a.Flags, "out"), func() { // nobody has to send for that
			a.Flags = slices.Clone(a.Flags)
			a.Flags[slices.Index(a.Flags, "in")] = "out"
		})
		for i := range a.Flags {
			way(len(a.Flags) > 1, func() { a.Flags = slices.Delete(slices.Clone(a.Flags), i, i+1) })
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
