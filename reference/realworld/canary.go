package realworld

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// A round is one byte to the far end of a loopback connection and back, after a pause of pace.
const (
	pace = time.Millisecond
	// A byte that is not back by then is asked for again, no more. The canary is declared dead after silences
	// of these in a row: a process that was stopped for an hour counts one, so this is no clock either.
	lapse    = 50 * time.Millisecond
	silences = 600
)

// canary measures waiting. The connection goes through the same kernel, its goroutines through the same scheduler as the
// back end under test.
type canary struct {
	rounds atomic.Uint64
	dead   chan struct{} // closed when the canary has failed; failure tells why

	pace     time.Duration
	lapse    time.Duration
	quit     chan struct{}
	quitOnce sync.Once
	all      sync.WaitGroup // its goroutines
	given    atomic.Bool    // the far end gave its connection up: see unfinished

	mu        sync.Mutex
	near, far net.Conn
	err       error

	users int // under shared.Mutex
}

// shared is the canary of the process, for as long as some World is open.
var shared struct {
	sync.Mutex
	*canary
}

// acquireCanary returns the process's canary, and starts one if there is none that lives.
func acquireCanary() (*canary, error) {
	shared.Lock()
	defer shared.Unlock()
	if c := shared.canary; c != nil && c.failure() == nil {
		c.users++
		return c, nil
	}
	near, far, err := loopbackPair()
	if err != nil {
		return nil, fmt.Errorf("realworld: no loopback connection for the canary: %w", err)
	}
	c := startCanary(near, far, pace, lapse)
	c.users = 1
	shared.canary = c
	return c, nil
}

// letGo stops the canary when its last user is gone, and waits until its goroutines are.
func (c *canary) letGo() {
	shared.Lock()
	defer shared.Unlock()
	if c.users--; c.users > 0 {
		return
	}
	if shared.canary == c {
		shared.canary = nil
	}
	c.stop()
}

func startCanary(near, far net.Conn, pace, lapse time.Duration) *canary {
	c := &canary{near: near, far: far, pace: pace, lapse: lapse, dead: make(chan struct{}), quit: make(chan struct{})}
	c.all.Go(func() { c.ping(near) })
	c.all.Go(func() { c.echo(far) })
	return c
}

func (c *canary) stop() {
	c.quitOnce.Do(func() { close(c.quit) })
	c.mu.Lock()
	hangUp(c.near, c.far)
	c.mu.Unlock()
	c.all.Wait()
}

// hangUp resets a connection, so that a thousand cases do not leave a thousand ports in TIME_WAIT.
func hangUp(ends ...net.Conn) {
	for _, end := range ends {
		if t, ok := end.(*net.TCPConn); ok {
			t.SetLinger(0)
		}
		end.Close()
	}
}

func (c *canary) ping(near net.Conn) {
	timer := time.NewTimer(c.pace)
	defer timer.Stop()
	for n := byte(0); ; n++ {
		select {
		case <-c.quit:
			return
		case <-timer.C:
		}
		err := c.round(near, n)
		switch {
		case err == nil:
			c.rounds.Add(1)
		case unfinished(err) || c.given.Swap(false):
			near, err = c.renew()
		}
		if err != nil {
			c.die(err)
			return
		}
		timer.Reset(c.pace)
	}
}

// unfinished reports whether a call ended as one that has not (ERROR_IO_INCOMPLETE, a number that Unix has not got). It was seen once, of a receive under Wine 8.0, and why is not
// established: a packet that came before its status, or Wine's habit of going on with what was pending on whatever has the number of a closed handle by then. What was received
// is lost then, and the connection is given up for another.
func unfinished(err error) bool { return errors.Is(err, syscall.Errno(996)) }

// renew goes on with another connection.
func (c *canary) renew() (near net.Conn, err error) {
	near, far, err := loopbackPair()
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-c.quit:
		hangUp(near, far)
		return nil, net.ErrClosed
	default:
	}
	hangUp(c.near, c.far)
	c.near, c.far = near, far
	c.all.Go(func() { c.echo(far) })
	return near, nil
}

// round sends n and waits until it is back. The byte differs from round to round so that a descriptor
// which became somebody else's does not pass for ours.
func (c *canary) round(near net.Conn, n byte) error {
	if _, err := near.Write([]byte{n}); err != nil {
		return err
	}
	var back [1]byte
	for silent := 0; ; {
		near.SetReadDeadline(time.Now().Add(c.lapse))
		_, err := io.ReadFull(near, back[:])
		switch {
		case err == nil && back[0] != n:
			return fmt.Errorf("sent byte %d, got %d back", n, back[0])
		case err == nil:
			return nil
		case !errors.Is(err, os.ErrDeadlineExceeded):
			return err
		}
		if silent++; silent == silences {
			return fmt.Errorf("a byte was not back after %d waits of %v", silences, c.lapse)
		}
	}
}

func (c *canary) echo(far net.Conn) {
	var b [1]byte
	for {
		_, err := far.Read(b[:])
		if err == nil {
			_, err = far.Write(b[:])
		}
		switch {
		case err == nil:
			continue
		case unfinished(err):
			c.given.Store(true)
			far.Close()
		case c.has(far):
			c.die(err)
		}
		return
	}
}

// has reports whether far is the far end still.
func (c *canary) has(far net.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.far == far
}

// die notes the first failure, unless the canary was told to stop.
func (c *canary) die(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-c.quit:
		return
	default:
	}
	if c.err != nil {
		return
	}
	c.err = fmt.Errorf("realworld: the canary's loopback connection failed: %w (did something in this process close a descriptor "+
		"that was not its own?)", err)
	close(c.dead)
	hangUp(c.near, c.far)
}

// failure returns why the canary died, nil while it lives and when it was merely stopped.
func (c *canary) failure() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// loopbackPair returns the two ends of a TCP connection through the kernel, over IPv6 where there is no IPv4.
func loopbackPair() (near, far net.Conn, err error) {
	l, err := listenTCP("tcp4", "127.0.0.1:0")
	if err != nil {
		var err6 error
		if l, err6 = listenTCP("tcp6", "[::1]:0"); err6 != nil {
			return nil, nil, err
		}
	}
	defer l.Close()
	if near, err = (&net.Dialer{KeepAlive: -1}).Dial(l.Addr().Network(), l.Addr().String()); err != nil {
		return nil, nil, err
	}
	for {
		if far, err = l.Accept(); err != nil {
			near.Close()
			return nil, nil, err
		}
		// Whoever scans ports may have come first.
		if far.RemoteAddr().String() == near.LocalAddr().String() {
			return near, far, nil
		}
		far.Close()
	}
}
