package main

import (
	"testing"
	"time"

	"github.com/panjf2000/gnet/v2"

	"github.com/ioconform/ioconform/spec"
)

// What gnet had received when the connection ended goes to receives in the order in which they were started.
func TestReceivesAfterTheEndAreServedInOrder(t *testing.T) {
	const receives = 200
	got := make(chan byte, receives)
	p := &port{}
	p.Deliver(func(_ int, k spec.Packet) { got <- byte(k.Token) })
	s := &socket{conn: struct{ gnet.Conn }{}, port: p, over: true}
	var ops [receives]spec.Op
	for i := range ops {
		s.rest = append(s.rest, byte(i))
		ops[i] = spec.Op{Kind: spec.Receive, Token: uint64(i), Buf: make([]byte, 1)}
	}
	for i := range ops {
		if r := s.Start(&ops[i]); r.How != spec.Pending {
			t.Fatalf("receive %d: %v", i, r)
		}
	}
	for i := range ops {
		select {
		case token := <-got:
			if int(token) != i || ops[i].Buf[0] != byte(i) {
				t.Fatalf("packet %d is of receive %d, and receive %d has byte %d", i, token, i, ops[i].Buf[0])
			}
		case <-time.After(time.Minute):
			t.Fatalf("no packet %d", i)
		}
	}
}
