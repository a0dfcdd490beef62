//go:build linux

package uring_test

import (
	"bytes"
	"io"
	"net"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/ioconform/ioconform/reference/uring"
	"github.com/ioconform/ioconform/spec"
)

// What a ring does by itself and completion ports do not: each of these tests fails on a back end that passes the ring's behaviour on.

// U14, U15: closing a descriptor does nothing to what is in the ring, and the far end sees no end.
func TestTheFarEndSeesACloseAlthoughAReceiveWasOutstanding(t *testing.T) {
	w := newWorld(t)
	s, far := w.pair(7)
	buf := []byte("untouched")
	r := w.start(s, &spec.Op{Kind: spec.Receive, Buf: buf})
	w.must("close", s.Close())
	if pkt := w.of(r); pkt.Status.Code != spec.Aborted || pkt.N != 0 || pkt.Key != 7 {
		t.Errorf("%+v for the receive", pkt)
	}
	far.SetDeadline(time.Now().Add(time.Minute))
	if n, err := far.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("the far end read %d, %v", n, err)
	}
	far.Write([]byte("too late"))
	if string(buf) != "untouched" {
		t.Errorf("the buffer became %q", buf)
	}
}

// U04: parked receives are served last posted first.
func TestReceivesAreFilledInTheOrderInWhichTheyWerePosted(t *testing.T) {
	w := newWorld(t)
	s, far := w.pair(0)
	var ops []*spec.Op
	for range 8 {
		ops = append(ops, w.start(s, &spec.Op{Kind: spec.Receive, Buf: make([]byte, 4)}))
	}
	far.Write([]byte("aaaabbbbccccddddeeeeffffgggghhhh"))
	for i, op := range ops {
		if pkt := w.of(op); pkt.N != 4 || op.Buf[0] != byte('a'+i) {
			t.Errorf("receive %d has %d bytes, %q", i, pkt.N, op.Buf)
		}
	}
}

// U41, U42: of sends that are outstanding together the ring sends parts, or mixes them.
func TestSendsAreWholeAndInOrder(t *testing.T) {
	w := newWorld(t)
	s, far := w.pair(0)
	const size, count = 3 << 20, 3
	var ops []*spec.Op
	for i := range count {
		ops = append(ops, w.start(s, &spec.Op{Kind: spec.Send, Buf: bytes.Repeat([]byte{byte(i)}, size)}))
	}
	w.must("shutdown", s.Shutdown(spec.SideSend)) // goes out behind them
	got, err := io.ReadAll(far)
	if err != nil || len(got) != size*count {
		t.Fatalf("%d bytes came, %v", len(got), err)
	}
	for i := range count {
		if part := got[i*size:][:size]; bytes.Count(part, []byte{byte(i)}) != size {
			t.Errorf("other bytes among those of send %d", i)
		}
		if pkt := w.of(ops[i]); pkt.N != size {
			t.Errorf("send %d: %+v", i, pkt)
		}
	}
}

// U29: a receive with MSG_WAITALL that is cancelled halfway succeeds with what it has.
func TestWhatACancelledReceiveHadGatheredIsTheNextOnes(t *testing.T) {
	w := newWorld(t)
	s, far := w.pair(0)
	buf := make([]byte, 8)
	r := w.start(s, &spec.Op{Kind: spec.Receive, Buf: buf, Flags: spec.WaitAll})
	far.Write([]byte("abcd"))
	time.Sleep(20 * time.Millisecond) // so that they are gathered, most likely; the test passes either way
	w.must("cancel", s.Cancel(r))
	if pkt := w.of(r); pkt.Status.Code != spec.Aborted || pkt.N != 0 || !bytes.Equal(buf, make([]byte, 8)) {
		t.Errorf("%+v, buffer %q", pkt, buf)
	}
	for at := 0; at < 4; {
		r := w.start(s, &spec.Op{Kind: spec.Receive, Buf: make([]byte, 4-at)})
		pkt := w.of(r)
		if want := "abcd"[at:][:pkt.N]; string(r.Buf[:pkt.N]) != want || pkt.N == 0 {
			t.Fatalf("%q came, not %q", r.Buf[:pkt.N], want)
		}
		at += pkt.N
	}
}

// U71: the ring tells a reset to one of the receives, and the end of the stream to the others.
func TestAResetIsToldToEveryReceive(t *testing.T) {
	w := newWorld(t)
	s, far := w.pair(0)
	var ops []*spec.Op
	for range 3 {
		ops = append(ops, w.start(s, &spec.Op{Kind: spec.Receive, Buf: make([]byte, 4)}))
	}
	far.SetLinger(0)
	far.Close()
	for i, op := range ops {
		if pkt := w.of(op); pkt.Status.Code != spec.Reset {
			t.Errorf("receive %d: %+v", i, pkt)
		}
	}
}

