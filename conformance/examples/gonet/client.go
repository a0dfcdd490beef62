package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// far is a client's connection as the recorder wants to see it.
type far struct{ conn *net.TCPConn }

func (f *far) Connect(to netip.AddrPort, timeout time.Duration) spec.Status {
	c, err := net.DialTimeout("tcp", to.String(), timeout)
	if err != nil {
		return status(err)
	}
	f.conn = c.(*net.TCPConn)
	return spec.Status{}
}

func (f *far) Local() netip.AddrPort  { return f.conn.LocalAddr().(*net.TCPAddr).AddrPort() }
func (f *far) Remote() netip.AddrPort { return f.conn.RemoteAddr().(*net.TCPAddr).AddrPort() }

func (f *far) Send(b []byte, timeout time.Duration) (int, spec.Status) {
	f.conn.SetWriteDeadline(time.Now().Add(timeout))
	n, err := f.conn.Write(b)
	return n, status(err)
}

func (f *far) Read(b []byte, timeout time.Duration) (int, spec.Status) {
	f.conn.SetReadDeadline(time.Now().Add(timeout))
	n, err := f.conn.Read(b)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return n, status(err)
}

func (f *far) HalfClose() spec.Status { return status(f.conn.CloseWrite()) }
func (f *far) Close() spec.Status     { return status(f.conn.Close()) }

func (f *far) Abort() spec.Status {
	f.conn.SetLinger(0)
	return status(f.conn.Close())
}

// patience is how long a client waits for an answer. It decides nothing: whoever waits in vain ends the run.
const patience = 30 * time.Second

// client sends messages and reads each back, then ends the connection in order.
func client(p spec.Peer, to netip.AddrPort, messages int, rng *rand.Rand) error {
	if st := p.Connect(to, patience); !st.Ok() {
		return fmt.Errorf("connect: %s", st)
	}
	defer p.Close()
	buf := make([]byte, 4096)
	for range messages {
		message := make([]byte, 1+rng.IntN(2000))
		for i := range message {
			message[i] = byte(rng.Uint32())
		}
		if _, st := p.Send(message, patience); !st.Ok() {
			return fmt.Errorf("send: %s", st)
		}
		for left := message; len(left) > 0; {
			n, st := p.Read(buf[:1+rng.IntN(len(buf))], patience)
			if !st.Ok() || n == 0 || n > len(left) || !bytes.Equal(buf[:n], left[:n]) {
				return fmt.Errorf("the echo of %d bytes: %d more, %s", len(message), n, st)
			}
			left = left[n:]
		}
	}
	p.HalfClose()
	if n, st := p.Read(buf, patience); n != 0 || !st.Ok() {
		return fmt.Errorf("after the end: %d bytes, %s", n, st)
	}
	return nil
}
