// Package lawful has layers around a completion back end and a readiness back end that do otherwise what the contract leaves open, and nothing else: whoever is behind them, no rule may
// speak of it. It is there to try the rules, as the planted bugs are: these have to be noticed, and what is here must not be.
package lawful

import (
	"maps"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// Liberty is something that a back end may do.
type Liberty struct {
	Name    string
	Does    string
	Declare spec.Axes // what the back end has to say of itself for that
}

// Ready lists what the layer around a readiness back end can do otherwise.
var Ready = []Liberty{
	{"brings-otherwise", "the events of a wait come last first", nil},
	{"tries-less", "of several bytes a send takes half", nil},
	{"brings-one", "a wait brings one event, however many there are", spec.Axes{"packets": "1"}},
	{"folds", "errors and hang-ups are told as in and out, and rdhup not at all", spec.Axes{"hangups": "folded"}},
}

// Liberties lists what the layer around a completion back end can do otherwise.
var Liberties = []Liberty{
	{"pends", "what is done at its start is answered as pending, and no packet is skipped", spec.Axes{"inline": "never"}},
	{"brings-one", "a wait brings one packet, however many there are", spec.Axes{"packets": "1"}},
	{"size-untold", "the true size of a datagram that was cut short is not known", nil},
	{"cuts-silently", "of a datagram nothing is known but what was received", spec.Axes{"truncation": "silent"}},
	{"skips", "what is done at its start has no packet, asked for or not", spec.Axes{"inline": "skip"}},
	{"cancels-direction", "what is cancelled takes with it what else goes the same way on its socket", spec.Axes{"cancel-scope": "direction"}},
	{"cancels-socket", "what is cancelled takes with it what else there is on its socket", spec.Axes{"cancel-scope": "socket"}},
	{"sends-less", "a send of several bytes is done when half of them have gone out", spec.Axes{"send": "short"}},
	{"own-buffers", "bytes are received into a buffer of the back end's, and handed over with the packet", spec.Axes{"buffer": "backend"}},
	{"own-keys", "the packet of an operation has a key of the operation", spec.Axes{"key": "op"}},
	{"stays-open", "a socket that is closed is so when what is outstanding on it has ended", spec.Axes{"close": "keep"}},
}

// windows are the capabilities that the layer does not pass on.
var windows = []spec.Capability{
	spec.CanWin32, spec.CanContext, spec.CanDisconnect, spec.CanArguments, spec.CanEvent, spec.CanAPC, spec.CanDuplicate, spec.CanThreadExit,
}

// Target returns a target with the layer around its back end, which takes these liberties and declares them. One that is none of the back end's kind is a mistake of whoever asks.
func Target(t *spec.Target, names ...string) *spec.Target {
	known := Liberties
	if t.About.Can(spec.CanPoll) {
		known = Ready
	}
	takes, axes := map[string]bool{}, spec.Axes{}
	for _, name := range names {
		i := slices.IndexFunc(known, func(l Liberty) bool { return l.Name == name })
		if i < 0 {
			panic("lawful: no liberty " + name + " for " + t.About.Name)
		}
		takes[name] = true
		maps.Copy(axes, known[i].Declare)
	}
	if !t.About.Can(spec.CanPoll) {
		t = Without(t, windows...)
	}
	x := Declaring(t, axes)
	if takes["pends"] {
		x = Without(x, spec.CanSkip)
	}
	if takes["folds"] {
		x = Without(x, spec.CanRdHup, spec.CanNest) // a poller inside would tell of what is dropped here
	}
	x.Open = func() (*spec.Instance, error) {
		in, err := t.Open()
		if err != nil {
			return nil, err
		}
		y := *in
		if y.Ready != nil {
			y.Ready = &ready{ReadyBackend: in.Ready, takes: takes}
		} else {
			y.Backend = &backend{Backend: in.Backend, takes: takes, socks: map[spec.Socket]*socket{}}
		}
		return &y, nil
	}
	return x
}

// Declaring returns the target as one that says this of itself as well.
func Declaring(t *spec.Target, axes spec.Axes) *spec.Target {
	x := *t
	x.About.Axes = spec.Axes{}
	maps.Copy(x.About.Axes, t.About.Axes)
	maps.Copy(x.About.Axes, axes)
	return &x
}

// Without returns the target as one that has not these capabilities.
func Without(t *spec.Target, cannot ...spec.Capability) *spec.Target {
	x := *t
	x.About.Capabilities = slices.DeleteFunc(slices.Clone(t.About.Capabilities), func(c spec.Capability) bool { return slices.Contains(cannot, c) })
	return &x
}

type backend struct {
	spec.Backend
	takes map[string]bool

	mu          sync.Mutex // of what follows, and of sockets; never held over a call of the back end
	socks       map[spec.Socket]*socket
	outstanding []*operation
}

// operation is what has been started and has not ended.
type operation struct {
	of  *spec.Op // whoever started it
	own spec.Op  // the back end's
	on  *socket
}

// find returns the operation of which is says so, nil if there is none.
func (b *backend) find(is func(*operation) bool) *operation {
	b.mu.Lock()
	defer b.mu.Unlock()
	if i := slices.IndexFunc(b.outstanding, is); i >= 0 {
		return b.outstanding[i]
	}
	return nil
}

type port struct {
	b *backend
	spec.Port
}

type socket struct {
	spec.Socket // the back end's; calls go to now
	b           *backend
	skips       bool
	closed      bool // for whoever uses it
}

func (b *backend) Port(concurrency int) (spec.Port, spec.Status) {
	p, st := b.Backend.Port(concurrency)
	if !st.Ok() {
		return nil, st
	}
	return &port{b, p}, st
}

func (b *backend) Socket(n spec.Network) (spec.Socket, spec.Status) {
	s, st := b.Backend.Socket(n)
	if !st.Ok() {
		return nil, st
	}
	return b.wrap(s), st
}

func (b *backend) wrap(inner spec.Socket) *socket {
	b.mu.Lock()
	s := b.socks[inner]
	fresh := s == nil
	if fresh {
		s = &socket{Socket: inner, b: b}
		b.socks[inner] = s
	}
	b.mu.Unlock()
	if fresh && b.takes["skips"] {
		s.SkipOnSuccess()
	}
	return s
}

func (p *port) Associate(x spec.Socket, key uint64) spec.Status {
	s := x.(*socket)
	if s.now() != s.Socket {
		return spec.Is(spec.Closed)
	}
	return p.Port.Associate(s.Socket, key)
}

func (p *port) Wait(dst []spec.Packet, timeout time.Duration) (int, spec.Status) {
	if p.b.takes["brings-one"] {
		dst = dst[:1]
	}
	n, st := p.Port.Wait(dst, timeout)
	for i := range max(n, 0) {
		p.b.hand(&dst[i])
	}
	return n, st
}

// hand makes of a packet what whoever started the operation is told.
func (b *backend) hand(k *spec.Packet) {
	o := b.find(func(o *operation) bool { return o.of.Token == k.Token })
	if o == nil { // posted
		return
	}
	b.ended(o, k.N)
	if k.Sock != nil {
		k.Sock = b.wrap(k.Sock)
	}
	if b.takes["own-keys"] {
		k.Key = ^k.Token
	}
	if o.of.Kind == spec.ReceiveFrom {
		k.Size, k.Status = b.mail(k.Size, k.Status)
	}
}

// fill hands over what was received.
func (o *operation) fill(n int) {
	if o.on.b.takes["own-buffers"] && n > 0 && (o.of.Kind == spec.Receive || o.of.Kind == spec.ReceiveFrom || o.of.Kind == spec.Accept) {
		copy(o.of.Buf, o.own.Buf[:min(n, len(o.own.Buf))])
	}
}

// ended hands over what was received, and closes the socket for which that was the last to wait for.
func (b *backend) ended(o *operation, n int) {
	o.fill(n)
	b.mu.Lock()
	b.outstanding = slices.DeleteFunc(b.outstanding, func(x *operation) bool { return x == o })
	last := o.on.closed && !b.busy(o.on)
	b.mu.Unlock()
	if last {
		o.on.Socket.Close()
	}
}

// busy reports whether something is outstanding on the socket. b.mu is held.
func (b *backend) busy(s *socket) bool {
	return slices.ContainsFunc(b.outstanding, func(o *operation) bool { return o.on == s })
}

func (s *socket) SkipOnSuccess() spec.Status {
	st := s.now().SkipOnSuccess()
	s.b.mu.Lock()
	s.skips = s.skips || st.Ok()
	s.b.mu.Unlock()
	return st
}

func (s *socket) Start(op *spec.Op) spec.Result {
	b := s.b
	o := &operation{of: op, own: *op, on: s}
	if into, is := op.Into.(*socket); is {
		o.own.Into = into.Socket
	}
	if b.takes["own-buffers"] {
		o.own.Buf = append([]byte(nil), op.Buf...)
	}
	if b.takes["sends-less"] && op.Kind == spec.Send && len(op.Buf) > 1 {
		o.own.Buf = o.own.Buf[:(len(op.Buf)+1)/2]
	}
	b.mu.Lock()
	if s.closed {
		b.mu.Unlock()
		return gone{}.Start(op)
	}
	b.outstanding = append(b.outstanding, o)
	b.mu.Unlock()
	res := s.Socket.Start(&o.own)
	b.mu.Lock()
	skips := s.skips
	b.mu.Unlock()
	switch {
	case res.How == spec.RefusedAtStart || res.How == spec.Done && skips:
		b.ended(o, res.N)
	case res.How == spec.Done && b.takes["pends"]:
		return spec.Result{}
	case res.How == spec.Done:
		o.fill(res.N)
	}
	if op.Kind == spec.ReceiveFrom && res.How == spec.Done {
		res.Size, res.Status = b.mail(res.Size, res.Status)
	}
	return res
}

// mail is what is said of a datagram that was received: its size, and how that went.
func (b *backend) mail(size int, st spec.Status) (int, spec.Status) {
	cut := st.Code == spec.Truncated
	switch {
	case b.takes["cuts-silently"] && (cut || st.Ok()):
		return -1, spec.Status{}
	case b.takes["size-untold"] && cut:
		return -1, st
	}
	return size, st
}

// outward reports whether what the operation moves goes out.
func outward(v spec.Verb) bool {
	return v == spec.Send || v == spec.SendTo || v == spec.Connect || v == spec.Disconnect
}

func (s *socket) Cancel(op *spec.Op) spec.Status {
	b := s.b
	if op == nil || s.now() != s.Socket {
		return s.now().Cancel(nil)
	}
	o := b.find(func(o *operation) bool { return o.of == op })
	if o == nil {
		return spec.Is(spec.NotFound)
	}
	b.mu.Lock()
	others := slices.DeleteFunc(slices.Clone(b.outstanding), func(x *operation) bool {
		along := b.takes["cancels-socket"] || b.takes["cancels-direction"] && outward(x.of.Kind) == outward(op.Kind)
		return x == o || x.on != s || !along
	})
	b.mu.Unlock()
	st := s.Socket.Cancel(&o.own)
	if st.Ok() {
		for _, x := range others {
			s.Socket.Cancel(&x.own)
		}
	}
	return st
}

// now is the back end's socket, or one that is closed: for whoever uses it, the socket is closed that stays open for what is outstanding.
func (s *socket) now() spec.Socket {
	s.b.mu.Lock()
	defer s.b.mu.Unlock()
	if s.closed {
		return gone{}
	}
	return s.Socket
}

func (s *socket) Bind(a netip.AddrPort) spec.Status    { return s.now().Bind(a) }
func (s *socket) Listen(backlog int) spec.Status       { return s.now().Listen(backlog) }
func (s *socket) Shutdown(side spec.Side) spec.Status  { return s.now().Shutdown(side) }
func (s *socket) Local() (netip.AddrPort, spec.Status) { return s.now().Local() }
func (s *socket) Peer() (netip.AddrPort, spec.Status)  { return s.now().Peer() }

func (s *socket) Close() spec.Status {
	b := s.b
	b.mu.Lock()
	if b.takes["stays-open"] && !s.closed && b.busy(s) {
		s.closed = true
		b.mu.Unlock()
		return spec.Status{}
	}
	b.mu.Unlock()
	return s.now().Close()
}

// gone is a socket that was closed.
type gone struct{}

func (gone) Bind(netip.AddrPort) spec.Status { return spec.Is(spec.Closed) }
func (gone) Listen(int) spec.Status          { return spec.Is(spec.Closed) }
func (gone) Start(*spec.Op) spec.Result {
	return spec.Result{How: spec.RefusedAtStart, Status: spec.Is(spec.Closed)}
}
func (gone) Cancel(*spec.Op) spec.Status          { return spec.Is(spec.Closed) }
func (gone) Shutdown(spec.Side) spec.Status       { return spec.Is(spec.Closed) }
func (gone) SkipOnSuccess() spec.Status           { return spec.Is(spec.Closed) }
func (gone) Local() (netip.AddrPort, spec.Status) { return netip.AddrPort{}, spec.Is(spec.Closed) }
func (gone) Peer() (netip.AddrPort, spec.Status)  { return netip.AddrPort{}, spec.Is(spec.Closed) }
func (gone) Close() spec.Status                   { return spec.Is(spec.Closed) }
