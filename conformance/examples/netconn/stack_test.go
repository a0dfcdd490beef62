package netconn_test

import (
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ioconform/ioconform/conformance/examples/netconn"
	"github.com/ioconform/ioconform/spec"
)

// open makes a Stack on a back end of this machine, which must have kept its contract when the test is over.
func open(t testing.TB) *netconn.Stack { return openOn(t, backend(t)) }

func openOn(t testing.TB, b spec.Backend) *netconn.Stack {
	t.Helper()
	s, err := netconn.New(b, 4)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func listen(t testing.TB, s *netconn.Stack) *netconn.Listener {
	t.Helper()
	l, err := s.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// pair makes the two ends of a connection.
func pair(t testing.TB, s *netconn.Stack) (dialed, accepted *netconn.Conn) {
	t.Helper()
	l := listen(t, s)
	defer l.Close()
	a, b, err := pairOf(s, l)
	if err != nil {
		t.Fatal(err)
	}
	return a, b
}

func pairOf(s *netconn.Stack, l *netconn.Listener) (dialed, accepted *netconn.Conn, err error) {
	if dialed, err = s.Dial(l.Addr().String()); err != nil {
		return nil, nil, err
	}
	c, err := l.Accept()
	if err != nil {
		return nil, nil, err
	}
	return dialed, c.(*netconn.Conn), nil
}

// liar is a back end that does something else with the packets of receives.
type liar struct {
	spec.Backend
	lie func([]spec.Packet) []spec.Packet
}

type liarPort struct {
	spec.Port
	lie func([]spec.Packet) []spec.Packet
}

func (b liar) Port(n int) (spec.Port, spec.Status) {
	p, st := b.Backend.Port(n)
	return liarPort{p, b.lie}, st
}

func (p liarPort) Wait(dst []spec.Packet, timeout time.Duration) (int, spec.Status) {
	n, st := p.Port.Wait(dst[:1], timeout)
	if n == 0 || dst[0].N != 5 || dst[0].Sock != nil {
		return n, st
	}
	return copy(dst, p.lie(dst[:1:1])), st
}

// A packet too many, one under another's key, one that claims more than there was room for: the Stack says so in the end.
func TestWhatTheBackEndGetsWrongIsTold(t *testing.T) {
	for _, x := range []struct {
		what, says string
		lie        func([]spec.Packet) []spec.Packet
	}{
		{"a packet twice", "no operation in flight", func(p []spec.Packet) []spec.Packet { return append(p, p[0]) }},
		{"another key", "associated with", func(p []spec.Packet) []spec.Packet { p[0].Key += 99; return p }},
		{"more than there was room for", "there was room for", func(p []spec.Packet) []spec.Packet { p[0].N = 1 << 30; return p }},
	} {
		t.Run(x.what, func(t *testing.T) {
			b := backend(t)
			s, err := netconn.New(liar{b, x.lie}, 1)
			if err != nil {
				t.Fatal(err)
			}
			c1, c2 := pair(t, s)
			c1.Write([]byte("five!"))
			c2.Read(make([]byte, 5))
			if err := s.Close(); err == nil || !strings.Contains(err.Error(), x.says) {
				t.Errorf("Close of the Stack returned %v, want an error that says %q", err, x.says)
			}
			if err := b.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// What is open when a Stack is closed is closed with it, and whoever waits is told.
func TestClosingTheStackWakesEverybody(t *testing.T) {
	b := backend(t)
	s, err := netconn.New(b, 2)
	if err != nil {
		t.Fatal(err)
	}
	l := listen(t, s)
	_, c2, err := pairOf(s, l)
	if err != nil {
		t.Fatal(err)
	}
	woken := make(chan error)
	go func() { _, err := l.Accept(); woken <- err }()
	go func() { _, err := c2.Read(make([]byte, 1)); woken <- err }()
	go func() {
		var err error
		for err == nil {
			_, err = c2.Write(make([]byte, 1<<20))
		}
		woken <- err
	}()
	time.Sleep(20 * time.Millisecond) // so that they sleep, mostly; either way they must come back
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	for range 3 {
		if err := <-woken; err == nil {
			t.Error("a call that waited ended without an error")
		}
	}
	if _, err := s.Dial(l.Addr().String()); err == nil {
		t.Error("a closed Stack dials")
	}
	if err := s.Close(); err != net.ErrClosed {
		t.Errorf("closed again: %v", err)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
}

// late is a back end whose cancelled operations take their time, as a kernel's may.
type late struct{ spec.Backend }

type latePort struct{ spec.Port }

func (b late) Port(n int) (spec.Port, spec.Status) {
	p, st := b.Backend.Port(n)
	return latePort{p}, st
}

func (p latePort) Wait(dst []spec.Packet, timeout time.Duration) (int, spec.Status) {
	for {
		n, st := p.Port.Wait(dst[:1], timeout)
		if k := dst[0]; n == 0 || k.Status.Code != spec.Aborted {
			return n, st
		} else {
			time.AfterFunc(10*time.Millisecond, func() { p.Post(k.Key, k.Token, 0) })
		}
	}
}

// A connection that its owner is closing at that moment is waited for as well: the workers stay until its last packet has come.
func TestTheStackIsClosedWhileConnectionsAre(t *testing.T) {
	for range 5 {
		b := backend(t)
		s, err := netconn.New(late{b}, 2)
		if err != nil {
			t.Fatal(err)
		}
		l := listen(t, s)
		var done sync.WaitGroup
		for range 4 {
			c1, c2, err := pairOf(s, l)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range []*netconn.Conn{c1, c2} {
				c.SetReadDeadline(time.Now().Add(time.Millisecond))
				c.Read(make([]byte, 1)) // leaves a receive outstanding
				done.Go(func() { c.Close() })
			}
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		done.Wait()
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}
}
