package spec

import (
	"io"
	"runtime"
	"testing"

	"github.com/ioconform/ioconform/simnet/simtest"
)

// With an Out, memory is bounded by what is in flight.
func TestAWrapperThatWritesKeepsNothing(t *testing.T) {
	simtest.OneGoroutine(t)
	w := Wrap(&silent{}, WrapOptions{About: able(), Out: io.Discard})
	p, _ := w.Port(0)
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	var first uint64
	dst := make([]Packet, 1)
	sockets := 40_000 / simtest.Every(4)
	for i := range sockets {
		s, _ := w.Socket(TCP4)
		p.Associate(s, 5)
		for k := range 4 {
			s.Start(&Op{Kind: Send, Token: uint64(i)<<8 | uint64(k), Buf: []byte("some bytes")})
			p.Wait(dst, 0)
		}
		s.Close()
		if i == sockets/10 {
			first = heap()
		}
	}
	if grown := int64(heap()) - int64(first); grown > 1<<20/int64(simtest.Every(4)) {
		t.Errorf("the heap grew by %d KiB over %d sockets and %d operations", grown>>10, sockets*9/10, sockets*9/10*4)
	}
	runtime.KeepAlive(w)
}
