package adapter

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/known"
	"github.com/ioconform/ioconform/conformance/report"
	"github.com/ioconform/ioconform/reference"
	"github.com/ioconform/ioconform/reference/lawful"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

// serveEpoll is the epoll reference as an adapter: as it is, with a planted bug, calling back, or accepting nothing.
func serveEpoll(how string) int {
	target := reference.Epoll()
	about := target.About
	calls := how == "push" || how == "push-late"
	if calls {
		about.Axes = spec.Axes{"delivery": "push", "truncation": "flag"}
	}
	var out io.Writer = os.Stdout
	switch how {
	case "slow":
		out, how = slow{out}, ""
	case "client":
		about, how = lawful.Without(target, spec.CanAccept).About, ""
	}
	err := Serve(os.Stdin, out, about, func() (spec.Backend, error) {
		in, err := target.Open()
		if err != nil {
			return nil, err
		}
		in.Close() // its world is not needed
		if calls {
			return pushing{in.Backend, how == "push-late"}, nil
		}
		if how != "" {
			return in.Backend, in.Plant(how)
		}
		return in.Backend, nil
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// servePoller is the poller reference as an adapter, with a planted bug if one is named.
func servePoller(bug string) int {
	target := reference.Poller()
	if bug == "edges" { // it declares less than it can do
		target, bug = lawful.Declaring(target, spec.Axes{"level": "no"}), ""
	}
	err := ServeReady(os.Stdin, os.Stdout, target.About, func() (spec.ReadyBackend, error) {
		in, err := target.Open()
		if err != nil {
			return nil, err
		}
		in.Close() // its world is not needed
		if bug != "" {
			return in.Ready, in.Plant(bug)
		}
		return in.Ready, nil
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// slow is an adapter's output on a machine that has other things to do: everything takes longer than a wait for nothing lasts.
type slow struct{ io.Writer }

func (s slow) Write(b []byte) (int, error) {
	time.Sleep(30 * time.Millisecond)
	return s.Writer.Write(b)
}

// pushing calls back where the back end in it is waited on, and takes its time if it is late.
type pushing struct {
	spec.Backend
	late bool
}

func (b pushing) Port(concurrency int) (spec.Port, spec.Status) {
	p, st := b.Backend.Port(concurrency)
	if p == nil {
		return nil, st
	}
	return pushingPort{p, b.late}, st
}

type pushingPort struct {
	spec.Port
	late bool
}

func (p pushingPort) Deliver(fn func(worker int, k spec.Packet)) {
	go func() {
		dst := make([]spec.Packet, 8)
		for {
			n, st := p.Port.Wait(dst, -1)
			if !st.Ok() {
				return
			}
			for _, k := range dst[:n] {
				if p.late { // by more than a wait for nothing lasts
					time.Sleep(30 * time.Millisecond)
				}
				fn(0, k)
			}
		}
	}()
}

// cases are those that match the patterns, all where there is none.
func cases(t *testing.T, patterns ...string) []*conformance.Case {
	t.Helper()
	all, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	chosen, err := conformance.Select(all, patterns, nil)
	if err != nil {
		t.Fatal(err)
	}
	return chosen
}

// part is every n-th case from the at-th on, in the order of their names, so that there are some of each group; every case where samples are to be whole.
func part(t *testing.T, at, n int) (some []*conformance.Case) {
	t.Helper()
	all := cases(t)
	if simtest.Long() {
		return all
	}
	for ; at < len(all); at += n {
		some = append(some, all[at])
	}
	return some
}

func suite(t *testing.T, role string, cases []*conformance.Case) *conformance.Report {
	t.Helper()
	needEnv(t)
	return suiteOf(t, me(role), Options{World: world}, cases)
}

func suiteOf(t *testing.T, argv []string, o Options, chosen []*conformance.Case, files ...*known.File) *conformance.Report {
	t.Helper()
	p, err := Start(argv, o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}()
	r, err := conformance.Run(context.Background(), p.Target(), conformance.Options{Cases: chosen, Parallel: p.Size(), Known: files})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// knownOf reads what a back end is known to get wrong.
func knownOf(t *testing.T, name string) *known.File {
	t.Helper()
	src, err := os.ReadFile("../known/" + name + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	file, err := conformance.ParseKnown(name+".txt", src)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// knownAlone complains of what is not known to fail, and of entries that nothing fails by.
func knownAlone(t *testing.T, r *conformance.Report) {
	t.Helper()
	complain(t, r)
	for _, k := range r.Wrong() {
		t.Error(report.Wrong(k))
	}
}

func complain(t *testing.T, r *conformance.Report) {
	t.Helper()
	for _, c := range r.Cases {
		switch c.Verdict {
		case conformance.Pass, conformance.Skip, conformance.Known:
			continue
		}
		t.Errorf("%s: %s %s", c.Case.Name, c.Verdict, c.Reason)
		for _, v := range c.Violations {
			t.Errorf("   %s at %d: %s", v.Rule.ID, v.Q, v.Said)
		}
	}
}

// A back end behind the protocol is judged as it is in the process: every case of the suite, or of a third of it, has the same verdict, and every rule that was held there is.
// The other thirds go through the protocol in TestABackEndThatCallsBack and TestAsyncioBehindItsAdapter.
func TestTheProtocolChangesNothing(t *testing.T) {
	t.Parallel()
	simtest.NotShort(t)
	sameBehindTheProtocol(t, "epoll", reference.Epoll(), part(t, 0, 3))
}

// So is a poller, by every case that is about them.
func TestAPollerBehindTheProtocol(t *testing.T) {
	t.Parallel()
	simtest.NotShort(t)
	sameBehindTheProtocol(t, "poller", reference.Poller(), cases(t, "ready"))
}

func sameBehindTheProtocol(t *testing.T, role string, target *spec.Target, some []*conformance.Case) {
	t.Helper()
	r := suite(t, role, some)
	complain(t, r)
	near, err := conformance.Run(context.Background(), target, conformance.Options{Cases: some})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%v in %.2f s; in the process %v in %.2f s", r.Count(), r.Seconds, near.Count(), near.Seconds)
	for i, c := range near.Cases {
		if got := r.Cases[i]; c.Verdict != got.Verdict {
			t.Errorf("%s: %s in the process, %s behind the protocol", c.Case.Name, c.Verdict, got.Verdict)
		}
	}
	for i, x := range near.Rules {
		// what depends on how far the kernel had got may be seen here or there
		if got := r.Rules[i]; x.Verdict == spec.Held && got.Verdict != spec.Held && got.Verdict != spec.NotExercised {
			t.Errorf("%s: held in the process, %s behind the protocol", x.Rule.ID, got.Verdict)
		}
		if got := r.Rules[i]; (x.Verdict == spec.Skipped) != (got.Verdict == spec.Skipped) {
			t.Errorf("%s: %s in the process, %s behind the protocol", x.Rule.ID, x.Verdict, got.Verdict)
		}
	}
}

// A bug of the back end is the back end's, whatever lies between.
func TestABugIsSeenThroughTheProtocol(t *testing.T) {
	t.Parallel()
	simtest.NotShort(t)
	for _, x := range []struct{ bug, rule, cases string }{
		{"epoll:lifo-fill", "RCV-2", "receive/several-pending"}, {"epoll:skip-still-queues", "OPN-3", "operation/skipped-receive"},
		{"epoll:accept-key", "KEY-2", "key/accept-into-an-associated-socket"}, {"epoll:datagrams-merged", "DGM-2", "datagram/one-each"},
		{"poller:level-as-edge-when-modified", "RDY-5", "ready/modify-reports-anew"},
	} {
		bug, rule := x.bug, x.rule
		r := suite(t, bug, cases(t, x.cases))
		if !broke(r, rule) {
			t.Errorf("%s: %s was not broken; %v", bug, rule, r.Count())
		}
		for _, c := range r.Cases {
			if c.Verdict == conformance.Error {
				t.Errorf("%s: %s: %s", bug, c.Case.Name, c.Reason)
			}
		}
	}
}

func broke(r *conformance.Report, rule string) bool {
	for _, x := range r.Rules {
		if x.Rule.ID == rule {
			return x.Count.Broken > 0
		}
	}
	return false
}

// python is the interpreter itself: what is in the path may be a script that looks for it each time.
func python(t *testing.T) string {
	t.Helper()
	first, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("needs python3, 3.11 or later, in the path")
	}
	itself, err := exec.Command(first, "-c", "import sys; print(sys.executable, end=''); sys.exit(sys.version_info < (3, 11))").Output()
	if err != nil {
		t.Skip("needs python3 3.11 or later: the one in the path is older")
	}
	return string(itself)
}

// Python's selectors can do little, and conform, whichever call they watch by.
func TestSelectorsBehindTheirAdapter(t *testing.T) {
	simtest.NotShort(t)
	t.Parallel()
	for _, kind := range []string{"--epoll", "--poll", "--select"} {
		argv := []string{python(t), "selectors/adapter.py", kind}
		var walk bytes.Buffer
		c, err := Check(context.Background(), &walk, argv, world)
		if err != nil || c.Mistakes+c.Breaches > 0 || c.Steps < 13 {
			t.Errorf("adapter check: %+v, %v\n%s", c, err, walk.String())
		}
		if simtest.Raced || kind != "--select" && !simtest.Long() { // what is new here is in Python
			continue
		}
		r := suiteOf(t, argv, Options{World: world, Processes: 4}, cases(t, "ready"))
		complain(t, r)
		if ok, why := r.Conforms(); !ok {
			t.Errorf("%s does not conform: %s", kind, why)
		}
	}
}

// built builds an adapter where the machine has what that takes; else the test is skipped, and says what is missing.
func built(t *testing.T, name string) {
	t.Helper()
	if missing, err := exec.Command("make", "-s", "-C", name, "ready").Output(); err != nil {
		t.Skipf("%s", bytes.TrimSpace(missing))
	}
	if out, err := exec.Command("make", "-s", "-C", name, "build").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// libevent's three methods can do different things. By poll and select it conforms, and by epoll it deviates where the file of its known failures says, and nowhere else.
func TestLibeventBehindItsAdapter(t *testing.T) {
	simtest.NotShort(t)
	t.Parallel()
	built(t, "libevent")
	some := cases(t, "ready")
	for method, steps := range map[string]int{"--epoll": 22, "--poll": 21, "--select": 20} {
		t.Run(method[2:], func(t *testing.T) {
			t.Parallel() // they wait most of the time
			argv := []string{"libevent/build/adapter", method}
			var walk bytes.Buffer
			c, err := Check(context.Background(), &walk, argv, world)
			if err != nil || c.Mistakes+c.Breaches > 0 || c.Steps < steps-1 { // one is for machines with IPv6
				t.Errorf("adapter check: %+v, %v\n%s", c, err, walk.String())
			}
			if simtest.Raced { // what is new here is in C
				return
			}
			if method == "--epoll" {
				knownAlone(t, suiteOf(t, argv, Options{World: world, Processes: 4}, some, knownOf(t, "libevent")))
				return
			}
			r := suiteOf(t, argv, Options{World: world, Processes: 4}, some)
			complain(t, r)
			if ok, why := r.Conforms(); !ok {
				t.Errorf("it does not conform: %s", why)
			}
		})
	}
}

// mio has nothing that is level-triggered. It deviates where the file of its known failures says, and nowhere else.
func TestMioBehindItsAdapter(t *testing.T) {
	simtest.NotShort(t)
	t.Parallel()
	built(t, "mio")
	argv := []string{"mio/build/release/adapter"}
	var walk bytes.Buffer
	c, err := Check(context.Background(), &walk, argv, world)
	if err != nil || c.Mistakes+c.Breaches > 0 || c.Steps < 22-1 { // one is for machines with IPv6
		t.Errorf("adapter check: %+v, %v\n%s", c, err, walk.String())
	}
	if simtest.Raced { // what is new here is in Rust
		return
	}
	r := suiteOf(t, argv, Options{World: world, Processes: 4}, cases(t, "ready"), knownOf(t, "mio"))
	knownAlone(t, r)
	if n := r.Count()[conformance.Pass]; n < 65 {
		t.Errorf("%d cases passed", n)
	}
}

// Asyncio deviates where the file of its known failures says, and nowhere else.
func TestAsyncioBehindItsAdapter(t *testing.T) {
	simtest.NotShort(t)
	t.Parallel()
	argv := []string{python(t), "asyncio/adapter.py"}
	var walk bytes.Buffer
	c, err := Check(context.Background(), &walk, argv, world)
	if err != nil || c.Mistakes+c.Breaches > 0 || c.Steps < 15 {
		t.Errorf("adapter check: %+v, %v\n%s", c, err, walk.String())
	}
	if testing.Short() || simtest.Raced { // what is new here is in Python
		return
	}
	some := part(t, 2, 3)
	r := suiteOf(t, argv, Options{World: world, Processes: 4}, some, knownOf(t, "asyncio"))
	knownAlone(t, r)
	if n := r.Count()[conformance.Pass]; n < 100/simtest.Every(4) {
		t.Errorf("%d of %d cases passed", n, len(some))
	}
}

// A back end that calls back goes through the suite as one that is waited on does; rules about the queue are skipped.
func TestABackEndThatCallsBack(t *testing.T) {
	t.Parallel()
	simtest.NotShort(t)
	r := suite(t, "epoll:push", part(t, 1, 3))
	complain(t, r)
	held, skipped := 0, map[string]bool{}
	for _, x := range r.Rules {
		switch x.Verdict {
		case spec.Held:
			held++
		case spec.Skipped:
			skipped[x.Rule.ID] = true
		}
	}
	for _, id := range []string{"PKT-7", "PKT-8", "PKT-9", "CLS-5", "CLS-6"} {
		if !skipped[id] {
			t.Errorf("%s was judged, though the queue is the suite's", id)
		}
	}
	if held < 50 {
		t.Errorf("%d rules were held", held)
	}
}

// Nothing bounds how late a back end may call: a script that takes for lost what has not come yet would judge the machine.
func TestABackEndThatCallsBackLate(t *testing.T) {
	t.Parallel()
	simtest.NotShort(t)
	if simtest.Raced {
		t.Skip("under the race detector TestABackEndThatCallsBack goes the same way; run without -race")
	}
	needEnv(t)
	complain(t, suiteOf(t, me("epoll:push-late"), Options{World: world, Processes: 16}, part(t, 1, 4))) // they wait most of the time
}

// Nothing bounds how late an adapter may answer, as long as it does.
func TestAnAdapterThatAnswersLate(t *testing.T) {
	t.Parallel()
	simtest.NotShort(t)
	if simtest.Raced {
		t.Skip("under the race detector TestTheProtocolChangesNothing goes the same way; run without -race")
	}
	needEnv(t)
	some := part(t, 3, 4)
	complain(t, suiteOf(t, me("epoll:slow"), Options{World: world, Processes: min(64, len(some)/4)}, some)) // they wait most of the time
}

// Whoever can do nothing passes nothing and does not conform, whatever it declares.
func TestANullAdapterPassesNothing(t *testing.T) {
	t.Parallel()
	for _, declares := range []string{"", "accept,connect,cancel,cancel-all,post,shutdown,skip,workers,datagram,ipv6,wait-all,accept-data,accept-into,late-association",
		"poller,connect,shutdown,workers,datagram,ipv6,exclusive,nested"} {
		r := suite(t, "null:"+declares, cases(t))
		n := r.Count()
		if n[conformance.Pass] > 0 || n[conformance.Fail] > 0 {
			t.Errorf("declaring %q: %v", declares, n)
		}
		if declares != "" && n[conformance.Error] == 0 {
			t.Errorf("declaring %q: nobody was told of the lie: %v", declares, n)
		}
		if ok, why := r.Conforms(); ok {
			t.Errorf("declaring %q: it conforms: %s", declares, why)
		}
		for _, x := range r.Rules {
			if x.Verdict == spec.Held {
				t.Errorf("declaring %q: %s is held", declares, x.Rule.ID)
			}
		}
	}
}

// The walk finds nothing wrong with a good adapter, takes every step with one that can do everything, and shows the conversation.
func TestTheWalkWithAGoodAdapter(t *testing.T) {
	simtest.NotShort(t)
	t.Parallel()
	needEnv(t)
	var out bytes.Buffer
	c, err := Check(context.Background(), &out, me("epoll"), world)
	if err != nil || c.Mistakes+c.Breaches > 0 || c.Steps < len(steps)-1 {
		t.Fatalf("%+v, %v\n%s", c, err, out.String())
	}
	for _, want := range []string{`→ {"id":1,"do":"hello","protocol":1}`, `← {"id":1,"protocol":1,"name":"epoll"`, "peer c1 connects L", "\n  ok\n"} {
		if !bytes.Contains(out.Bytes(), []byte(want)) {
			t.Errorf("it does not show %q", want)
		}
	}
}

// So does it with one of a poller.
func TestTheWalkWithAPoller(t *testing.T) {
	simtest.NotShort(t)
	t.Parallel()
	needEnv(t)
	var out bytes.Buffer
	for role, not := range map[string]int{"poller": 0, "poller:edges": 1} { // what is level-triggered
		if c, err := Check(context.Background(), &out, me(role), world); err != nil || c.Mistakes+c.Breaches > 0 || c.Steps < len(readySteps)-not {
			t.Fatalf("%s: %+v, %v\n%s", role, c, err, out.String())
		}
	}
}

// Of who accepts nothing the walk asks all that has to do with connections: sessions begin with a connect. This adapter's only mistakes are that it has not been told to answer unsupported
// to listen and accept.
func TestTheWalkWithWhoAcceptsNothing(t *testing.T) {
	simtest.NotShort(t)
	t.Parallel()
	needEnv(t)
	var out bytes.Buffer
	c, err := Check(context.Background(), &out, me("epoll:client"), world)
	accepts := 0
	for _, s := range steps {
		if strings.Contains(s.lines, "listen ") {
			accepts++
		}
	}
	if err != nil || c.Breaches > 0 || c.Mistakes != bytes.Count(out.Bytes(), []byte("wrong: it does not declare capability accept")) || c.Skipped > accepts+1 {
		t.Fatalf("%+v, %d steps with a listener, %v\n%s", c, accepts, err, out.String())
	}
}

// The walk tells a mistake of the adapter from what the back end does.
func TestTheWalkSaysWhoseMistakeItIs(t *testing.T) {
	simtest.NotShort(t)
	t.Parallel()
	needEnv(t)
	for _, x := range []struct {
		role, said         string
		mistakes, breaches bool
	}{
		{"epoll:lifo-fill", "the back end breaks RCV-2", false, true},
		{"null:", "port was answered unsupported, which no back end can do without", true, false},
		{"null:post", "port was answered unsupported", true, false},
	} {
		var out bytes.Buffer
		c, err := Check(context.Background(), &out, me(x.role), world)
		if err != nil {
			t.Errorf("%s: %v", x.role, err)
		}
		if (c.Mistakes > 0) != x.mistakes || (c.Breaches > 0) != x.breaches || !bytes.Contains(out.Bytes(), []byte(x.said)) {
			t.Errorf("%s: %+v; want %q\n%s", x.role, c, x.said, out.String())
		}
	}
}
