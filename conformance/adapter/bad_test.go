package adapter

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ioconform/ioconform/spec"
)

// impatient is a world that waits in vain no longer than it must: its patience is at an end soon after futile has begun to say that what is waited for never comes. Until then,
// and for all else, it has as much as any.
type impatient struct {
	spec.World
	futile func() bool
}

func (i impatient) Watch(p spec.Pace) spec.Watch {
	return &impatientWatch{Watch: i.World.Watch(p), futile: i.futile, since: -1}
}

// impatientWatch may be looked at by one goroutine at a time.
type impatientWatch struct {
	spec.Watch
	futile func() bool
	since  int // the rounds there were when it was first found to be futile
}

func (w *impatientWatch) Spent() bool {
	if w.since < 0 && w.futile() {
		w.since = w.Rounds()
	}
	return w.Watch.Spent() || w.since >= 0 && w.Rounds() >= w.since+500
}

func impatientWorld(futile func() bool) func() (*spec.Instance, error) {
	return func() (*spec.Instance, error) {
		in, err := world()
		if err == nil {
			in.World = impatient{in.World, futile}
		}
		return in, err
	}
}

// endless is a world whose patience has no end, for what must not need it.
type endless struct{ spec.World }

func (e endless) Watch(p spec.Pace) spec.Watch { return endlessWatch{e.World.Watch(p)} }

type endlessWatch struct{ spec.Watch }

func (endlessWatch) Spent() bool { return false }
func (endlessWatch) Rounds() int { return 0 }

func endlessWorld() (*spec.Instance, error) {
	in, err := world()
	if err == nil {
		in.World = endless{in.World}
	}
	return in, err
}

// exists reports whether a file is there.
func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// pinged reports whether an adapter that has done what it was to do was asked afterwards whether it is there.
func pinged(marker string) bool { return exists(marker + ".ping") }

// once runs everyRequest on the pool.
func once(t *testing.T, p *Pool) error {
	t.Helper()
	in, err := p.Target().Open()
	if err != nil {
		return err
	}
	err = in.Run(func() { everyRequest(in) })
	if e := in.Close(); e != nil {
		t.Errorf("close: %v", e)
	}
	return err
}

