package simulated

import (
	"slices"

	"github.com/ioconform/ioconform/reference/faulty"
	"github.com/ioconform/ioconform/reference/poller"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// Poller is raw epoll on a simulated kernel.
func Poller(o simnet.Options) *spec.Target {
	p := rooms(o)
	probe := p.get()
	probe.w.Reset()
	caps := append(poller.Capabilities(probe.w.Sim.NewKernel()), spec.CanControl)
	p.put(probe)
	return &spec.Target{
		About: poller.About("poller-sim", "simnet", "sim", caps), Mutants: slices.Concat(poller.Mutants, faulty.Readiness, faulty.Kernels, simnet.Flaws),
		Open: func() (*spec.Instance, error) {
			r := p.get()
			r.w.Reset()
			r.i.Schedule = func(s spec.Schedule) error {
				if err := r.w.Schedule(s); err != nil {
					return err
				}
				k := r.w.Sim.NewKernel()
				r.i.Ready = poller.New(k)
				r.i.Plant = func(names ...string) error {
					under, names := faulty.Kernel(k, k.Plant(names))
					b := poller.New(under)
					layer, names := faulty.Ready(b, names)
					r.i.Ready = layer
					return b.Plant(names...)
				}
				return nil
			}
			return r.i, r.i.Schedule(spec.Schedule{})
		},
	}
}
