package conformance

import (
	"slices"
	"time"

	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/spec"
)

var kindOf = map[string]spec.Verb{
	"accept": spec.Accept, "connect": spec.Connect, "disconnect": spec.Disconnect, "recv": spec.Receive, "send": spec.Send,
	"recvfrom": spec.ReceiveFrom, "sendto": spec.SendTo,
}

// newOperation makes an operation with a buffer of n bytes and a token of its own.
func (p *program) newOperation(name string, kind spec.Verb, n int) *operation {
	o := &operation{name: name, Operation: p.rec.NewOp(kind, n)}
	o.Token = Token(o.ID)
	switch kind {
	case spec.Send, spec.Connect:
		Pattern(o.Buf, o.ID, 0)
	case spec.SendTo: // datagrams of far ends and of our own may meet in one socket
		Pattern(o.Buf, o.ID+1<<20, 0)
	}
	p.mu.Lock()
	p.ops = append(p.ops, o)
	p.byOp[o.Operation] = o
	p.mu.Unlock()
	return o
}

// startOn starts o on s.
func (t *thread) startOn(s *spec.Sock, o *operation) spec.Result {
	t.p.mu.Lock()
	o.on = s
	skips := t.p.about.Axes.Get("inline") == "skip" || o.pooled && t.p.skips[s]
	t.p.mu.Unlock()
	res := t.rec.Start(s, o.Operation)
	t.p.served.Add(1)
	t.p.mu.Lock()
	t.p.shareEnds(true)
	o.how, o.began = res, true
	t.p.mu.Unlock()
	if res.How == spec.Done && skips {
		t.standIn(o)
	}
	return res
}

// skip has the socket skip, and notes that for what a pool starts on it from now on.
func (t *thread) skip(s *spec.Sock) spec.Status {
	st := t.rec.Skip(s)
	if st.Ok() {
		t.p.mu.Lock()
		t.p.skips[s] = true
		t.p.mu.Unlock()
	}
	return st
}

// standIn puts aside what stands for the packet of an operation that was done at its start and has none; a pool handles it on the thread that has started the operation.
func (t *thread) standIn(o *operation) {
	p := t.p
	k := &packet{Packet: spec.Packet{Token: o.Token, N: o.how.N, Status: o.how.Status, From: o.how.From, Size: o.how.Size}, op: o, optional: true, skipped: true}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shareEnds(true)
	o.packet = k
	if o.pooled {
		t.inline = append(t.inline, k)
	} else {
		p.share(sharedAside, true)
		p.aside = append(p.aside, k)
	}
	if o.Kind == spec.Accept && o.Accepted != nil {
		p.accepted(o)
	}
}

func (t *thread) start(l *scenario.Line, a *scenario.StartLine) (outcome, bool) {
	s, ok := t.p.socket(a.On)
	if !ok {
		return outcome{}, t.p.stuck(l, "no socket "+a.On+" yet", "")
	}
	again, ok := t.tokenOf(l, a.Opts)
	if !ok {
		return outcome{}, t.p.free
	}
	kind := kindOf[a.Verb]
	n := a.Opts.Int("len", 0)
	if kind == spec.Accept || kind == spec.Connect {
		n = a.Opts.Int("data", 0)
	}
	o := t.p.newOperation(a.Name, kind, n)
	switch kind {
	case spec.Accept:
		o.Data, o.Arguments = n, arguments(a.Opts)
		if a.Into != "" {
			into, ok := t.p.socket(a.Into)
			if !ok {
				return outcome{}, t.p.stuck(l, "no socket "+a.Into+" yet", "")
			}
			o.IntoSock = into
		}
	case spec.SendTo:
		if o.To = t.p.address(a.To); !o.To.IsValid() {
			return outcome{}, t.p.stuck(l, a.To+" has no address", "")
		}
	case spec.Connect:
		if p, ok := named[*spec.PeerListenerRef](t.p, a.To); ok {
			o.To = p.Listener.Addr()
		} else if p, ok := named[*listener](t.p, a.To); ok {
			o.To = p.addr()
		}
		if !o.To.IsValid() { // of a far end that another strand of a par has not made yet
			return outcome{}, t.p.stuck(l, a.To+" has no address", "")
		}
		if a.Opts.Word("bind", "yes") == "yes" {
			t.rec.Bind(s, t.p.world.Loopback(streams(o.To))) // needed on Windows (ConnectEx); a second time it is refused, and nothing depends on it
		}
	case spec.Disconnect:
		if a.Opts.Yes("reuse") {
			o.Flags |= spec.Reuse
		}
	}
	if a.Opts.Word("context", "yes") == "no" {
		o.Flags |= spec.NoContext
	}
	if a.Opts.Yes("waitall") {
		o.Flags |= spec.WaitAll
	}
	if name := a.Opts.Word("event", ""); name != "" {
		if o.Signals, ok = named[*spec.EventRef](t.p, name); !ok {
			return outcome{}, t.p.stuck(l, "no event "+name+" yet", "")
		}
		if a.Opts.Word("packet", "yes") == "no" {
			o.Flags |= spec.EventOnly
		}
	}
	if again != nil {
		o.Token = again.Token
	}
	t.p.bind(a.Name, o)
	res := t.startOn(s, o)
	if a.Opts.Yes("overwrite") {
		for i := range o.Buf {
			o.Buf[i] ^= 0xFF
		}
	}
	return outcome{start: &res}, true
}

