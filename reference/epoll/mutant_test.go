package epoll_test

import (
	"fmt"
	"testing"

	"github.com/ioconform/ioconform/reference/epoll"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

// sampled are the programs of the other tests, taken from them by collecting instead of running.
func sampled(t *testing.T) (programs []func(w *world)) {
	collect = func(program func(w *world)) { programs = append(programs, program) }
	defer func() { collect = nil }()
	for _, test := range []func(*testing.T){
		TestReceivesAreFilledInPostingOrder, TestSuccessAtOnceIsDoneAndQueuesItsPacketAllTheSame, TestAReceiveWithoutABufferWaitsAndTakesNothing,
		TestWaitAllFillsItsBufferAndACancelLosesNothing, TestTheEndOfTheStreamIsForEveryReceiveFromThenOn, TestAnEndThatComesWithDataIsNotSwallowed,
		TestAResetIsToldToEverybodyAndBehindTheData, TestWhatMayNotBeReceivedIsRefused, TestSendsGoOutWholeAndInOrderAndShutdownBehindThem,
		TestACancelledSendIsFollowedDirectlyByTheNext, TestAResetEndsEverySendThatWaits, TestClosingASocketEndsWhatIsOutstanding,
		TestCancellingAllEndsEachOnceAndLeavesTheStreamUsable, TestAcceptsAreServedInPostingOrderOneConnectionEach,
		TestAnAcceptMayNameItsSocketAndThatMayHaveAPortAlready, TestAnAcceptWithDataWaitsForItAndHoldsUpNobody, TestClosingAListenerEndsItsAccepts,
		TestAConnectSucceedsOrSaysWhyNot, TestAConnectMayBeCancelledOrStartedBeforeTheAssociation, TestPostsComeOutInOrderAndWakeASleeper,
		TestEverySleeperGetsOneOfTheirPackets, TestClosingAPortEndsEveryWait, TestClosingTheBackEndEndsEverything,
		TestAPortThatIsKeptBusyByPostsStillLooksAtItsSockets, TestDatagramsAreTakenToTheLastOnOneEdge,
		TestEachDatagramIsForOneReceiveAndACancelLosesNone, TestTwoWorkersDoNotGetOneDatagramTwice,
	} {
		test(t)
	}
	return append(programs, twoReceivesTwoWorkers, slotUsedAgain, silenceAfterAPost)
}

// Each planted bug is one that these tests would have found; but for those about the moment (races.go) or about what must be remembered (slips.go), for which the suite has cases that make
// the moment likely: conformance/mutant looks for them.
func TestEveryPlantedBugIsNoticed(t *testing.T) {
	sim := simulation{simnet.New(simnet.Options{StepCap: 20_000})}
	defer sim.w.Close()
	programs := sampled(t)
	for i, program := range programs[len(programs)-3:] {
		for seed := uint64(0); seed < 2000; seed += uint64(simtest.Every(5)) {
			sim.run(t, fmt.Sprintf("program %d, lazy %d", i, seed), simnet.Lazy(seed), program)
			sim.run(t, fmt.Sprintf("program %d, uniform %d", i, seed), simnet.Uniform(seed), program)
			if t.Failed() {
				return
			}
		}
	}
	for _, bug := range epoll.Mutants {
		if bug == firstOfTheMoment {
			break
		}
		t.Run(bug, func(t *testing.T) {
			how := noticed(sim, programs, bug)
			if t.Log(how); how == "" {
				t.Error("nothing notices it")
			}
		})
	}
	if err := epoll.New(nowhere{}).Plant("no-such-bug"); err == nil {
		t.Error("a bug that nobody knows was planted")
	}
}

const firstOfTheMoment = "parks-late"

type nowhere struct{ epoll.Kernel }

func (nowhere) NewLock() interface {
	Lock()
	Unlock()
} {
	return nil
}

// noticed runs the programs with the bug in until one goes wrong.
func noticed(sim simulation, programs []func(w *world), bug string) string {
	for seed := range uint64(30_000) {
		for i, program := range programs {
			if seed >= 30 && i < len(programs)-3 {
				continue // what needs a rare schedule is looked for by the small programs only
			}
			for j, src := range []simnet.Source{simnet.Lazy(seed), simnet.Uniform(seed)} {
				p := &probe{}
				sim.runWith(p, src, program, bug)
				if p.failed {
					return fmt.Sprintf("program %d, source %d, seed %d: %s", i, j, seed, p.text)
				}
			}
		}
	}
	return ""
}

// probe is a testing.TB that fails quietly.
type probe struct {
	testing.TB
	failed bool
	text   string
}

func (p *probe) Helper() {}
func (p *probe) Errorf(format string, args ...any) {
	if !p.failed {
		p.failed, p.text = true, fmt.Sprintf(format, args...)
	}
}
func (p *probe) Fatalf(format string, args ...any) { p.Errorf(format, args...); panic("failed") }
func (p *probe) Fatal(args ...any)                 { p.Fatalf("%s", fmt.Sprint(args...)) }

// twoReceivesTwoWorkers has both workers at the same socket.
func twoReceivesTwoWorkers(w *world) {
	s, f := w.pair(7)
	w.started("receive", s.Start(receive(2, 1)))
	w.started("receive", s.Start(receive(3, 1)))
	var seen [2][2]int
	for i := range seen {
		w.spawn("worker", func() {
			var dst [1]spec.Packet
			for {
				n, _ := w.p.Wait(dst[:], w.quiet)
				if n == 0 {
					return
				}
				seen[i][dst[0].Token-2]++
			}
		})
	}
	f.send("a")
	f.send("b")
	w.settle()
	for k := range 2 {
		if n := seen[0][k] + seen[1][k]; n != 1 {
			w.Fatalf("receive %d has %d packets", k+2, n)
		}
	}
}

// slotUsedAgain closes a socket while a worker holds an event for it, and connects another in its place.
func slotUsedAgain(w *world) {
	fd, _ := w.far.Socket(4) // has no room for connections, so that connecting takes for ever
	w.far.Bind(fd, anyPort)
	w.far.Listen(fd, 0)
	full, _ := w.far.LocalAddr(fd)
	w.dial(full)
	s, f := w.pair(7)
	var early bool
	w.spawn("worker", func() {
		var dst [1]spec.Packet
		for {
			n, _ := w.p.Wait(dst[:], 100*1e6)
			if n == 0 {
				return
			}
			early = early || dst[0].Token == 3
		}
	})
	f.send("a")
	w.want("close", s.Close(), spec.OK)
	next := w.socket()
	w.want("associate", w.p.Associate(next, 8), spec.OK)
	op := &spec.Op{Kind: spec.Connect, Token: 3, To: full}
	w.started("connect", next.Start(op))
	w.sleep(200 * 1e6)
	if early {
		w.Fatal("a connection that cannot come about has come about")
	}
}

// silenceAfterAPost lets two threads sleep and a third post: afterwards nothing moves.
func silenceAfterAPost(w *world) {
	got := 0
	for range 2 {
		w.spawn("sleeper", func() {
			var dst [1]spec.Packet
			for {
				n, _ := w.p.Wait(dst[:], w.quiet)
				if n == 0 {
					return
				}
				got += n
			}
		})
	}
	w.spawn("poster", func() { w.p.Post(0, 1, 0); w.p.Post(0, 2, 0) })
	w.settle()
	if got != 2 {
		w.Fatalf("%d of 2 packets", got)
	}
}