// opened is a case on an adapter of one process.
func opened(t *testing.T, role string) (*Pool, *spec.Instance) {
	t.Helper()
	needEnv(t)
	p, err := Start(me(role), Options{World: world, Processes: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	in, err := p.Target().Open()
	if err != nil {
		t.Fatal(err)
	}
	return p, in
}

// Whatever an adapter does, it costs its own case, is told as what it is, and leaves nothing behind.
func TestABadAdapterLosesOneCase(t *testing.T) {
	needEnv(t)
	type row struct {
		how, at string
		kind    Kind
		said    string                   // part of what is told
		futile  func(marker string) bool // reports that what is still waited for never comes; nil where nothing is waited for in vain
	}
	var rows []row
	for _, s := range Requests {
		if s.Name != "hello" && s.Name != "ping" {
			rows = append(rows, row{how: "crash", at: s.Name, kind: Crash, said: "exit status 3"}, row{how: "twice", at: s.Name, kind: Mistake, said: "a second time"})
		}
	}
	rows = append(rows, []row{
		{how: "hang", at: "recv", kind: Hang, said: "it does answer a ping", futile: pinged},
		{how: "hang", at: "reset", kind: Hang, said: "it does answer a ping", futile: pinged},
		{how: "hang-at-all", at: "send", kind: Hang, said: "it does not answer a ping either", futile: exists},
		{how: "drip", at: "wait", kind: Hang, said: "wait", futile: exists},
		{how: "close-output", at: "bind", kind: Crash, said: "it is still running", futile: exists},
		{how: "exit", at: "send", kind: Crash, said: "exit status 0"},
		{how: "sanitizer", at: "recv", kind: Sanitizer, said: "runtime error: signed integer overflow"},
		{how: "go-panic", at: "recv", kind: Crash, said: "exit status 2"},
		{how: "half", at: "send", kind: Crash, said: "in the middle of a line"},
		{how: "leave", at: "recv", kind: Crash, said: "exit status 0"},
		{how: "garbage", at: "wait", kind: Garbage, said: "Hello, World!"},
		{how: "binary", at: "wait", kind: Garbage, said: `\x00`},
		{how: "blank", at: "wait", kind: Garbage, said: "the end of the line"},
		{how: "empty-array", at: "wait", kind: Garbage, said: "empty array"},
		{how: "deep", at: "wait", kind: Garbage, said: "where an object begins"},
		{how: "more-behind", at: "bind", kind: Garbage, said: "more behind"},
		{how: "twice-a-field", at: "bind", kind: Garbage, said: `"id" comes twice`},
		{how: "huge-id", at: "bind", kind: Garbage, said: "expected an integer"},
		{how: "unknown-field", at: "bind", kind: Garbage, said: "sattus"},
		{how: "unknown-status", at: "bind", kind: Garbage, said: "EAGAIN"},
		{how: "long", at: "send", kind: Flood, said: "longer than 16 MiB"},
		{how: "long-string", at: "send", kind: Flood, said: "longer than 16 MiB"},
		{how: "flood", at: "send", kind: Mistake, said: "a second time"},
		{how: "wrong-id", at: "close", kind: Mistake, said: "nobody has made"},
		{how: "no-id", at: "close", kind: Mistake, said: `without "id"`},
		{how: "other-field", at: "close", kind: Mistake, said: `"batch" has no place`},
		{how: "native-alone", at: "close", kind: Mistake, said: "only mean something together"},
		{how: "a-request", at: "close", kind: Mistake, said: "all that it may say unasked"},
		{how: "undeclared", at: "cancel", kind: Lie, said: "declares capability cancel"},
		{how: "undeclared", at: "recv", kind: Mistake, said: "which no back end can do without"},
		{how: "deliver", at: "recv", kind: Mistake, said: "port 77"},
		{how: "pull-deliver", at: "recv", kind: Lie, said: "delivery=push"},
		{how: "deliver-flood", at: "ping", kind: Flood, said: "more than 4096 packets"},
		{how: "definite", at: "socket", kind: Unable, said: "the table is full; nothing was done"},
		{how: "indefinite", at: "send", kind: Unable, said: "it cannot tell"},
		{how: "no-packets", at: "wait", kind: Mistake, said: "without a packet"},
		{how: "many-packets", at: "wait", kind: Mistake, said: "up to 1 packets brought 2"},
		{how: "late-packets", at: "wait", kind: Mistake, said: "timedout, and with packets"},
		{how: "no-token", at: "wait", kind: Mistake, said: `"token" is missing`},
		{how: "no-such-socket", at: "wait", kind: Mistake, said: "socket 4711"},
		{how: "few-bytes", at: "wait", kind: Mistake, said: "reports 8 bytes, and 3 came"},
		{how: "beyond-missing", at: "wait", kind: Mistake, said: `says nothing on "beyond"`},
		{how: "beyond", at: "wait", kind: Mistake, said: `declares backend`},
		{how: "send-with-data", at: "wait", kind: Mistake, said: "has data"},
		{how: "no-address", at: "local", kind: Mistake, said: "without an address"},
		{how: "refused-ok", at: "recv", kind: Mistake, said: "the reason is missing"},
		{how: "pending-bad", at: "recv", kind: Mistake, said: "belongs into its packet"},
		{how: "done-bad", at: "recv", kind: Mistake, said: "is done with status reset"},
		{how: "reset-fails", at: "reset", kind: Mistake, said: "it has to succeed"},
		{how: "late-unasked", at: "reset", kind: Mistake, said: "buffer=caller"},
		{how: "after-reset", at: "reset", kind: Mistake, said: "had lapsed"},
		{how: "hang", at: "try-recv", kind: Hang, said: "it does answer a ping", futile: pinged},
		{how: "undeclared", at: "add", kind: Mistake, said: "which no back end can do without"},
		{how: "undeclared", at: "try-recvfrom", kind: Lie, said: "declares capability datagram"},
		{how: "no-events", at: "wait-ready", kind: Mistake, said: "without an event"},
		{how: "many-events", at: "wait-ready", kind: Mistake, said: "up to 1 events brought 2"},
		{how: "late-events", at: "wait-ready", kind: Mistake, said: "timedout, and with events"},
		{how: "untold-event", at: "wait-ready", kind: Mistake, said: `"events" is missing`},
		{how: "asked-event", at: "wait-ready", kind: Garbage, said: "edge"},
		{how: "less-than-said", at: "try-recv", kind: Mistake, said: "reports 8 bytes, and 3 came"},
		{how: "untold-count", at: "try-send", kind: Mistake, said: "how many bytes went out"},
		{how: "sent-data", at: "try-send", kind: Mistake, said: "has data"},
		{how: "loud", at: "send"},
	}...)
	if testing.Short() {
		i := 0
		rows = slices.DeleteFunc(rows, func(r row) bool { i++; return r.futile != nil || i%3 > 0 })
	}
	dir := t.TempDir()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	t.Run("all", func(t *testing.T) {
		for i, r := range rows {
			t.Run(r.how+" at "+r.at, func(t *testing.T) {
				t.Parallel()
				o := Options{World: world, Processes: 1}
				marker := filepath.Join(dir, fmt.Sprint(i))
				var told atomic.Bool
				if r.futile != nil {
					o.World = impatientWorld(func() bool { return !told.Load() && r.futile(marker) })
				}
				p, err := Start(me(fmt.Sprintf("%s:%s:%s", r.how, r.at, marker)), o)
				if err != nil {
					t.Fatal(err)
				}
				defer func() {
					if err := p.Close(); err != nil {
						t.Errorf("close: %v", err)
					}
				}()
				err = once(t, p)
				told.Store(true)
				var f *Fault
				switch {
				case r.kind == "" && err != nil:
					t.Errorf("it was given up: %v", err)
				case r.kind != "" && !errors.As(err, &f):
					// what is said behind the answer of the reset is known when the next case begins
					if err = once(t, p); !errors.As(err, &f) {
						t.Errorf("nobody complained: %v", err)
					}
				}
				if f != nil && (f.Kind != r.kind || !strings.Contains(f.Error(), r.said)) {
					t.Errorf("told as %s: %v; want %s with %q", f.Kind, f, r.kind, r.said)
				}
				if f != nil && len(f.Error()) > 16<<10 {
					t.Errorf("it is told in %d bytes", len(f.Error()))
				}
				if err := once(t, p); err != nil {
					t.Errorf("the case behind it: %v", err)
				}
			})
		}
	})
	var after runtime.MemStats
	runtime.ReadMemStats(&after)
	if grown := int64(after.Sys) - int64(before.Sys); grown > 512<<20 {
		t.Errorf("the memory of this process has grown by %d MiB", grown>>20)
	}
	nobodyLeft(t, "")
}

// What an adapter says behind the answer of the reset may come while its case is still under way: then that has been told of it, and the next is not.
func TestAFaultBehindTheResetCostsOneCase(t *testing.T) {
	p, in := opened(t, "after-reset:reset:"+filepath.Join(t.TempDir(), "marker"))
	err := in.Run(func() {
		everyRequest(in)
		<-in.Backend.(*backend).session.dead
	})
	in.Close()
	if err == nil || !strings.Contains(err.Error(), "had lapsed") {
		t.Errorf("the case was told %v", err)
	}
	if err := once(t, p); err != nil {
		t.Errorf("the case behind it: %v", err)
	}
}

// A crash tells what had been written to standard error before.
func TestAFaultShowsTheErrorOutput(t *testing.T) {
	needEnv(t)
	p, err := Start(me("crash:send:"+filepath.Join(t.TempDir(), "marker")), Options{World: world, Processes: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	err = once(t, p)
	if err == nil || !strings.Contains(err.Error(), "about to crash") || !strings.Contains(err.Error(), "unanswered: send (request") {
		t.Errorf("the fault does not show it: %v", err)
	}
}

// A process whose input has ended ends with status 0; whoever does not is told of, or killed.
func TestHowAnAdapterEndsMatters(t *testing.T) {
	t.Parallel()
	needEnv(t)
	if testing.Short() {
		t.Skip("takes seconds: one does not end; go test without -short runs it")
	}
	for how, want := range map[string]string{"bad-end": "exit status 23", "no-end": ""} {
		role := how + ":ping:" + os.DevNull // of this test alone
		p, err := Start(me(role), Options{World: world, Processes: 2})
		if err != nil {
			t.Fatal(err)
		}
		if n := len(children(t, role)); n != 2 {
			t.Errorf("%s: %d children are found, want 2", how, n)
		}
		err = p.Close()
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: closed with %v, want %q", how, err, want)
		}
		nobodyLeft(t, role)
	}
}

// An adapter that cannot be used is one error, at once, and no process is left.
func TestAnAdapterThatCannotStart(t *testing.T) {
	needEnv(t)
	sh := func(script string) []string { return []string{"/bin/sh", "-c", script} }
	for _, r := range []struct {
		argv []string
		said string
	}{
		{[]string{"/bin/false"}, "exit status 1"},
		{[]string{"/no/such/adapter"}, "no such file"},
		{[]string{"no-such-adapter-anywhere"}, "not found"},
		{sh("echo usage: adapter PORT"), "usage: adapter PORT"},
		{sh("echo wrong >&2; exit 7"), "wrong"},
		{sh(`read x; echo '{"id":1,"protocol":2,"name":"x","version":"","os":"","capabilities":[]}'; read x`), "speaks protocol 2"},
		{sh(`read x; echo '{"id":1,"protocol":1,"name":"My Adapter","version":"","os":"","capabilities":[]}'; read x`), `the name "My Adapter"`},
		{sh(`read x; echo '{"id":1,"protocol":1,"name":"x","version":"","os":"","capabilities":["telepathy"]}'; read x`), "telepathy"},
		{sh(`read x; echo '{"id":1,"protocol":1,"name":"x","version":"","os":"","capabilities":["controlled"]}'; read x`), "controlled"},
		{sh(`read x; echo '{"id":1,"protocol":1,"name":"x","version":"","os":"","capabilities":[],"axes":{"fill":"lifo"}}'; read x`), "axis fill has no value"},
		{sh(`read x; echo '{"id":1}'; read x`), `"protocol" is missing`},
		{sh(`read x; echo '{"id":1,"protocol":1,"name":"x'$$'","version":"","os":"","capabilities":[]}'; read x`), "declares other things"},
	} {
		p, err := Start(r.argv, Options{World: endlessWorld, Processes: 2}) // it is known when it is known, not when patience is at an end
		if err == nil {
			p.Close()
			t.Errorf("%v was started", r.argv)
			continue
		}
		if !strings.Contains(err.Error(), r.said) {
			t.Errorf("%v: %v, want %q", r.argv, err, r.said)
		}
	}
}

// One that says nothing at all is given up in the end.
func TestAnAdapterThatIsSilentFromTheBeginning(t *testing.T) {
	t.Parallel()
	needEnv(t)
	if testing.Short() {
		t.Skip("takes a second: it waits in vain; go test without -short runs it")
	}
	_, err := Start([]string{"/bin/sleep", "1000"}, Options{World: impatientWorld(func() bool { return true }), Processes: 1})
	if err == nil || !strings.Contains(err.Error(), "hello (request 1) was not answered") {
		t.Errorf("started with %v", err)
	}
}

// What the adapter says of the rest of a buffer, the suite finds in its own.
func TestABufferThatWasOverrunOrWrittenLate(t *testing.T) {
	_, in := opened(t, "beyond-changed:wait:"+filepath.Join(t.TempDir(), "marker"))
	defer in.Close()
	buf := make([]byte, 8)
	err := in.Run(func() {
		port, _ := in.Backend.Port(0)
		s, _ := in.Backend.Socket(spec.TCP4)
		port.Associate(s, 1)
		s.Start(&spec.Op{Kind: spec.Receive, Token: 5, Buf: buf})
		dst := make([]spec.Packet, 1)
		port.Wait(dst, 0)
		if string(buf[:3]) != "abc" || buf[3] == 0 || buf[4] != 0 {
			t.Errorf("the buffer holds %q; three bytes came, and one behind them was changed", buf)
		}
		in.Backend.Close()
		if string(buf[:3]) == "abc" {
			t.Errorf("the buffer holds %q; it was changed late", buf)
		}
	})
	if err != nil {
		t.Error(err)
	}
}

// What succeeds has to be declared, else nobody would be judged by it.
func TestWhatIsNotDeclaredMustNotSucceed(t *testing.T) {
	needEnv(t)
	p, err := Start(me("bad-end:none:"+os.DevNull), Options{World: world, Processes: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for what, program := range map[string]func(b spec.Backend){
		"capability ipv6, and yet socket succeeded": func(b spec.Backend) { b.Socket(spec.TCP6) },
		"capability accept-into, and yet accept": func(b spec.Backend) {
			s, _ := b.Socket(spec.TCP4)
			into, _ := b.Socket(spec.TCP4)
			s.Start(&spec.Op{Kind: spec.Accept, Token: 4, Into: into})
		},
		"capability wait-all, and yet recv": func(b spec.Backend) {
			s, _ := b.Socket(spec.TCP4)
			s.Start(&spec.Op{Kind: spec.Receive, Token: 4, Buf: make([]byte, 4), Flags: spec.WaitAll})
		},
	} {
		lies(t, p, what, func(in *spec.Instance) { program(in.Backend) })
	}
	poller, err := Start(me("bad-end:wait-ready:"+os.DevNull), Options{World: world, Processes: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer poller.Close()
	lies(t, poller, "capability nested, and yet add", func(in *spec.Instance) {
		p, _ := in.Ready.Poller()
		q, _ := in.Ready.Poller()
		p.Add(q, 7, spec.In)
	})
}

// lies runs the program, which has to show that the adapter lies.
func lies(t *testing.T, p *Pool, what string, program func(*spec.Instance)) {
	t.Helper()
	in, err := p.Target().Open()
	if err != nil {
		t.Fatal(err)
	}
	err = in.Run(func() { program(in) })
	in.Close()
	var f *Fault
	if !errors.As(err, &f) || f.Kind != Lie || !strings.Contains(f.Said, what) {
		t.Errorf("want a lie with %q, got %v", what, err)
	}
}

// early is an adapter whose packets come before the answer of the start that they belong to.
func early() int {
	var wait int64
	return answering(func(m *Message) string {
		switch m.Do {
		case "hello":
			return strings.TrimSuffix(hello(m.ID, "early", `["accept"]`), "}") + `,"axes":{"buffer":"backend"}}`
		case "wait":
			wait = m.ID
			return ""
		case "recv":
			return fmt.Sprintf(`{"id":%d,"packets":[{"key":"0x1","token":"0x5","data":"YWJj"}]}`+"\n"+`{"id":%d,"how":"done","data":"YWJj"}`, wait, m.ID)
		}
		return fmt.Sprintf(`{"id":%d}`, m.ID)
	})
}

// A start that is done finds its bytes in the buffer, and nobody writes there any more, also where another thread has had the packet before. To be run under the
// race detector.
func TestThePacketMayComeBeforeTheStartHasReturned(t *testing.T) {
	needEnv(t)
	p, err := Start(me("early"), Options{World: world, Processes: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for range 20 {
		in, err := p.Target().Open()
		if err != nil {
			t.Fatal(err)
		}
		err = in.Run(func() {
			port, _ := in.Backend.Port(0)
			s, _ := in.Backend.Socket(spec.TCP4)
			port.Associate(s, 1)
			waits := in.World.Gate()
			in.World.Go("waiter", func() {
				dst := make([]spec.Packet, 1)
				if n, st := port.Wait(dst, -1); n != 1 || !st.Ok() || dst[0].N != 3 {
					t.Errorf("the wait brought %d, %s, %+v", n, st, dst[0])
				}
				waits.Open()
			})
			in.World.Settle()
			buf := make([]byte, 8)
			r := s.Start(&spec.Op{Kind: spec.Receive, Token: 5, Buf: buf})
			if r.How != spec.Done || r.N != 3 || string(buf[:3]) != "abc" {
				t.Errorf("the start was %v with %q", r, buf)
			}
			waits.Pass()
			in.Backend.Close()
		})
		in.Close()
		if err != nil {
			t.Fatal(err)
		}
	}
}
