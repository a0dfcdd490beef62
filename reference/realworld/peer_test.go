package realworld

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/netip"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// ready makes the tests wait for what must come; without it they would pass or fail by the clock.
const ready = 30 * time.Second

// facing returns a connected peer and the other end, which package net plays in place of a back end.
func facing(t *testing.T, w *World, n spec.Network) (spec.Peer, *net.TCPConn) {
	t.Helper()
	l, err := listenTCP(n.String(), w.Loopback(n).String())
	if err != nil {
		t.Skipf("no %v on this machine: %v", n, err)
	}
	defer l.Close()
	p, err := w.Peer(n)
	if err != nil {
		t.Fatal(err)
	}
	if st := p.Connect(addrPort(l.Addr()), ready); !st.Ok() {
		t.Fatal(st)
	}
	conn, err := l.AcceptTCP()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return p, conn
}

func expect(t *testing.T, what string, got spec.Status, want spec.Code) {
	t.Helper()
	if got.Code != want {
		t.Errorf("%s answered %v, want %v", what, got, want)
	}
}

func TestAPeerConnectsSendsAndReads(t *testing.T) {
	for _, n := range []spec.Network{spec.TCP4, spec.TCP6} {
		t.Run(n.String(), func(t *testing.T) {
			w := open(t)
			p, conn := facing(t, w, n)
			if p.Local() != addrPort(conn.RemoteAddr()) || p.Remote() != addrPort(conn.LocalAddr()) {
				t.Errorf("the peer says %v to %v, the other end %v to %v", p.Local(), p.Remote(), conn.RemoteAddr(), conn.LocalAddr())
			}
			if n, st := p.Send([]byte("ping"), ready); n != 4 || !st.Ok() {
				t.Errorf("sent %d, %v", n, st)
			}
			b := make([]byte, 8)
			if k, err := conn.Read(b); err != nil || string(b[:k]) != "ping" {
				t.Errorf("the other end read %q, %v", b[:k], err)
			}
			conn.Write([]byte("pong"))
			if k, st := p.Read(b, ready); !st.Ok() || string(b[:k]) != "pong" {
				t.Errorf("read %q, %v", b[:k], st)
			}
			conn.CloseWrite()
			if k, st := p.Read(b, ready); k != 0 || !st.Ok() {
				t.Errorf("at the end of the stream read %d, %v", k, st)
			}
			expect(t, "HalfClose", p.HalfClose(), spec.OK)
			if _, err := conn.Read(b); err != io.EOF {
				t.Errorf("after HalfClose the other end read %v, want EOF", err)
			}
			_, st := p.Send([]byte("late"), ready)
			expect(t, "Send after HalfClose", st, spec.Shut)
			expect(t, "Close", p.Close(), spec.OK)
		})
	}
}

func TestASendIsWholeUnlessTimeRunsOut(t *testing.T) {
	w := open(t)
	p, conn := facing(t, w, spec.TCP4)
	big := bytes.Repeat([]byte("0123456789abcdef"), 1<<20) // more than the kernel takes from one side
	n, st := p.Send(big, 50*time.Millisecond)
	expect(t, "a Send that nobody reads", st, spec.TimedOut)
	if n <= 0 || n >= len(big) {
		t.Errorf("%d of %d bytes handed over", n, len(big))
	}
	sent := make(chan spec.Status)
	go func() {
		k, st := p.Send(big[n:], -1)
		n += k
		p.HalfClose()
		sent <- st
	}()
	got, err := io.ReadAll(conn)
	expect(t, "the rest", <-sent, spec.OK)
	if err != nil || n != len(big) || !bytes.Equal(got, big) {
		t.Errorf("the other end read %d bytes, %v; Send counted %d of %d", len(got), err, n, len(big))
	}
}

func TestAReadTimesOutAndGoesOnLater(t *testing.T) {
	w := open(t)
	p, conn := facing(t, w, spec.TCP4)
	b := make([]byte, 4)
	for _, timeout := range []time.Duration{0, time.Millisecond} {
		n, st := p.Read(b, timeout)
		expect(t, "Read", st, spec.TimedOut)
		if n != 0 {
			t.Errorf("with %d bytes", n)
		}
	}
	conn.Write([]byte("x"))
	n, st := p.Read(b, -1)
	expect(t, "Read", st, spec.OK)
	if n != 1 {
		t.Errorf("read %d bytes, want 1", n)
	}
	_, st = p.Read(nil, 0)
	expect(t, "Read into nothing", st, spec.Invalid)
}

