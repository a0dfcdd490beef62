package engine

import "github.com/ioconform/ioconform/spec"

// ScheduleOf is the schedule that the seed stands for.
func ScheduleOf(seed uint64) spec.Schedule {
	d := dice(seed)
	return drawSchedule(&d)
}

// drawSchedule draws how the choices of a run are made: each strategy finds what others practically never do.
func drawSchedule(d *dice) spec.Schedule {
	s := spec.Schedule{Strategy: "dull"}
	switch k := d.below(16); {
	case k < 6:
		s.Strategy = "uniform"
	case k < 12:
		s.Strategy = "lazy"
	case k < 15:
		s.Strategy = "pct"
		s.Depth, s.Length = 2+d.below(4), 100<<d.below(3)
	}
	s.Seed = d.next()
	return s
}
