package adapter

import (
	"sync"
	"testing"

	"github.com/ioconform/ioconform/spec"
)

// BenchmarkOperations measures operations through an adapter that is another process and does nothing: each is a start with its answer, and a packet,
// which comes with others. Starts are made by so many goroutines as a suite has cases, or a server workers.
func BenchmarkOperations(b *testing.B) {
	needEnv(b)
	pool, err := Start(me("memory"), Options{World: world, Processes: 1})
	if err != nil {
		b.Fatal(err)
	}
	defer pool.Close()
	in, err := pool.Target().Open()
	if err != nil {
		b.Fatal(err)
	}
	defer in.Close()
	err = in.Run(func() {
		port, _ := in.Backend.Port(0)
		const starters = 64
		var all, waiters sync.WaitGroup
		b.ResetTimer()
		done := make(chan struct{}, b.N)
		waiters.Go(func() {
			dst := make([]spec.Packet, 256)
			for taken := 0; taken < b.N; {
				n, st := port.Wait(dst, -1)
				if !st.Ok() {
					b.Errorf("wait: %s", st)
					return
				}
				taken += n
				for range n {
					done <- struct{}{}
				}
			}
		})
		for i := range starters {
			all.Go(func() {
				s, _ := in.Backend.Socket(spec.TCP4)
				port.Associate(s, uint64(i))
				var buf [64]byte
				for k := i; k < b.N; k += starters {
					if r := s.Start(&spec.Op{Kind: spec.Send, Token: uint64(k + 1), Buf: buf[:]}); r.How != spec.Pending {
						b.Errorf("start: %v", r)
						return
					}
				}
			})
		}
		all.Wait()
		waiters.Wait()
		b.StopTimer()
		in.Backend.Close()
	})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "ops/s")
}