func TestAnAbortResets(t *testing.T) {
	w := open(t)
	p, conn := facing(t, w, spec.TCP4)
	expect(t, "Abort", p.Abort(), spec.OK)
	_, err := conn.Read(make([]byte, 1))
	if underWine() && err == io.EOF { // as Wine 8.0 has it where the reset is there before the read
		return
	}
	if statusOf(err).Code != spec.Reset {
		t.Errorf("the other end read %v, want a reset", err)
	}
}

func TestAPeerSeesAReset(t *testing.T) {
	w := open(t)
	p, conn := facing(t, w, spec.TCP4)
	conn.SetLinger(0)
	conn.Close()
	n, st := p.Read(make([]byte, 1), ready)
	if underWine() && n == 0 && st.Ok() { // as Wine 8.0 has it where the reset is there before the read
		return
	}
	expect(t, "Read", st, spec.Reset)
	if st.Space == spec.NoSpace || st.Native == 0 {
		t.Errorf("%v lacks the platform's number", st)
	}
	for st.Ok() || st.Code == spec.Reset && st.Native != int64(syscall.EPIPE) && runtime.GOOS == "linux" {
		_, st = p.Send([]byte("x"), ready)
	}
	expect(t, "Send", st, spec.Reset)
}

func TestACloseWithUnreadDataResets(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("Linux resets (tcp_close in net/ipv4/tcp.c); others may not")
	}
	w := open(t)
	p, conn := facing(t, w, spec.TCP4)
	conn.Write([]byte("two"))
	b := make([]byte, 1)
	if _, st := p.Read(b, ready); !st.Ok() { // the rest must stay in the kernel
		t.Fatal(st)
	}
	expect(t, "Close", p.Close(), spec.OK)
	if _, err := conn.Read(b); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("the other end read %v, want a reset", err)
	}
}

func TestACloseWithNothingUnreadEndsTheStream(t *testing.T) {
	w := open(t)
	p, conn := facing(t, w, spec.TCP4)
	p.Send([]byte("x"), ready)
	expect(t, "Close", p.Close(), spec.OK)
	if got, err := io.ReadAll(conn); err != nil || string(got) != "x" {
		t.Errorf("the other end read %q, %v", got, err)
	}
}

func TestCallsInTheWrongStateAreAnswered(t *testing.T) {
	w := open(t)
	fresh, _ := w.Peer(spec.TCP4)
	_, st := fresh.Send([]byte("x"), 0)
	expect(t, "Send before Connect", st, spec.NotConnected)
	_, st = fresh.Read(make([]byte, 1), 0)
	expect(t, "Read before Connect", st, spec.NotConnected)
	expect(t, "HalfClose before Connect", fresh.HalfClose(), spec.NotConnected)
	if fresh.Local().IsValid() || fresh.Remote().IsValid() {
		t.Error("an address before Connect")
	}
	expect(t, "Abort before Connect", fresh.Abort(), spec.OK)
	expect(t, "Connect after Abort", fresh.Connect(netip.MustParseAddrPort("127.0.0.1:9"), 0), spec.Closed)

	p, _ := facing(t, w, spec.TCP4)
	expect(t, "a second Connect", p.Connect(p.Remote(), 0), spec.Connected)
	local, remote := p.Local(), p.Remote()
	expect(t, "Close", p.Close(), spec.OK)
	expect(t, "a second Close", p.Close(), spec.Closed)
	expect(t, "Abort after Close", p.Abort(), spec.Closed)
	expect(t, "HalfClose after Close", p.HalfClose(), spec.Closed)
	_, st = p.Send([]byte("x"), 0)
	expect(t, "Send after Close", st, spec.Closed)
	_, st = p.Read(make([]byte, 1), 0)
	expect(t, "Read after Close", st, spec.Closed)
	if p.Local() != local || p.Remote() != remote {
		t.Error("the addresses were forgotten at Close")
	}
}

func TestAPeerOfTheWrongFamilyDoesNotConnect(t *testing.T) {
	w := open(t)
	p, _ := w.Peer(spec.TCP4)
	expect(t, "Connect", p.Connect(netip.MustParseAddrPort("[::1]:9"), ready), spec.Invalid)
	if _, err := w.Peer(spec.Network(9)); err == nil {
		t.Error("an unknown network made a peer")
	}
}
