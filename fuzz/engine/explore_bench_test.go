package engine

import (
	"context"
	"strings"
	"testing"
)

// server is the server of the document with two workers and two clients.
var server = Server{Workers: 2, Clients: 2, Messages: 1, Size: 3}

// The search: schedules settled a second, and runs that takes.
func BenchmarkExplore(b *testing.B) {
	for _, name := range []string{"model", "epoll-sim", "model, as a scenario"} {
		b.Run(name, func(b *testing.B) {
			base, _, scenario := strings.Cut(name, ",")
			target, _ := subject(b, base)
			c := parsedCase(b, "server", server.Text())
			schedules, runs := 0.0, 0
			b.ReportAllocs()
			for b.Loop() {
				o := ExploreOptions{Bound: Delays, Max: 3}
				if testing.Short() {
					o.Max = 2
				}
				x, err := ExploreServer(context.Background(), target, server, o)
				if scenario {
					x, err = Explore(context.Background(), target, c, o)
				}
				if err != nil || !x.Complete || len(x.Found) > 0 {
					b.Fatal(err, x.Verdict(), x.Found)
				}
				schedules += float64(x.Schedules)
				runs += x.Runs
			}
			b.ReportMetric(schedules/b.Elapsed().Seconds(), "schedules/s")
			b.ReportMetric(float64(runs)/b.Elapsed().Seconds(), "runs/s")
		})
	}
}
