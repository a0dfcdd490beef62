package realworld

import (
	"net"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// stalling is a connection on which nothing can be sent while the mutex is held.
type stalling struct {
	net.Conn
	*sync.Mutex
}

func (s stalling) Write(b []byte) (int, error) {
	s.Lock()
	defer s.Unlock()
	return s.Conn.Write(b)
}

func TestADeadCanaryIsAnErrorOfTheRunAndEndsEveryWait(t *testing.T) {
	w := open(t)
	err := w.Run(func() {
		x := w.Watch(0)
		w.canary.far.Close() // as a back end does that closes a descriptor twice
		for !x.Spent() {
			time.Sleep(x.Slice())
		}
		w.Settle()
	})
	failsWith(t, err, "canary", "descriptor")
}

func TestACanaryWhoseByteNeverComesBackDies(t *testing.T) {
	t.Cleanup(func() { nothingLeft(t) })
	near, far, err := loopbackPair()
	if err != nil {
		t.Fatal(err)
	}
	var held sync.Mutex
	held.Lock()
	c := startCanary(near, stalling{far, &held}, pace, time.Microsecond)
	<-c.dead
	held.Unlock()
	failsWith(t, c.failure(), "not back")
	c.stop()
}

func TestACanaryThatGetsAnotherByteDies(t *testing.T) {
	t.Cleanup(func() { nothingLeft(t) })
	near, far, err := loopbackPair()
	if err != nil {
		t.Fatal(err)
	}
	far.Write([]byte{99})
	c := startCanary(near, far, pace, lapse)
	<-c.dead
	failsWith(t, c.failure(), "byte 0", "got 99")
	c.stop()
}

// hasty is a connection that says once of a receive that has ended that it has not.
type hasty struct {
	net.Conn
	once sync.Once
}

func (h *hasty) Read(b []byte) (n int, err error) {
	n, err = h.Conn.Read(b)
	h.once.Do(func() { n, err = 0, &net.OpError{Op: "read", Err: os.NewSyscallError("wsarecv", syscall.Errno(996))} })
	return n, err
}

// Of what Wine says of a receive a moment too early the canary does not die: it has another connection then.
func TestACanaryWhoseReceiveIsUnfinishedGoesOn(t *testing.T) {
	t.Cleanup(func() { nothingLeft(t) })
	for i := range 2 {
		near, far, err := loopbackPair()
		if err != nil {
			t.Fatal(err)
		}
		ends := [2]net.Conn{near, far}
		ends[i] = &hasty{Conn: ends[i]}
		c := startCanary(ends[0], ends[1], pace, lapse)
		for c.rounds.Load() < 20 && c.failure() == nil {
			time.Sleep(pace)
		}
		if err := c.failure(); err != nil {
			t.Error(err)
		}
		if c.has(ends[1]) {
			t.Error("it has the connection that it had")
		}
		c.stop()
	}
}

func TestADeadCanaryIsReplacedForTheNextWorld(t *testing.T) {
	a := open(t)
	a.canary.far.Close()
	<-a.canary.dead
	b := open(t)
	if n := b.Settle(); n < settleRounds {
		t.Errorf("settled with %d rounds", n)
	}
	failsWith(t, a.Run(func() {}), "canary")
	if err := b.Run(func() {}); err != nil {
		t.Errorf("the second world's run: %v", err)
	}
}

// How fast patience passes: rounds/s tells what 3000 rounds and 12 rounds are worth on this machine.
func BenchmarkCanary(b *testing.B) {
	for _, load := range []struct {
		name string
		busy int
	}{{"idle", 0}, {"busy", runtime.GOMAXPROCS(0)}, {"overloaded", 4 * runtime.GOMAXPROCS(0)}} {
		b.Run(load.name, func(b *testing.B) {
			w, err := New()
			if err != nil {
				b.Fatal(err)
			}
			defer w.Close()
			var quit atomic.Bool
			var spinners sync.WaitGroup
			for range load.busy {
				spinners.Go(func() {
					for !quit.Load() {
					}
				})
			}
			start := w.canary.rounds.Load()
			for b.Loop() {
				for now := w.canary.rounds.Load(); w.canary.rounds.Load() == now; {
					time.Sleep(pace / 2)
				}
			}
			b.ReportMetric(float64(w.canary.rounds.Load()-start)/b.Elapsed().Seconds(), "rounds/s")
			quit.Store(true)
			spinners.Wait()
		})
	}
}
