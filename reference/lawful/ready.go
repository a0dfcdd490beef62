package lawful

import (
	"net/netip"
	"slices"
	"sync"
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

	mu   sync.Mutex
	asks map[uint64]spec.Interest // by token, where hang-ups are folded
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
	return &poller{b: b, Poller: p, asks: map[uint64]spec.Interest{}}, st
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
	return p.Poller.Add(inner(f), token, p.asked(token, ask))
}

func (p *poller) Modify(f spec.File, token uint64, ask spec.Interest) spec.Status {
	return p.Poller.Modify(inner(f), token, p.asked(token, ask))
}

// asked notes what is asked under the token. Who asks for nothing is told of nothing where hang-ups are folded; what comes all the same comes once.
func (p *poller) asked(token uint64, ask spec.Interest) spec.Interest {
	if !p.b.takes["folds"] {
		return ask
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.asks[token] = ask; ask&(spec.In|spec.Out) == 0 {
		ask |= spec.Edge
	}
	return ask
}

// fill adds to the first n events, of which there were more, what there is room for now.
func (p *poller) fill(dst []spec.Ready, n int) int {
	for tries := 0; n < len(dst) && tries < 64; tries++ {
		more, _ := p.Poller.Wait(dst[n:], 0)
		if more == 0 {
			break
		}
		n += len(slices.DeleteFunc(dst[n:][:p.fold(dst[n:][:more])], func(e spec.Ready) bool {
			return slices.ContainsFunc(dst[:n], func(x spec.Ready) bool { return x.Token == e.Token })
		}))
	}
	return n
}

// fold leaves of the events what is asked for, errors and hang-ups told as in and out.
func (p *poller) fold(events []spec.Ready) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range events {
		if e.Events&(spec.Err|spec.Hup) != 0 {
			e.Events |= spec.In | spec.Out
		}
		if e.Events &= p.asks[e.Token] & (spec.In | spec.Out); e.Events != 0 {
			events[n] = e
			n++
		}
	}
	return n
}

func (p *poller) Remove(f spec.File) spec.Status { return p.Poller.Remove(inner(f)) }

func (p *poller) Wait(dst []spec.Ready, timeout time.Duration) (int, spec.Status) {
	if p.b.takes["brings-one"] {
		dst = dst[:min(len(dst), 1)]
	}
	n, st := p.Poller.Wait(dst, timeout)
	for p.b.takes["folds"] && st.Ok() {
		full := n == len(dst)
		if n = p.fold(dst[:n]); n > 0 {
			if full {
				n = p.fill(dst, n)
			}
			break
		}
		n, st = p.Poller.Wait(dst, timeout)
	}
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
