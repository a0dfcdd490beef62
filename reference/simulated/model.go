package simulated

import (
	"github.com/ioconform/ioconform/reference/model"
	"github.com/ioconform/ioconform/reference/simworld"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// Model is the golden model.
func Model(o simnet.Options) *spec.Target {
	type furnished struct {
		room
		b *model.Backend
	}
	p := &pool[*furnished]{}
	p.make = func() *furnished {
		r := &furnished{room: room{w: simworld.New(o)}}
		r.b = model.New(r.w.Sim)
		r.i = instance(r.w)
		r.i.Backend = r.b
		r.i.Plant, r.i.Watch = r.b.Plant, r.b.Watch
		r.i.Close = func() error { p.put(r); return nil }
		return r
	}
	about := model.About()
	about.Path = path(o)
	return &spec.Target{
		About: about, Mutants: model.Mutants(),
		Open: func() (*spec.Instance, error) {
			r := p.get()
			r.w.Reset()
			r.b.Reset()
			return r.i, r.b.Plant()
		},
	}
}
