package fuzz

import (
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// The random strategies of the portfolio. No strategy wins: a livelock that uniform choices show at once may lie beyond every bound that a search gets
// to, a lock that is missing for one step shows after a few dozen uniform schedules or after tens of thousands, and what needs long
// undisturbed stretches of one thread is found by lazy choices or by priorities (PCT) alone.
var strategies = []string{"uniform", "lazy", "pct"}

// draws are the random strategies at work.
func (x *explorer) draws() (list []drawing) {
	if x.o.Random == 0 {
		return nil
	}
	for _, s := range strategies {
		if x.o.Only == "" || x.o.Only == s {
			list = append(list, drawing{Drawn: Drawn{Strategy: s}})
		}
	}
	x.Random = make([]Drawn, len(list))
	return list
}

type drawing struct {
	Drawn
	pct [pctDepths]*simnet.PriorityRandom
}

// pctDepths is how many depths PCT is asked for in turn: a fault that needs d+1 steps to come in some order is found with d.
const pctDepths = 4

// draw makes so many runs and reports whether there are more to be made.
func (x *explorer) draw(d *drawing, runs int) bool {
	for range runs {
		if x.ctx.Err() != nil || d.Schedules >= x.o.Random {
			return false
		}
		seed := x.o.Seed + uint64(d.Schedules)
		schedule := spec.Schedule{Strategy: d.Strategy, Seed: seed}
		if d.Strategy == "pct" {
			schedule = spec.Schedule{Strategy: "source", Source: d.source(seed, max(x.longest, 1))}
		}
		a := x.player.play(schedule, nil)
		d.Schedules++
		if x.judge(&a, Found{Strategy: d.Strategy, Seed: seed, Cost: -1}) {
			d.Bad++
		}
	}
	return true
}

// source is PCT for runs of about that many choices.
func (d *drawing) source(seed uint64, length int) simnet.Source {
	depth := int(seed % pctDepths)
	if d.pct[depth] == nil || d.pct[depth].Length() != length {
		d.pct[depth] = simnet.PCT(seed, depth+1, length)
	} else {
		d.pct[depth].Seed(seed)
	}
	return d.pct[depth]
}
