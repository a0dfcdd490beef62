package conformance_test

import (
	"bytes"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/reference"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

// The exam for foreign traces: what the references did is never accused of anything, in whatever form it is told; and one fault put into it
// is, by the right rule and by no other.

// record runs a program of a few rounds on a target: two receives outstanding on each connection, two sends, two posts.
func record(t *testing.T, target *spec.Target, seed uint64) *spec.Trace {
	t.Helper()
	in, err := target.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if in.Schedule != nil {
		strategy := "uniform"
		if seed%2 == 0 {
			strategy = "lazy"
		}
		if err := in.Schedule(spec.Schedule{Strategy: strategy, Seed: seed}); err != nil {
			t.Fatal(err)
		}
	}
	rng := rand.New(rand.NewPCG(seed, 6))
	rec := spec.NewRecorder(in.World, in.Backend, target.About)
	fail := ""
	err = in.Run(func() {
		main, far := rec.Thread("main"), rec.Thread("peer:c")
		must := func(what string, st spec.Status) {
			if !st.Ok() && fail == "" {
				fail = what + ": " + st.String()
			}
		}
		port, st := main.OpenPort(0)
		must("port", st)
		lis, st := main.OpenSocket(spec.TCP4)
		must("socket", st)
		must("bind", main.Bind(lis, netip.MustParseAddrPort("127.0.0.1:0")))
		addr, st := main.Listen(lis, 16)
		must("listen", st)
		must("associate", main.Associate(port, lis, 10))
		start := func(s *spec.Sock, kind spec.Verb, n int) *spec.Operation {
			o := rec.NewOp(kind, n)
			o.Token = conformance.Token(o.ID)
			if kind == spec.Send {
				spec.Pattern(o.Buf, o.ID, 0)
			}
			if r := main.Start(s, o); r.How == spec.RefusedAtStart {
				must("start", r.Status)
			}
			return o
		}
		dst, ops := make([]spec.Packet, 4), make([]*spec.Operation, 4)
		took := map[*spec.Operation]spec.Packet{}
		posts := 0
		wait := func(done func() bool) {
			for w := in.World.Watch(spec.Patient); !done() && fail == ""; {
				n, st := main.Wait(port, dst[:1+rng.IntN(4)], ops, w.Slice())
				for i := range max(n, 0) {
					if ops[i] == nil {
						posts++
					} else {
						took[ops[i]] = dst[i]
					}
				}
				if st.Code == spec.TimedOut && w.Spent() {
					fail = "a packet has not come"
				}
			}
		}
		has := func(list ...*spec.Operation) func() bool {
			return func() bool {
				for _, o := range list {
					if _, there := took[o]; !there {
						return false
					}
				}
				return true
			}
		}
		acc := start(lis, spec.Accept, 0)
		peer, st, err := far.PeerConnect(spec.TCP4, addr, -1)
		if err != nil {
			fail = err.Error()
			return
		}
		must("connect", st)
		wait(has(acc))
		s := acc.Accepted
		must("associate", main.Associate(port, s, 20))
		sent := uint64(0)
		buf := make([]byte, 4096)
		for round := range 4 {
			a, b := start(s, spec.Receive, 40), start(s, spec.Receive, 40)
			for range 2 {
				message := make([]byte, 24+rng.IntN(16))
				if round == 0 {
					message = make([]byte, 40) // as long as the buffer
				}
				spec.Pattern(message, peer.ID, sent)
				sent += uint64(len(message))
				far.PeerSend(peer, message, -1)
			}
			wait(has(a, b))
			x, y := start(s, spec.Send, 16+rng.IntN(40)), start(s, spec.Send, 16+rng.IntN(40))
			for left := len(x.Buf) + len(y.Buf); left > 0 && fail == ""; {
				n, st := far.PeerRead(peer, buf[:min(left, 8+rng.IntN(60))], -1)
				must("read", st)
				left -= n
			}
			wait(has(x, y))
			before := posts
			main.Post(port, 5, rng.Uint64()|1<<63, 7)
			main.Post(port, 6, rng.Uint64()|1<<63, 8)
			wait(func() bool { return posts == before+2 })
		}
		must("half close", far.PeerHalfClose(peer))
		for fail == "" { // receives may have taken less than there was
			o := start(s, spec.Receive, 40)
			wait(has(o))
			if took[o].N == 0 {
				break
			}
		}
		for w := in.World.Watch(spec.Quiet); !w.Spent(); {
			main.Wait(port, dst, ops, w.Slice())
		}
		main.Settled(1)
		main.CloseSocket(s)
		main.CloseSocket(lis)
		far.PeerClose(peer)
		main.ClosePort(port)
		in.Backend.Close()
		main.End()
	})
	if err != nil || fail != "" {
		t.Fatalf("%s, seed %d: %v %s", target.About.Name, seed, err, fail)
	}
	return rec.Trace().Clone()
}

// told is t in another form, by way of a file.
func told(t *testing.T, trace *spec.Trace, level spec.DataLevel) *spec.Trace {
	t.Helper()
	switch level {
	case spec.DataSum:
		trace = spec.Resum(trace)
	case spec.DataNone:
		trace = spec.Forget(trace)
	default:
		trace = trace.Clone()
		trace.Data = level
	}
	var b bytes.Buffer
	if err := spec.WriteTrace(&b, trace); err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(b.Bytes(), []byte("\n"))
	rest := lines[1 : len(lines)-1]
	rand.New(rand.NewPCG(uint64(len(rest)), 8)).Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
	back, err := spec.ReadTrace(string(level), bytes.NewReader(bytes.Join(lines, nil)))
	if err != nil {
		t.Fatal(err)
	}
	return back
}

var levels = []spec.DataLevel{spec.DataBytes, spec.DataPattern, spec.DataSum, spec.DataNone}

func exam(t *testing.T, f func(t *testing.T, name string, seed uint64, trace *spec.Trace)) {
	targets, _ := reference.Targets()
	for _, target := range targets {
		if !target.About.Can(spec.CanAccept) || target.About.Can(spec.CanPoll) {
			continue
		}
		t.Run(target.About.Name, func(t *testing.T) {
			seeds := uint64(20)
			if target.About.World != "sim" {
				seeds = 3
			}
			for seed := range seeds {
				f(t, target.About.Name, seed, record(t, target, seed))
			}
		})
	}
}

func accused(j spec.Judgement) string {
	var ids []string
	for _, v := range j.Violations {
		if !slices.Contains(ids, v.Rule.ID) {
			ids = append(ids, v.Rule.ID)
		}
	}
	slices.Sort(ids)
	return strings.Join(ids, " ")
}

// widen makes calls begin earlier and returns come later, each past events of other threads, where no object is used before it is there. Exchanging
// two calls, or two returns, is a part of that.
func widen(trace *spec.Trace, rng *rand.Rand) *spec.Trace {
	w := trace.Clone()
	brings := func(e *spec.Event, sock uint32) bool {
		return sock != 0 && slices.ContainsFunc(e.Packets, func(p spec.PacketEvent) bool { return p.Sock == sock })
	}
	for range len(w.Events) {
		i := rng.IntN(len(w.Events))
		step := 0
		switch e := &w.Events[i]; e.Kind {
		case spec.CallEvent:
			step = -1
		case spec.ReturnEvent:
			step = 1
		}
		for range 1 + rng.IntN(12) {
			k := i + step
			if step == 0 || k < 10 || k >= len(w.Events) {
				break
			}
			a, b := &w.Events[i], &w.Events[k]
			if a.Thread == b.Thread || b.Kind > spec.ReturnEvent || brings(a, b.Sock) || brings(b, a.Sock) {
				break
			}
			*a, *b = *b, *a
			i = k
		}
	}
	for i := range w.Events {
		w.Events[i].Q = uint64(i + 1)
		if w.Events[i].Since != 0 {
			w.Events[i].Since = 0
		}
	}
	return w
}

func TestAGoodTraceIsNeverAccused(t *testing.T) {
	simtest.NotRaced(t)
	c := spec.NewChecker()
	judged := 0
	exam(t, func(t *testing.T, name string, seed uint64, trace *spec.Trace) {
		rng := rand.New(rand.NewPCG(seed, 9))
		for _, level := range levels {
			form := told(t, trace, level)
			check := func(how string, x *spec.Trace) {
				t.Helper()
				judged++
				if err := x.Validate(); err != nil {
					t.Fatalf("seed %d, %s, %s: %v", seed, level, how, err)
				}
				if j := c.Check(x); len(j.Violations) > 0 {
					t.Fatalf("seed %d, %s, %s: %s: %s", seed, level, how, accused(j), j.Violations[0].Said)
				}
			}
			check("whole", form)
			if level != spec.DataNone {
				j := c.Check(form)
				for i, r := range spec.Rules() {
					if (r.ID == "RCV-1" || r.ID == "RCV-4" || r.ID == "SND-1" || r.ID == "SND-2") && j.Counts[i].Checks == 0 {
						t.Errorf("seed %d, %s: %s was not exercised", seed, level, r.ID)
					}
				}
			}
			for range 8 {
				cut := form.Clone()
				cut.Events = cut.Events[:rng.IntN(len(cut.Events))]
				check("cut", cut)
				wide := widen(form, rng)
				check("widened", wide)
				wide.Events = wide.Events[:rng.IntN(len(wide.Events))]
				check("widened and cut", wide)
			}
		}
	})
	t.Logf("%d traces judged", judged)
}

// packets lists the places of packets that are of operations of a kind and carry bytes.
func packets(trace *spec.Trace, kind spec.Verb) (list [][2]int) {
	verb := map[uint32]spec.Verb{}
	for i := range trace.Events {
		e := &trace.Events[i]
		if e.Kind == spec.CallEvent && e.Verb.Starts() {
			verb[e.Op] = e.Verb
		}
		for k, p := range e.Packets {
			if verb[p.Op] == kind && p.N > 0 {
				list = append(list, [2]int{i, k})
			}
		}
	}
	return list
}

// sends lists the lengths of what the far end sent.
func sends(trace *spec.Trace) (list []int) {
	for i := range trace.Events {
		if e := &trace.Events[i]; e.Kind == spec.CallEvent && e.Verb == spec.PeerSend {
			list = append(list, e.Len)
		}
	}
	return list
}

func TestADoctoredTraceIsAccusedByTheRightRule(t *testing.T) {
	simtest.NotRaced(t)
	c := spec.NewChecker()
	caught := map[string]int{}
	exam(t, func(t *testing.T, name string, seed uint64, trace *spec.Trace) {
		rng := rand.New(rand.NewPCG(seed, 10))
		for _, level := range levels {
			good := told(t, trace, level)
			receives := packets(good, spec.Receive)
			any := receives[0] // not of so few bytes that they are found elsewhere by chance
			for n := 0; n < 8; n = good.Events[any[0]].Packets[any[1]].N {
				any = receives[rng.IntN(len(receives))]
			}
			at := func(x *spec.Trace, p [2]int) *spec.PacketEvent { return &x.Events[p[0]].Packets[p[1]] }
			flip := func(b []byte, s *spec.Sum) bool {
				if level == spec.DataNone || level == spec.DataSum && !s.Known() || level != spec.DataSum && len(b) == 0 {
					return false
				}
				if level == spec.DataSum {
					*s ^= 1 << rng.IntN(60)
				} else {
					b[rng.IntN(len(b))] ^= 1 << rng.IntN(8)
				}
				return true
			}
			for _, x := range []struct {
				what, rule string
				change     func(*spec.Trace) bool
			}{
				{"a packet twice", "PKT-2", func(x *spec.Trace) bool {
					for i := any[0] + 1; i < len(x.Events); i++ {
						if e := &x.Events[i]; e.Kind == spec.ReturnEvent && e.Verb == spec.Wait && len(e.Packets) > 0 && e.N < 2 {
							e.Packets = append(e.Packets, *at(x, any))
							e.N++
							for k := i; ; k-- { // the wait was for as many
								if f := &x.Events[k]; f.Kind == spec.CallEvent && f.Call == e.Call {
									f.Len = max(f.Len, e.N)
									return true
								}
							}
						}
					}
					return false
				}},
				{"another key", "KEY-1", func(x *spec.Trace) bool { at(x, any).Key++; return true }},
				{"a byte flipped that the program received", "RCV-1", func(x *spec.Trace) bool {
					p := at(x, any)
					done := false // a receive that was done at its start told its bytes there
					for i := range x.Events[:any[0]] {
						if e := &x.Events[i]; e.Op == p.Op && e.Kind == spec.ReturnEvent && e.How == spec.Done && e.Verb == spec.Receive {
							done = flip(e.Data, &e.Sum)
						}
					}
					return done || flip(p.Data, &p.Sum)
				}},
				{"a byte flipped that the far end read", "SND-1", func(x *spec.Trace) bool {
					for i := range x.Events {
						if e := &x.Events[i]; e.Kind == spec.ReturnEvent && e.Verb == spec.PeerRead && e.N > 0 {
							return flip(e.Data, &e.Sum)
						}
					}
					return false
				}},
				{"the bytes of two receives exchanged", "RCV-2", func(x *spec.Trace) bool {
					if level == spec.DataNone {
						return false
					}
					a, b := at(x, receives[0]), at(x, receives[1])
					if messages := sends(x); level == spec.DataSum && (a.N != messages[0] || b.N != messages[1]) {
						return false // a cut within a message: that the bytes are wrong is all that the sums tell
					}
					for i := range x.Events {
						if e := &x.Events[i]; (e.Op == a.Op || e.Op == b.Op) && e.Kind == spec.ReturnEvent && e.How == spec.Done {
							return false
						}
					}
					a.N, b.N, a.Data, b.Data, a.Sum, b.Sum = b.N, a.N, b.Data, a.Data, b.Sum, a.Sum
					return true
				}},
				{"two posts exchanged", "PKT-5", func(x *spec.Trace) bool {
					var posts []*spec.PacketEvent
					for i := range x.Events {
						for k := range x.Events[i].Packets {
							if p := &x.Events[i].Packets[k]; p.Token>>63 != 0 && (p.Key == 5 || p.Key == 6) && p.Op == 0 {
								posts = append(posts, p)
							}
						}
					}
					*posts[0], *posts[1] = *posts[1], *posts[0]
					return true
				}},
				{"a write after the end", "OPN-5", func(x *spec.Trace) bool {
					last := len(x.Events) - 1
					late := spec.Event{Q: x.Events[last].Q, Kind: spec.LateEvent, Op: at(x, any).Op, Thread: x.Events[last].Thread, N: 3}
					x.Events[last].Q++
					x.Events = slices.Insert(x.Events, last, late)
					return true
				}},
				{"a lost post", "PKT-6", func(x *spec.Trace) bool {
					gone := map[uint32]bool{} // waits
					for i := len(x.Events) - 1; i >= 0; i-- {
						e := &x.Events[i]
						if e.Verb == spec.Wait && e.Kind == spec.ReturnEvent && e.Status.Code == spec.TimedOut {
							gone[e.Call] = true // the packet was lost, and not overlooked
						}
						for k := range e.Packets {
							if p := &e.Packets[k]; p.Key != 6 || p.Op != 0 {
								continue
							}
							e.Packets = slices.Delete(e.Packets, k, k+1)
							if e.N--; e.N == 0 {
								gone[e.Call] = true
							}
							x.Events = slices.DeleteFunc(x.Events, func(f spec.Event) bool { return f.Verb == spec.Wait && gone[f.Call] })
							return true
						}
					}
					return false
				}},
			} {
				bad := good.Clone()
				if !x.change(bad) {
					continue
				}
				if err := bad.Validate(); err != nil {
					t.Fatalf("seed %d, %s, %s: %v", seed, level, x.what, err)
				}
				if got := accused(c.Check(bad)); got != x.rule {
					t.Errorf("seed %d, %s, %s: accused is %q, want %s", seed, level, x.what, got, x.rule)
					for _, v := range c.Check(bad).Violations {
						t.Logf("   %s at %d: %s", v.Rule.ID, v.Q, v.Said)
					}
				}
				caught[string(level)+" "+x.rule]++
			}
		}
	})
	for _, level := range levels {
		for _, rule := range []string{"PKT-2", "KEY-1", "RCV-1", "SND-1", "RCV-2", "PKT-5", "OPN-5", "PKT-6"} {
			if n := caught[string(level)+" "+rule]; n == 0 && !(level == spec.DataNone && (rule[:3] == "RCV" || rule[:3] == "SND")) {
				t.Errorf("%s was never doctored at level %s", rule, level)
			}
		}
	}
	t.Log(caught)
}
