package engine

import "github.com/ioconform/ioconform/spec"

// The random strategies of the portfolio. No strategy wins: a livelock that uniform choices show at once may lie beyond every bound that a search gets
// to, a lock that is missing for one step shows after a few dozen uniform schedules or after tens of thousands, and what needs long
// undisturbed stretches of one thread is found by lazy choices or by priorities (PCT) alone.
var strategies = []string{"uniform", "lazy", "pct"}

// drawn lists those that are to take turns with the search.
func (o *ExploreOptions) drawn() (list []Drawn) {
	for _, s := range strategies {
		if o.Random > 0 && (o.Only == "" || o.Only == s) {
			list = append(list, Drawn{Strategy: s})
		}
	}
	return list
}

// PCT is asked for several depths in turn, as many seeds each: a fault that needs some steps to come in one order of many is found with that depth.
const (
	pctDepths = 4
	pctSeeds  = 16
)

// draw makes so many runs and reports whether there are more to be made.
func (x *explorer) draw(d *Drawn, runs int) bool {
	for range runs {
		if x.ctx.Err() != nil || d.Schedules >= x.o.Random {
			return false
		}
		seed := x.o.Seed + uint64(d.Schedules)
		schedule := spec.Schedule{Strategy: d.Strategy, Seed: seed}
		if d.Strategy == "pct" {
			schedule.Depth, schedule.Length = 1+d.Schedules/pctSeeds%pctDepths, x.longest
		}
		a := x.player.play(schedule, nil)
		d.Schedules++
		if x.judge(&a, Found{Strategy: d.Strategy, Seed: seed, Cost: -1}) {
			d.Bad++
		}
	}
	return true
}
