//go:build linux

package linux_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/ioconform/ioconform/reference/epoll"
	"github.com/ioconform/ioconform/reference/epoll/linux"
	"github.com/ioconform/ioconform/spec"
)

func TestAMessageAllocatesNothing(t *testing.T) {
	k := linux.New()
	b := epoll.New(k)
	defer b.Close()
	p, _ := b.Port(0)
	l, _ := b.Socket(spec.TCP4)
	l.Bind(netip.MustParseAddrPort("127.0.0.1:0"))
	l.Listen(1)
	p.Associate(l, 0)
	addr, _ := l.Local()
	l.Start(&spec.Op{Kind: spec.Accept})
	far, _ := k.Socket(4)
	defer k.Close(far)
	if errno := k.Connect(far, addr); errno != 0 && errno != 115 {
		t.Fatal(errno)
	}
	dst := make([]spec.Packet, 4)
	if n, st := p.Wait(dst, time.Minute); n != 1 || !st.Ok() {
		t.Fatal(n, st)
	}
	s := dst[0].Sock
	p.Associate(s, 1)
	receive := &spec.Op{Kind: spec.Receive, Token: 1, Buf: make([]byte, 64)}
	send := &spec.Op{Kind: spec.Send, Token: 2}
	in := make([]byte, 64)
	allocated := testing.AllocsPerRun(1000, func() {
		s.Start(receive)
		k.Send(far, in)
		for ended := 0; ended < 2; {
			n, st := p.Wait(dst, time.Minute)
			if !st.Ok() {
				t.Fatal(st)
			}
			for _, pkt := range dst[:n] {
				ended++
				if pkt.Token == receive.Token {
					send.Buf = receive.Buf[:pkt.N]
					s.Start(send)
				}
			}
		}
		for at := 0; at < len(in); {
			n, _ := k.Recv(far, in[at:])
			at += n
		}
	})
	if allocated != 0 {
		t.Errorf("%v allocations for a message", allocated)
	}
}
