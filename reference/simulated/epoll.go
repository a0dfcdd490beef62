package simulated

import (
	"slices"

	"github.com/ioconform/ioconform/reference/epoll"
	"github.com/ioconform/ioconform/reference/faulty"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// Epoll is the epoll reference on a simulated kernel.
func Epoll(o simnet.Options) *spec.Target {
	p := rooms(o)
	about := epoll.About("simnet", "sim")
	about.Name = "epoll-sim"
	about.Capabilities = append(about.Capabilities, spec.CanControl, spec.CanIPv6)
	about.Path = path(o)
	return &spec.Target{
		About: about, Mutants: slices.Concat(epoll.Mutants, faulty.Completion),
		Open: func() (*spec.Instance, error) {
			r := p.get()
			r.w.Reset()
			r.i.Schedule = func(s spec.Schedule) error {
				if err := r.w.Schedule(s); err != nil {
					return err
				}
				b := epoll.New(r.w.Sim.NewKernel())
				r.i.Backend = b
				r.i.Plant = func(names ...string) error {
					layer, others := faulty.Backend(b, names)
					r.i.Backend = layer
					return b.Plant(others...)
				}
				r.i.Watch = func(told func(bug string)) {
					for _, bug := range faulty.Completion { // of a layer that is there with its bugs alone
						told(bug)
					}
					b.Watch(told)
				}
				return nil
			}
			return r.i, r.i.Schedule(spec.Schedule{})
		},
	}
}
