// Command gonet records what Go's own net does under load, in the form in which conform check judges it: a small completion back end on
// net, wrapped by the recorder, serves an echo to several clients.
//
//	go run ./conformance/examples/gonet -o gonet.jsonl
//	go run ./cmd/conform check gonet.jsonl
package main

import (
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"sync"

	"github.com/ioconform/ioconform/spec"
)

func main() {
	out := flag.String("o", "gonet.jsonl", "the trace")
	clients := flag.Int("clients", 8, "how many clients there are")
	messages := flag.Int("messages", 500, "how many messages each sends")
	level := flag.String("data", "sum", "what the trace tells of the bytes: none, sum or bytes")
	flag.Parse()
	f, err := os.Create(*out)
	if err == nil {
		err = run(f, spec.DataLevel(*level), *clients, *messages)
		if e := f.Close(); err == nil {
			err = e
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gonet:", err)
		os.Exit(2)
	}
	fmt.Printf("%d messages were echoed; now: conform check %s\n", *clients**messages, *out)
}

// run serves the clients and writes the trace.
func run(out io.Writer, level spec.DataLevel, clients, messages int) error {
	w := spec.Wrap(backend{}, spec.WrapOptions{About: about(), Data: level, Out: out})
	s, err := newServer(w)
	if err != nil {
		return err
	}
	const workers = 4
	var working, loading sync.WaitGroup
	for range workers {
		working.Go(s.work)
	}
	for i := range clients {
		loading.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(i), 1))
			if err := client(w.Peer(&far{}, spec.TCP4), s.addr, messages, rng); err != nil {
				s.note(fmt.Errorf("client %d: %w", i, err))
			}
		})
	}
	loading.Wait()
	w.Settled(s.rest(workers, &working))
	s.lis.Close()
	for dst := make([]spec.Packet, 4); ; { // the accept that was outstanding
		if n, _ := s.port.Wait(dst, patience); n > 0 {
			break
		}
	}
	s.port.Close()
	if err := w.End(); err != nil {
		return err
	}
	return s.wrong
}
