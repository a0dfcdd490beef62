package reference_test

import (
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ioconform/ioconform/reference"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

// A hundred thousand operations under eight workers, while the garbage collector runs without a pause: each has its packet, once, with its own
// key and its own bytes, and nothing is left of them. The back ends are those that this machine has a kernel for.
//
// Every Op and buffer is new, and of sends the test keeps neither: a back end that does not hold on to what the kernel is to read sends what the collector has put
// there since.
func TestAHundredThousandOperationsEndOnceEachAndLeaveNothing(t *testing.T) {
	operations := 100_000 / simtest.Every(5)
	if testing.Short() {
		operations = 10_000
	}
	forEachKernel(t, func(t *testing.T, target *spec.Target) {
		goroutines := runtime.NumGoroutine()
		i, err := target.Open()
		if err != nil {
			t.Fatal(err)
		}
		x := &stressed{T: t, b: i.Backend, about: target.About, flights: map[uint64]flight{}}
		x.run(operations / 10) // what is allocated once and for all is allocated now
		before := x.memory()
		began := time.Now()
		x.run(operations)
		took := time.Since(began)
		after := x.memory()
		if err := x.b.Close(); err != nil {
			t.Error(err)
		}
		if err := i.Close(); err != nil {
			t.Error(err)
		}
		grown := int64(after.HeapAlloc) - int64(before.HeapAlloc)
		t.Logf("%d operations (%d stayed outstanding) and %d connections; the last %d in %.1f s, %d collections; heap %+d bytes, %+d objects", x.started.Load(),
			x.pending.Load(), x.sessions.Load(), operations, took.Seconds(), after.NumGC-before.NumGC, grown, int64(after.HeapObjects)-int64(before.HeapObjects))
		if x.pending.Load() == 0 {
			t.Error("no operation stayed outstanding")
		}
		// A pointer for each operation would be more; what is less comes and goes.
		if most := int64(max(4*operations, 256<<10)); grown > most {
			t.Errorf("the heap has grown by %d bytes over %d operations; %d are allowed", grown, operations, most)
		}
		for late := time.Now().Add(30 * time.Second); runtime.NumGoroutine() > goroutines && time.Now().Before(late); {
			time.Sleep(time.Millisecond) // until they are gone that have said that they are going
		}
		if n := runtime.NumGoroutine(); n > goroutines {
			t.Errorf("%d goroutines, there were %d before", n, goroutines)
		}
	})
}

// forEachKernel runs a test on every completion back end that this machine has a kernel for.
func forEachKernel(t *testing.T, test func(*testing.T, *spec.Target)) {
	targets, _ := reference.Targets()
	ran := false
	for _, target := range targets {
		if target.About.World == "real" && !target.About.Can(spec.CanPoll) {
			ran = true
			t.Run(target.About.Name, func(t *testing.T) { test(t, target) })
		}
	}
	if !ran {
		t.Skip("there is no completion back end for the kernel of " + runtime.GOOS + "; there is one for Linux (epoll) and one for Windows (iocp)")
	}
}

// memory is what is in use while the back end is there and nothing is in flight. A back end may keep some refused operations for a while, so those that
// it has are made to be small ones.
func (x *stressed) memory() (m runtime.MemStats) {
	k, st := x.b.Socket(spec.TCP4)
	x.must("socket", st)
	for range 256 {
		if r := k.Start(&spec.Op{Kind: spec.Receive, Buf: make([]byte, 1)}); r.How != spec.RefusedAtStart {
			x.Errorf("a receive on a socket without connection: %+v", r)
		}
	}
	k.Close()
	runtime.GC()
	runtime.GC() // what the first has found to be finalized
	runtime.ReadMemStats(&m)
	return m
}

// stressed is a run. Slots carry one connection after the other, both ends of which belong to the back end.
type stressed struct {
	*testing.T
	b      spec.Backend
	p      spec.Port
	about  spec.About
	budget int64

	started, sessions, pending atomic.Int64
	tokens                     atomic.Uint64
	mu                         sync.Mutex
	flights                    map[uint64]flight
	slots                      sync.WaitGroup
}

// flight is what the test knows of an operation that is outstanding.
type flight struct {
	what string
	key  uint64
	then func(spec.Packet)
}

// run makes that many operations, or some more, and returns when nothing is in flight.
func (x *stressed) run(operations int) {
	const workers, slots = 8, 16
	var st spec.Status
	if x.p, st = x.b.Port(0); !st.Ok() {
		x.Fatal("port:", st)
	}
	x.budget = x.started.Load() + int64(operations)
	var working, collecting sync.WaitGroup
	for w := range workers {
		working.Go(func() { x.work(1 + w%3*7) })
	}
	stop := make(chan struct{})
	collecting.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				runtime.GC()
			}
		}
	})
	x.slots.Add(slots)
	for n := range slots {
		x.open(n)
	}
	x.await("a packet", x.slots.Wait)
	x.p.Post(0, 0, 0)
	x.await("the way out of Wait", working.Wait)
	close(stop)
	collecting.Wait()
	x.must("closing the port", x.p.Close())
	if n := len(x.flights); n > 0 {
		x.Errorf("%d operations are in flight when all is over", n)
	}
}

