package netconn_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/nettest"

	"github.com/ioconform/ioconform/conformance/examples/netconn"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

// What package net promises of a connection, as the Go project tests it.
func TestConnectionsPassNettest(t *testing.T) {
	simtest.NotShort(t)
	s := open(t)
	nettest.TestConn(t, func() (c1, c2 net.Conn, stop func(), err error) {
		l, err := s.Listen("127.0.0.1:0")
		if err != nil {
			return nil, nil, nil, err
		}
		defer l.Close()
		a, b, err := pairOf(s, l)
		if err != nil {
			return nil, nil, nil, err
		}
		return a, b, func() { a.Close(); b.Close() }, nil
	})
}

// A Read that gives up leaves its receive outstanding: bytes that come afterwards, or meanwhile, are the next Read's, each once and in order.
func TestAReadThatGivesUpLosesNothing(t *testing.T) {
	simtest.NotShort(t)
	s := open(t)
	c1, c2 := pair(t, s)
	const size = 1 << 20
	sent := make([]byte, size)
	for i := range sent {
		sent[i] = byte(i * 7 >> 3)
	}
	go func() {
		for at, n := 0, 1; at < size; at, n = at+n, n%997+13 {
			n = min(n, size-at)
			if _, err := c1.Write(sent[at : at+n]); err != nil {
				t.Error(err)
				return
			}
		}
		c1.CloseWrite()
	}()
	var got bytes.Buffer
	gaveUp := 0
	for b := make([]byte, 1500); ; {
		// Deadlines all around the arrival of the next bytes, some in the past.
		c2.SetReadDeadline(time.Now().Add(time.Duration(got.Len()%50-10) * time.Microsecond))
		n, err := c2.Read(b)
		got.Write(b[:n])
		if err == io.EOF {
			break
		}
		if err == nil {
			continue
		}
		if !errors.Is(err, os.ErrDeadlineExceeded) || n != 0 {
			t.Fatalf("after %d bytes: %d, %v", got.Len(), n, err)
		}
		gaveUp++
		if gaveUp%64 == 0 { // so that it ends, however slow the machine
			c2.SetReadDeadline(time.Time{})
			n, err := io.ReadAtLeast(c2, b, 1)
			got.Write(b[:n])
			if err == io.EOF {
				break
			}
		}
	}
	if gaveUp == 0 {
		t.Error("no Read gave up")
	}
	if !bytes.Equal(got.Bytes(), sent) {
		t.Errorf("%d bytes came, %d were sent; or others did", got.Len(), size)
	}
	t.Logf("%d bytes, %d Reads gave up", got.Len(), gaveUp)
}

// A Write that gives up has counted what goes out, exactly.
func TestAWriteThatGivesUpCountsWhatGoesOut(t *testing.T) {
	s := open(t)
	c1, c2 := pair(t, s)
	stream := func(from, n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte((from + i) >> 6)
		}
		return b
	}
	total, gaveUp := 0, 0
	for gaveUp < 3 { // nobody reads
		c1.SetWriteDeadline(time.Now().Add(30 * time.Millisecond))
		n, err := c1.Write(stream(total, 1<<20))
		total += n
		if errors.Is(err, os.ErrDeadlineExceeded) {
			gaveUp++
		} else if err != nil {
			t.Fatal(err)
		}
	}
	c1.SetWriteDeadline(time.Time{})
	go func() {
		n, err := c1.Write(stream(total, 1<<20))
		if n != 1<<20 || err != nil {
			t.Errorf("the Write afterwards: %d, %v", n, err)
		}
		if err := c1.CloseWrite(); err != nil {
			t.Error(err)
		}
	}()
	got, err := io.ReadAll(c2)
	if err != nil {
		t.Fatal(err)
	}
	if want := stream(0, total+1<<20); !bytes.Equal(got, want) {
		t.Errorf("%d bytes came, %d were counted; or others did", len(got), len(want))
	}
}

// The end of the stream comes behind what was written, and the other direction goes on.
func TestHalfOfAConnectionIsClosed(t *testing.T) {
	s := open(t)
	c1, c2 := pair(t, s)
	text := bytes.Repeat([]byte("half"), 100_000)
	go func() {
		if n, err := c1.Write(text); n != len(text) || err != nil {
			t.Error(n, err)
		}
		if err := c1.CloseWrite(); err != nil {
			t.Error(err)
		}
		if _, err := c1.Write(text); !errors.Is(err, syscall.EPIPE) {
			t.Errorf("written after CloseWrite: %v", err)
		}
	}()
	got, err := io.ReadAll(c2)
	if err != nil || !bytes.Equal(got, text) {
		t.Errorf("%d bytes of %d, %v", len(got), len(text), err)
	}
	go func() {
		c2.Write(text)
		c2.Close()
	}()
	if got, err = io.ReadAll(c1); err != nil || !bytes.Equal(got, text) {
		t.Errorf("back: %d bytes of %d, %v", len(got), len(text), err)
	}
}