// tokenOf is the operation whose token the line uses again, nil if it has one of its own. That operation's packet must have been taken, which is what the
// program owes the back end (DSC-4): also where it was done at its start, since whether it has a packet then the script does not know.
func (t *thread) tokenOf(l *scenario.Line, opts scenario.Opts) (o *operation, ok bool) {
	name := opts.Word("token", "")
	if name == "" {
		return nil, true
	}
	o, ok = named[*operation](t.p, name)
	if !ok || o.Operation == nil {
		return nil, true
	}
	t.p.shareEnds(false)
	t.p.mu.Lock()
	taken := o.packet != nil || o.began && o.how.How == spec.RefusedAtStart
	t.p.mu.Unlock()
	if !taken {
		t.p.stuck(l, "the packet of "+name+", whose token this is, has not been taken", "")
	}
	return o, taken
}

// arguments are those of AcceptEx that the line gives, nil if it gives none.
func arguments(o scenario.Opts) *spec.AcceptArguments {
	if !o.Has("local") && !o.Has("remote") && !o.Has("without") {
		return nil
	}
	a := &spec.AcceptArguments{LocalRoom: o.Int("local", spec.RoomEnough), RemoteRoom: o.Int("remote", spec.RoomEnough)}
	a.Without, _ = spec.AcceptArgumentByWord(o.Word("without", ""))
	return a
}

// patience is how long a far end's call may take: in the simulated world until nothing else can happen, in the real one long, unless nobody can say
// whether it is to come back at all.
func (p *program) patience() time.Duration {
	if p.world.Controlled() {
		return p.world.Watch(spec.Patient).Slice()
	}
	if p.free { // whether anything comes is not known
		return p.world.Watch(spec.Quiet).Slice()
	}
	return 30 * time.Second
}

func (t *thread) control(l *scenario.Line) (outcome, bool) {
	p := t.p
	missing := func(name string) (outcome, bool) {
		return outcome{}, p.stuck(l, "no "+name+" yet", "")
	}
	switch a := l.Action.(type) {
	case *scenario.CancelLine:
		if a.All {
			s, ok := p.socket(a.Name)
			if !ok {
				return missing(a.Name)
			}
			return outcome{status: t.rec.Cancel(s, nil)}, true
		}
		o, ok := named[*operation](p, a.Name)
		if !ok {
			return missing(a.Name)
		}
		p.mu.Lock()
		s := o.on
		p.mu.Unlock()
		if s == nil { // a post, or not started yet
			return missing(a.Name)
		}
		return outcome{status: t.rec.Cancel(s, o.Operation)}, true
	case *scenario.ShutdownLine:
		s, ok := p.socket(a.Name)
		if !ok {
			return missing(a.Name)
		}
		side := map[string]spec.Side{"send": spec.SideSend, "receive": spec.SideReceive, "both": spec.SideBoth}[a.Side]
		return outcome{status: t.rec.Shutdown(s, side)}, true
	case *scenario.CloseLine:
		if port, ok := named[*spec.PortRef](p, a.Name); ok {
			return outcome{status: t.rec.ClosePort(port)}, true
		}
		s, ok := p.socket(a.Name)
		if !ok {
			return missing(a.Name)
		}
		return outcome{status: t.rec.CloseSocket(s)}, true
	case *scenario.APCLine:
		return t.apc(a), true
	case *scenario.DupLine:
		s, ok := p.socket(a.Name)
		if !ok {
			return missing(a.Name)
		}
		d, st := t.rec.Duplicate(s)
		if st.Ok() {
			p.addSock(a.As, d)
			if l, is := named[*listener](p, a.Name); is {
				twin := &listener{Sock: d}
				twin.reachedAt(l.addr())
				p.bind(a.As, twin)
			}
		}
		return outcome{status: st}, true
	case *scenario.SkipLine:
		s, ok := p.socket(a.Name)
		if !ok {
			return missing(a.Name)
		}
		return outcome{status: t.skip(s)}, true
	case *scenario.ContextLine:
		s, ok := p.socket(a.Name)
		if !ok {
			return missing(a.Name)
		}
		var from *spec.Sock
		if a.From != "" {
			if from, ok = p.socket(a.From); !ok {
				return missing(a.From)
			}
		}
		return outcome{status: t.rec.UpdateContext(s, from)}, true
	case *scenario.NameLine:
		s, ok := p.socket(a.Name)
		if !ok {
			return missing(a.Name)
		}
		ask := t.rec.LocalName
		if a.Verb == "peername" {
			ask = t.rec.PeerName
		}
		_, st := ask(s)
		return outcome{status: st}, true
	case *scenario.PostLine:
		return t.post(l, a)
	case *scenario.SettleLine:
		t.rec.Pause()
		return outcome{}, true
	case *scenario.TimeLine:
		p.world.Sleep(a.Time)
		return outcome{}, true
	case *scenario.SpanLine:
		return t.span(l, a)
	case *scenario.ObserveLine:
		return t.observe(l, a)
	case *scenario.NetLine:
		return t.disturb(l, a)
	}
	return outcome{}, p.stuck(l, "the verb "+l.Action.Word()+" is not for completion back ends", "")
}