// await waits, and tells what is missing before go test gives the test up.
func (x *stressed) await(what string, wait func()) {
	x.Helper()
	done := make(chan struct{})
	go func() { wait(); close(done) }()
	var late <-chan time.Time
	if end, is := x.Deadline(); is {
		late = time.After(time.Until(end) - 5*time.Second)
	}
	select {
	case <-done:
	case <-late:
		x.mu.Lock()
		missing := map[string]int{}
		for _, f := range x.flights {
			missing[f.what]++
		}
		x.mu.Unlock()
		x.Fatalf("waited for %s; %d operations were started, and are in flight: %v", what, x.started.Load(), missing)
	}
}

func (x *stressed) work(batch int) {
	packets := make([]spec.Packet, batch)
	for quit := false; !quit; {
		n, st := x.p.Wait(packets, -1)
		if !st.Ok() {
			x.Errorf("wait: %v", st)
			return
		}
		for _, p := range packets[:n] {
			if p.Token == 0 {
				quit = true
				continue
			}
			x.land(p)
		}
	}
	x.p.Post(0, 0, 0)
}

func (x *stressed) land(p spec.Packet) {
	x.mu.Lock()
	f, is := x.flights[p.Token]
	delete(x.flights, p.Token)
	x.mu.Unlock()
	if !is {
		x.Errorf("a packet (%d bytes, %v) for token %d of %d, which is not in flight", p.N, p.Status, p.Token, x.tokens.Load())
		return
	}
	if p.Key != f.key {
		x.Errorf("%s: key %d, want %d", f.what, p.Key, f.key)
	}
	f.then(p)
}

// fly makes a token, and remembers what it stands for before the packet can come.
func (x *stressed) fly(f flight) uint64 {
	x.started.Add(1)
	token := x.tokens.Add(1)
	x.mu.Lock()
	x.flights[token] = f
	x.mu.Unlock()
	return token
}

func (x *stressed) abandon(token uint64) {
	x.mu.Lock()
	delete(x.flights, token)
	x.mu.Unlock()
}

func (x *stressed) must(what string, st spec.Status) {
	if !st.Ok() {
		x.Errorf("%s: %v", what, st)
	}
}

// socket makes a socket with a loopback address, on the port.
func (x *stressed) socket(key uint64) spec.Socket {
	k, st := x.b.Socket(spec.TCP4)
	x.must("socket", st)
	x.must("bind", k.Bind(loopback))
	x.must("associate", x.p.Associate(k, key))
	return k
}

// noise is what is sent: of a stream the byte at a position is one of period bytes, and twice that many are there so that any part is a slice.
var noise = sync.OnceValue(func() []byte {
	b := make([]byte, 2*period)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range period {
		b[i] = byte(random.Uint32())
	}
	copy(b[period:], b)
	return b
})

const period = 1 << 20

// content is n bytes of a stream, at most period.
func content(stream uint64, at, n int) []byte {
	from := (int(stream%period)*7919 + at) % period
	return noise()[from : from+n]
}
