//go:build unix

package realworld

import (
	"net"
	"net/netip"
	"testing"

	"github.com/ioconform/ioconform/spec"
)

// For the far ends of pollers, which Windows has not.
func TestADatagramPeerSendsAndReadsWholeDatagrams(t *testing.T) {
	w := open(t)
	conn, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.MustParseAddrPort("127.0.0.1:0")))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	p, _ := w.Peer(spec.UDP4)
	expect(t, "Connect", p.Connect(addrPort(conn.LocalAddr()), ready), spec.OK)
	b := make([]byte, 8)
	for _, text := range []string{"one", "four"} {
		if n, st := p.Send([]byte(text), ready); n != len(text) || !st.Ok() {
			t.Errorf("sent %d, %v", n, st)
		}
		n, from, err := conn.ReadFromUDPAddrPort(b)
		if err != nil || string(b[:n]) != text || from != p.Local() {
			t.Errorf("the other end read %q from %v, %v", b[:n], from, err)
		}
	}
	conn.WriteToUDPAddrPort([]byte("back"), p.Local())
	if n, st := p.Read(b, ready); !st.Ok() || string(b[:n]) != "back" {
		t.Errorf("read %q, %v", b[:n], st)
	}
	expect(t, "HalfClose", p.HalfClose(), spec.Unsupported)
	expect(t, "Abort", p.Abort(), spec.OK)
}