// There are more requests than the submission queue has entries (128), and more completions at once than that of completions has (256).
func TestMoreAtOnceThanTheRingHasRoomFor(t *testing.T) {
	w := newWorld(t)
	const sockets = 700
	var near []spec.Socket
	var addr []net.Addr
	var ops []*spec.Op
	for i := range sockets {
		s := w.socket(spec.UDP4)
		w.must("bind", s.Bind(anyPort))
		w.must("associate", w.p.Associate(s, uint64(i)))
		local, st := s.Local()
		w.must("local", st)
		near, addr = append(near, s), append(addr, net.UDPAddrFromAddrPort(local))
	}
	far, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer far.Close()
	// All are cancelled while they are on their way in, then all are in the ring and a datagram for
	// each comes.
	for i, s := range near {
		ops = append(ops, w.start(s, &spec.Op{Kind: spec.ReceiveFrom, Buf: make([]byte, 8)}))
		if i%2 == 0 {
			w.must("cancel", s.Cancel(nil))
		}
	}
	for range sockets / 2 {
		if pkt := w.packet(); pkt.Key%2 != 0 || pkt.Status.Code != spec.Aborted {
			t.Fatalf("%+v", pkt)
		}
	}
	for i, s := range near {
		if i%2 == 0 {
			ops[i] = w.start(s, &spec.Op{Kind: spec.ReceiveFrom, Buf: make([]byte, 8)})
		}
		if _, err := far.WriteTo([]byte{byte(i), byte(i >> 8)}, addr[i]); err != nil {
			t.Fatal(err)
		}
	}
	seen := make([]bool, sockets)
	for range sockets {
		pkt := w.packet()
		i := int(pkt.Key)
		if seen[i] || pkt.N != 2 || pkt.Token != ops[i].Token || ops[i].Buf[0] != byte(i) || ops[i].Buf[1] != byte(i>>8) {
			t.Fatalf("%+v of socket %d, seen %v, bytes %v", pkt, i, seen[i], ops[i].Buf[:pkt.N])
		}
		seen[i] = true
	}
}

// Nothing is left of a back end that is closed: no descriptor, no goroutine, and nothing in a ring that would hold on to a file.
func TestNothingIsLeftOfABackEndThatIsClosed(t *testing.T) {
	first := newWorld(t) // what is opened once and for all is opened now, by Go's net too
	_, far := first.pair(1)
	far.Close()
	first.b.Close()
	count := func() int {
		list, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Skip("the descriptors of a process are counted in /proc/self/fd:", err)
		}
		return len(list)
	}
	descriptors, goroutines := count(), runtime.NumGoroutine()
	for range 20 {
		b, err := uring.New()
		if err != nil {
			t.Fatal(err)
		}
		w := &world{TB: t, b: b}
		w.p, _ = b.Port(0)
		s, far := w.pair(1)
		l, addr := w.listener(2)
		w.start(l, &spec.Op{Kind: spec.Accept, Data: 1, Buf: make([]byte, 1)})
		w.start(l, &spec.Op{Kind: spec.Accept})
		silent, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		w.start(s, &spec.Op{Kind: spec.Receive, Buf: make([]byte, 1)})
		w.start(s, &spec.Op{Kind: spec.Send, Buf: make([]byte, 16<<20)})
		abandoned := make(chan spec.Status)
		go func() {
			for {
				if n, st := w.p.Wait(make([]spec.Packet, 1), -1); n == 0 {
					abandoned <- st
					return
				}
			}
		}()
		time.Sleep(time.Millisecond)
		if err := b.Close(); err != nil {
			t.Error(err)
		}
		if st := <-abandoned; st.Code != spec.Abandoned && st.Code != spec.Closed {
			t.Error("wait: ", st)
		}
		far.Close()
		silent.Close()
		if _, st := b.Socket(spec.TCP4); st.Code != spec.Closed {
			t.Error("a socket of a closed back end: ", st)
		}
	}
	for late := time.Now().Add(30 * time.Second); (count() > descriptors || runtime.NumGoroutine() > goroutines) && time.Now().Before(late); {
		time.Sleep(time.Millisecond) // until those of the far ends are gone as well
	}
	if d, g := count(), runtime.NumGoroutine(); d > descriptors || g > goroutines {
		t.Errorf("%d descriptors and %d goroutines, there were %d and %d", d, g, descriptors, goroutines)
	}
}
