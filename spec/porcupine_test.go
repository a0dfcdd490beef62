package spec

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/ioconform/ioconform/simnet/simtest"
)

// A history of posts and waits of one packet each at one port, and what porcupine needs to judge it as a FIFO queue.
type queueCall struct {
	post  bool
	value int // posted or taken; 0 = the wait ran out of time
}

var fifo = porcupine.Model{
	Init: func() any { return "" },
	Step: func(state, input, output any) (bool, any) {
		queue, in, out := state.(string), input.(queueCall), output.(queueCall)
		switch {
		case in.post:
			return true, queue + string(rune(in.value))
		case out.value == 0:
			return queue == "", queue
		case queue == "":
			return false, queue
		}
		front := []rune(queue)[0]
		return int(front) == out.value, queue[len(string(front)):]
	},
}

// queueHistory draws a history of a correct queue, or, if wrong, of one that makes one mistake, as a trace and for porcupine. It ends with waits
// that take what is left, until one runs out of time.
func queueHistory(rng *rand.Rand, n, threads int, wrong bool) (*Trace, []porcupine.Operation) {
	w := &randomWorld{trace: &Trace{By: "queue", About: able(), Data: DataBytes}}
	w.do(Event{Verb: OpenPort, Port: 1, N: 1 << 20}, fine)
	type going struct {
		call   Event
		op     porcupine.Operation
		effect bool
	}
	at := make([]*going, threads)
	for range threads {
		w.trace.Threads = append(w.trace.Threads, "w")
	}
	var queue []int
	var operations []porcupine.Operation
	made, mistake := 0, rng.IntN(n)
	take := func(g *going) {
		k := 0
		if wrong && made >= mistake && len(queue) > 0 {
			wrong = false
			switch rng.IntN(4) {
			case 0:
				k = len(queue) // it runs out of time
			case 1:
				k = rng.IntN(len(queue)) // out of order
			case 2:
				queue = append(queue[:1:1], queue...) // the same again
			case 3:
				if queue = queue[1:]; len(queue) == 0 { // lost
					k = 1
				}
			}
		}
		out := queueCall{}
		if k < len(queue) {
			out.value = queue[k]
			queue = append(queue[:k:k], queue[k+1:]...)
		}
		g.op.Output = out
	}
	step := func(i int, last bool) {
		g := at[i]
		switch {
		case g == nil:
			made++
			in := queueCall{post: rng.IntN(2) == 0 && !last}
			w.calls++
			g = &going{call: Event{Kind: CallEvent, Call: w.calls, Thread: int32(i), Verb: Wait, Port: 1, Len: 1}}
			if in.post {
				in.value = made
				g.call.Verb, g.call.Token, g.call.Len = Post, uint64(made), 0
			}
			w.add(g.call)
			g.op = porcupine.Operation{ClientId: i, Input: in, Output: queueCall{}, Call: int64(w.q)}
			at[i] = g
		case !g.effect:
			if g.effect = true; g.call.Verb == Post {
				queue = append(queue, g.op.Input.(queueCall).value)
			} else {
				take(g)
			}
		default:
			r := Event{Kind: ReturnEvent, Verb: g.call.Verb, Call: g.call.Call, Thread: int32(i), Port: 1}
			if v := g.op.Output.(queueCall).value; v != 0 {
				r.N, r.Packets = 1, []PacketEvent{{Token: uint64(v)}}
			} else if r.Verb == Wait {
				r.Status = Is(TimedOut)
			}
			w.add(r)
			g.op.Return = int64(w.q)
			operations = append(operations, g.op)
			at[i] = nil
		}
	}
	for made < n {
		step(rng.IntN(threads), false)
	}
	for i := range at {
		for at[i] != nil {
			step(i, false)
		}
	}
	for {
		step(0, true)
		step(0, true)
		step(0, true)
		if o := operations[len(operations)-1]; o.Output.(queueCall).value == 0 {
			break
		}
	}
	w.add(Event{Kind: SettleEvent})
	return w.trace, operations
}

// The rules of posts are pairwise, and together they say exactly what linearizability with respect to a queue says (Henzinger, Sezgin and
// Vafeiadis 2013): a packet that nobody posted (PKT-1), one taken twice (PKT-2), out of order (PKT-5), a lost one (PKT-6) and a wait that ran out of time
// although the port was never empty (PKT-7). Porcupine searches for an order instead, and has to agree.
func TestPorcupineAgreesOnPostsAndWaits(t *testing.T) {
	histories, step := 2000/slower, 1
	if testing.Short() {
		histories = 100 / slower
	} else if slower == 1 {
		step = simtest.Every(5)
	}
	c := NewChecker()
	wrong, weaker, undecided := 0, 0, 0
	for i := 0; i < histories; i += step {
		rng := rand.New(rand.NewPCG(uint64(i), 5))
		trace, operations := queueHistory(rng, 4+rng.IntN(56), 1+rng.IntN(4), rng.IntN(10) < 3)
		answer := porcupine.CheckOperationsTimeout(fifo, operations, time.Second/20)
		linear := answer == porcupine.Ok
		ids, why := brokenBy(c.Check(trace))
		switch {
		case answer == porcupine.Unknown:
			undecided++ // it takes exponential time for some
		case linear && len(ids) > 0:
			t.Fatalf("seed %d: the history has an order, and %s\n%s", i, why[0], write(t, trace))
		case !linear && len(ids) == 0:
			weaker++
			t.Errorf("seed %d: the history has no order, and no rule is broken\n%s", i, write(t, trace))
		case !linear:
			wrong++
		}
	}
	t.Logf("%d histories, %d of them wrong by both; %d by porcupine only; for %d it had no answer in time", histories/step, wrong, weaker, undecided)
}

// Both judge the same histories of a thousand events.
func BenchmarkCheckerAgainstPorcupine(b *testing.B) {
	const histories = 10 // of which the last three are wrong
	var traces []*Trace
	var all [][]porcupine.Operation
	events := 0
	for i := range histories {
		rng := rand.New(rand.NewPCG(uint64(i), 6))
		trace, operations := queueHistory(rng, 490, 2, i >= 7)
		traces, all = append(traces, trace), append(all, operations)
		events += len(trace.Events)
	}
	c := NewChecker()
	c.Check(traces[0])
	var ours, theirs, wrong time.Duration
	for b.Loop() {
		begin := time.Now()
		for range 20 {
			for _, trace := range traces {
				c.Check(trace)
			}
		}
		ours += time.Since(begin) / 20
		begin = time.Now()
		for _, operations := range all[:7] {
			porcupine.CheckOperationsTimeout(fifo, operations, time.Second)
		}
		theirs += time.Since(begin)
		begin = time.Now()
		for _, operations := range all[7:] {
			porcupine.CheckOperationsTimeout(fifo, operations, time.Second) // it would take longer
		}
		wrong += time.Since(begin)
	}
	b.ReportMetric(float64(theirs+wrong)/float64(ours), "times-faster")
	b.ReportMetric(float64(theirs)/7/(float64(ours)/histories), "times-faster-right-at-least")
	b.ReportMetric(float64(wrong)/3/(float64(ours)/histories), "times-faster-wrong-at-least")
	b.ReportMetric(float64(events)/histories, "events/history")
	b.ReportMetric(float64(events)*float64(b.N)/ours.Seconds(), "events/s")
}