// A close with both directions in flight wakes both callers, and what is called afterwards is told that it is too late.
func TestACloseEndsWhatIsInFlight(t *testing.T) {
	s := open(t)
	for range 20 {
		c1, c2 := pair(t, s)
		ended := make(chan error)
		go func() { _, err := c1.Read(make([]byte, 1)); ended <- err }()
		go func() {
			var err error
			for err == nil {
				_, err = c1.Write(make([]byte, 1<<20))
			}
			ended <- err
		}()
		io.ReadFull(c2, make([]byte, 1<<20)) // so the Write is on its way
		if err := c1.Close(); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := <-ended; !errors.Is(err, net.ErrClosed) {
				t.Errorf("a call in flight at the close ended with %v", err)
			}
		}
		_, read := c1.Read(make([]byte, 1))
		_, write := c1.Write(make([]byte, 1))
		for what, err := range map[string]error{"Read": read, "Write": write, "Close": c1.Close(), "CloseWrite": c1.CloseWrite(), "SetDeadline": c1.SetDeadline(time.Now())} {
			if !errors.Is(err, net.ErrClosed) {
				t.Errorf("%s after the close: %v", what, err)
			}
		}
		c2.Close()
	}
}

// An Accept that gives up loses no connection, and a close wakes the one that waits.
func TestAnAcceptGivesUp(t *testing.T) {
	s := open(t)
	l := listen(t, s)
	for range 3 {
		l.SetDeadline(time.Now().Add(time.Millisecond))
		if _, err := l.Accept(); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatalf("nobody has connected, and Accept returned %v", err)
		}
		c1, err := s.Dial(l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		l.SetDeadline(time.Time{})
		c2, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		if c1.LocalAddr().String() != c2.RemoteAddr().String() || c2.LocalAddr().String() != l.Addr().String() {
			t.Errorf("%v – %v, accepted %v – %v", c1.LocalAddr(), c1.RemoteAddr(), c2.LocalAddr(), c2.RemoteAddr())
		}
		c1.Close()
		c2.Close()
	}
	ended := make(chan error)
	go func() { _, err := l.Accept(); ended <- err }()
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ended; !errors.Is(err, net.ErrClosed) {
		t.Errorf("Accept of a closed listener: %v", err)
	}
}

// Addresses of IPv6 work, and so do those of IPv4 in the clothes of IPv6.
func TestAddressesOfBothFamilies(t *testing.T) {
	for _, at := range []string{"[::1]:0", "[::ffff:127.0.0.1]:0"} {
		t.Run(at, func(t *testing.T) {
			if l, err := net.Listen("tcp", at); err != nil {
				t.Skip("this machine has no such address: ", err)
			} else {
				l.Close()
			}
			s := open(t)
			l, err := s.Listen(at)
			if err != nil {
				t.Fatal(err)
			}
			c1, c2, err := pairOf(s, l)
			if err != nil {
				t.Fatal(err)
			}
			io.WriteString(c1, "hello")
			if _, err := io.ReadFull(c2, make([]byte, 5)); err != nil {
				t.Error(err)
			}
		})
	}
}

// Connecting to nobody is refused, and says so in the words of package net.
func TestNobodyIsThere(t *testing.T) {
	b := backend(t)
	s := openOn(t, b)
	k, st := b.Socket(spec.TCP4) // bound and not listening, so that nobody else can be there
	if !st.Ok() {
		t.Fatal(st)
	}
	defer k.Close()
	if st := k.Bind(netip.MustParseAddrPort("127.0.0.1:0")); !st.Ok() {
		t.Fatal(st)
	}
	at, st := k.Local()
	if !st.Ok() {
		t.Fatal(st)
	}
	c, err := s.Dial(at.String())
	if c != nil || !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("%v, %v", c, err)
	}
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "dial" {
		t.Errorf("%#v", err)
	}
}

var _ interface{ CloseWrite() error } = (*netconn.Conn)(nil) // which net/http looks for
