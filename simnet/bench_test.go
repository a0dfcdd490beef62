package simnet

import (
	"iter"
	"testing"
	"time"
)

// bare measures one next() of iter.Pull, two coroutine switches: the unit of the other figures.
func bare(rounds int) time.Duration {
	next, stop := iter.Pull(func(yield func(struct{}) bool) {
		for yield(struct{}{}) {
		}
	})
	defer stop()
	next()
	start := time.Now()
	for range rounds {
		next()
	}
	return time.Since(start)
}

// against reports the time per operation as a multiple of a bare next(), measured before and now.
func against(b *testing.B, before float64, n int) {
	b.StopTimer()
	per := float64(b.Elapsed()) / float64(n)
	unit := (before + unit()) / 2
	b.ReportMetric(per, "ns/step")
	b.ReportMetric(per/unit, "x-bare")
}

func unit() float64 {
	const rounds = 1_000_000
	bare(rounds / 10)
	return float64(bare(rounds)) / rounds
}

func BenchmarkBareSwitch(b *testing.B) {
	b.ReportMetric(float64(bare(b.N))/float64(b.N), "ns/step")
}

// turn takes the next other thread every time: every step switches.
type turn struct{}

func (turn) Pick(kind Kind, n int) int {
	if kind == KindPreempt {
		return 1
	}
	return 0
}

func benchSteps(b *testing.B, src Source, threads int) {
	u := unit()
	w := New(Options{StepCap: 1<<31 - 1, Source: src})
	defer w.Close()
	per := b.N/threads + 1
	b.ReportAllocs()
	w.Run(func() {
		body := func() {
			for range per {
				w.Step()
			}
		}
		for range threads - 1 {
			w.Go("t", body)
		}
		b.ResetTimer()
		body()
		w.Settle()
	})
	against(b, u, w.Steps())
}

func BenchmarkSwitchEveryStep(b *testing.B)    { benchSteps(b, turn{}, 2) }
func BenchmarkSwitchEveryStepOf8(b *testing.B) { benchSteps(b, turn{}, 8) }
func BenchmarkStepUniformOf8(b *testing.B)     { benchSteps(b, Uniform(1), 8) }
func BenchmarkStepAlone(b *testing.B)          { benchSteps(b, Dull(), 1) }
func BenchmarkStepStaysOf8(b *testing.B)       { benchSteps(b, Dull(), 8) }

func BenchmarkWorldReused(b *testing.B) {
	u := unit()
	w := New(Options{})
	defer w.Close()
	src := Uniform(1)
	idle := func() {}
	main := func() {
		for range 4 {
			w.Go("t", idle)
		}
		w.Settle()
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		src.Seed(uint64(i))
		w.Reset(src)
		w.Run(main)
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/u, "x-bare")
}

// BenchmarkWorldUnwound ends four blocked threads in each run.
func BenchmarkWorldUnwound(b *testing.B) {
	w := New(Options{})
	defer w.Close()
	var q *WaitQueue
	body := func() { q.Park(Call{Format: "for ever"}, -1) }
	main := func() {
		q = w.NewWaitQueue(FIFO)
		for range 4 {
			w.Go("t", body)
		}
		w.Settle()
	}
	b.ReportAllocs()
	for b.Loop() {
		w.Reset(nil)
		w.Run(main)
	}
}

func BenchmarkWorldFresh(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		w := New(Options{})
		w.Run(func() {
			for range 4 {
				w.Go("t", func() {})
			}
			w.Settle()
		})
		w.Close()
	}
}

func BenchmarkMutex(b *testing.B) {
	u := unit()
	w := New(Options{StepCap: 1<<31 - 1, Source: Uniform(1)})
	defer w.Close()
	b.ReportAllocs()
	w.Run(func() {
		m := w.NewMutex()
		locked := 0
		body := func() {
			for range b.N/4 + 1 {
				m.Lock()
				locked++ // staticcheck takes an empty section for a mistake
				m.Unlock()
			}
		}
		for range 3 {
			w.Go("t", body)
		}
		b.ResetTimer()
		body()
		w.Settle()
	})
	against(b, u, b.N)
}

func BenchmarkSleep16(b *testing.B) {
	w := New(Options{StepCap: 1<<31 - 1})
	defer w.Close()
	b.ReportAllocs()
	w.Run(func() {
		body := func() {
			for i := range b.N/16 + 1 {
				w.Sleep(time.Duration(1 + i*7%13))
			}
		}
		for range 15 {
			w.Go("t", body)
		}
		b.ResetTimer()
		body()
		w.Settle()
	})
}

func benchEcho(b *testing.B, workers, clients, rounds int, opts Options) {
	u := unit()
	w := New(opts)
	defer w.Close()
	e := newEcho(w, workers, clients, rounds)
	src := Uniform(0)
	steps := 0
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		src.Seed(uint64(i))
		w.Reset(src)
		if out := w.Run(e.mainBody); !out.OK() {
			b.Fatal(out)
		}
		steps += w.Steps()
	}
	against(b, u, steps)
	b.ReportMetric(float64(steps)/float64(b.N), "steps/run")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "runs/s")
}

func BenchmarkEcho1x1x1(b *testing.B)          { benchEcho(b, 1, 1, 1, Options{}) }
func BenchmarkEcho2x2x3(b *testing.B)          { benchEcho(b, 2, 2, 3, Options{}) }
func BenchmarkEcho2x2x3NoSegment(b *testing.B) { benchEcho(b, 2, 2, 3, Options{NoSegment: true}) }

func BenchmarkDelaySearch(b *testing.B) {
	w := New(Options{})
	defer w.Close()
	e := newEcho(w, 2, 1, 1)
	s := NewDelaySearch(1 << 20)
	b.ReportAllocs()
	for b.Loop() {
		if !s.Next() {
			b.Fatal("exhausted")
		}
		w.Reset(s)
		if out := w.Run(e.mainBody); !out.OK() {
			b.Fatal(out)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "runs/s")
}