func (t *thread) post(l *scenario.Line, a *scenario.PostLine) (outcome, bool) {
	p := t.p
	port, ok := named[*spec.PortRef](p, a.Port)
	if !ok {
		return outcome{}, p.stuck(l, "no port "+a.Port+" yet", "")
	}
	o := &operation{name: a.Name, post: true}
	p.mu.Lock()
	o.token = Token(1<<31 + uint32(len(p.posts)))
	if other := a.Opts.Word("token", ""); other != "" {
		if x, ok := p.names[other].(*operation); ok {
			if o.token = x.token; x.Operation != nil {
				o.token = x.Token
			}
		}
	}
	p.posts[o.token] = o
	p.names[a.Name] = o
	p.mu.Unlock()
	return outcome{status: t.rec.Post(port, a.Opts.Uint("key", 0), o.token, a.Opts.Int("bytes", 0))}, true
}

// span marks the beginning or the end of a handler.
func (t *thread) span(l *scenario.Line, a *scenario.SpanLine) (outcome, bool) {
	o, ok := named[*operation](t.p, a.Packet)
	if k, is := named[*packet](t.p, a.Packet); is {
		o, ok = k.op, k.op != nil
	}
	if !ok || o.Operation == nil {
		return outcome{}, t.p.stuck(l, "no packet "+a.Packet+" yet", "")
	}
	switch by := t.p.handledBy(o); {
	case a.Verb == "enter" && by == nil:
		t.enter(o)
	case a.Verb == "leave" && by == t:
		t.leave(o)
	case t.p.free: // it begins once, and ends on the thread that it began on
	case by == nil:
		return outcome{}, t.p.stuck(l, "no handler of "+a.Packet+" has begun", "")
	default:
		return outcome{}, t.p.stuck(l, "the handler of "+a.Packet+" is under way on "+by.name, "")
	}
	return outcome{}, true
}

// handledBy is the thread on which the handler of o's packet is under way, nil if there is none.
func (p *program) handledBy(o *operation) *thread {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.share(sharedOverlap, true)
	for _, h := range p.open {
		if h.of == o {
			return h.by
		}
	}
	return nil
}

func (t *thread) enter(o *operation) {
	t.rec.Enter(o.Operation)
	t.entered(o)
}

// entered notes that a handler is under way.
func (t *thread) entered(o *operation) {
	p := t.p
	p.mu.Lock()
	for _, h := range p.open {
		if h.of.On == o.On {
			p.share(sharedOverlap, true)
			p.overlap[o.On] = true
		}
	}
	p.open = append(p.open, handling{o, t})
	p.mu.Unlock()
}

func (t *thread) leave(o *operation) {
	t.left(o)
	t.rec.Leave(o.Operation)
}

func (t *thread) left(o *operation) {
	p := t.p
	p.mu.Lock()
	p.open = slices.DeleteFunc(p.open, func(h handling) bool { return h == handling{o, t} })
	p.mu.Unlock()
}

// observe diverges if something that may happen did not, in a script that makes it happen.
func (t *thread) observe(l *scenario.Line, a *scenario.ObserveLine) (outcome, bool) {
	p := t.p
	switch a.What {
	case "ran":
		x, _ := named[*apc](p, a.Name)
		if x == nil || !x.ran {
			return outcome{}, p.stuck(l, a.Name+" has not run", "ran")
		}
		return outcome{}, true
	case "overlap":
		s, _ := p.socket(a.Name)
		p.mu.Lock()
		p.share(sharedOverlap, false)
		seen := p.overlap[s]
		p.mu.Unlock()
		if !seen {
			return outcome{}, p.stuck(l, "no two handlers of "+a.Name+" ran at once", "overlap")
		}
		return outcome{}, true
	}
	return outcome{}, p.stuck(l, "observing "+a.What+" is not for completion back ends", "")
}
