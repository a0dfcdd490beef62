package lawful

import (
	"net/netip"
	"slices"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// ready is the layer around a readiness back end.
type ready struct {
	spec.ReadyBackend
	takes map[string]bool
}

type poller struct {
	b *ready
	spec.Poller
}

type raw struct {
	b *ready
	spec.Raw
}

func (b *ready) Poller() (spec.Poller, spec.Status) {
	p, st := b.ReadyBackend.Poller()
	if !st.Ok() {
		return nil, st
	}
	return &poller{b, p}, st
}

func (b *ready) Socket(n spec.Network) (spec.Raw, spec.Status) {
	r, st := b.ReadyBackend.Socket(n)
	if !st.Ok() {
		return nil, st
	}
	return &raw{b, r}, st
}

// inner is what the back end knows of a file.
func inner(f spec.File) spec.File {
	switch f := f.(type) {
	case *poller:
		return f.Poller
	case *raw:
		return f.Raw
	}
	return f
}

func (p *poller) Add(f spec.File, token uint64, ask spec.Interest) spec.Status {
	return p.Poller.Add(inner(f), token, ask)
}

func (p *poller) Modify(f spec.File, token uint64, ask spec.Interest) spec.Status {
	return p.Poller.Modify(inner(f), token, ask)
}

func (p *poller) Remove(f spec.File) spec.Status { return p.Poller.Remove(inner(f)) }

func (p *poller) Wait(dst []spec.Ready, timeout time.Duration) (int, spec.Status) {
	if p.b.takes["brings-one"] {
		dst = dst[:min(len(dst), 1)]
	}
	n, st := p.Poller.Wait(dst, timeout)
	if p.b.takes["brings-otherwise"] && n > 1 {
		slices.Reverse(dst[:n])
	}
	return n, st
}

func (r *raw) Try(k spec.Verb, buf []byte, to netip.AddrPort) (int, netip.AddrPort, spec.Raw, spec.Status) {
	if r.b.takes["tries-less"] && k == spec.Send && len(buf) > 1 {
		buf = buf[:(len(buf)+1)/2]
	}
	n, from, accepted, st := r.Raw.Try(k, buf, to)
	if accepted != nil {
		accepted = &raw{r.b, accepted}
	}
	return n, from, accepted, st
}

func (r *raw) Dup() (spec.Raw, spec.Status) {
	d, st := r.Raw.Dup()
	if !st.Ok() {
		return nil, st
	}
	return &raw{r.b, d}, st
}
