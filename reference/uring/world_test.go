//go:build linux

package uring_test

import (
	"errors"
	"net"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/ioconform/ioconform/reference/uring"
	"github.com/ioconform/ioconform/spec"
)

var anyPort = netip.MustParseAddrPort("127.0.0.1:0")

// world is a back end with one port, and far ends made by package net.
type world struct {
	testing.TB
	b     *uring.Backend
	p     spec.Port
	token atomic.Uint64
}

func newWorld(tb testing.TB) *world {
	tb.Helper()
	b, err := uring.New()
	if errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.EPERM) || errors.Is(err, unix.EACCES) {
		tb.Skipf("no io_uring here (%v): it takes Linux 5.7 with sysctl kernel.io_uring_disabled=0 and no sandbox that forbids it", err)
	}
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { b.Close() })
	p, st := b.Port(0)
	if !st.Ok() {
		tb.Fatal(st)
	}
	return &world{TB: tb, b: b, p: p}
}

func (w *world) must(what string, st spec.Status) {
	w.Helper()
	if !st.Ok() {
		w.Fatal(what, ": ", st)
	}
}

func (w *world) socket(n spec.Network) spec.Socket {
	w.Helper()
	s, st := w.b.Socket(n)
	w.must("socket", st)
	return s
}

func (w *world) listener(key uint64) (spec.Socket, string) {
	w.Helper()
	l := w.socket(spec.TCP4)
	w.must("bind", l.Bind(anyPort))
	w.must("listen", l.Listen(512))
	w.must("associate", w.p.Associate(l, key))
	addr, st := l.Local()
	w.must("local", st)
	return l, addr.String()
}

// pair is a connection of the back end's with a far end.
func (w *world) pair(key uint64) (spec.Socket, *net.TCPConn) {
	w.Helper()
	l, addr := w.listener(0)
	defer l.Close()
	w.start(l, &spec.Op{Kind: spec.Accept})
	far, err := net.Dial("tcp", addr)
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() { far.Close() })
	pkt := w.packet()
	w.must("accept", pkt.Status)
	w.must("associate", w.p.Associate(pkt.Sock, key))
	return pkt.Sock, far.(*net.TCPConn)
}

// start starts an operation that is not refused.
func (w *world) start(s spec.Socket, op *spec.Op) *spec.Op {
	w.Helper()
	op.Token = w.token.Add(1)
	if r := s.Start(op); r.How == spec.RefusedAtStart {
		w.Fatalf("%v: refused, %v", op.Kind, r.Status)
	}
	return op
}

// packet takes the next packet.
func (w *world) packet() spec.Packet {
	w.Helper()
	var dst [1]spec.Packet
	if _, st := w.p.Wait(dst[:], time.Minute); !st.Ok() {
		w.Fatal("wait: ", st)
	}
	return dst[0]
}

// of takes the next packet, which is to be that of op.
func (w *world) of(op *spec.Op) spec.Packet {
	w.Helper()
	pkt := w.packet()
	if pkt.Token != op.Token {
		w.Fatalf("packet %v came, that of %d was to", pkt, op.Token)
	}
	return pkt
}
