package simnet

import (
	"net/netip"
	"testing"
)

func TestAConnectionOverIPv6IsLikeOneOverIPv4(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		for _, addr := range []string{"[::1]:80", "[2001:db8::7]:81"} {
			to := netip.MustParseAddrPort(addr)
			l, c := w.NewSockOn(6), w.NewSockOn(6)
			if l.Local() != netip.MustParseAddrPort("[::]:0") {
				t.Error(l.Local())
			}
			wantErrno(t, "Bind", l.Bind(to), OK)
			wantErrno(t, "Listen", l.Listen(1), OK)
			wantErrno(t, "Connect", c.Connect(to), EINPROGRESS)
			w.Settle()
			s, e := l.Accept()
			wantErrno(t, "Accept", e, OK)
			if s.Remote() != c.Local() || c.Remote() != to || c.Local().Addr() != to.Addr() {
				t.Error(s.Remote(), c.Local(), c.Remote())
			}
			wantSend(t, c, "hello", 5, OK)
			w.Settle()
			wantRecv(t, s, "hello", OK)
		}
	})
}

func TestTheWildcardOfIPv6ListensOnEveryAddressOfIPv6Only(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		six, four := w.NewSockOn(6), w.NewSock()
		wantErrno(t, "Bind [::]", six.Bind(netip.MustParseAddrPort("[::]:80")), OK)
		wantErrno(t, "Listen", six.Listen(4), OK)
		c := w.NewSock()
		c.Connect(testAddr)
		w.Settle()
		wantErrno(t, "IPv4 to it", c.Error(), ECONNREFUSED)
		wantErrno(t, "Bind 0.0.0.0 beside it", four.Bind(netip.MustParseAddrPort("0.0.0.0:80")), OK)
		wantErrno(t, "Bind [::1]", w.NewSockOn(6).Bind(testAddr6), EADDRINUSE)
		for _, to := range []string{"[::]:80", "[::1]:80", "[fd00::9]:80"} {
			c := w.NewSockOn(6)
			c.Connect(netip.MustParseAddrPort(to))
			w.Settle()
			wantErrno(t, to, c.Error(), OK)
			wantReady(t, c, OUT)
		}
	})
}

func TestAnAddressOfTheOtherFamilyIsRefusedAsLinuxRefusesIt(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		mapped := netip.MustParseAddrPort("[::ffff:127.0.0.1]:80")
		for _, x := range []struct {
			what          string
			s             *Sock
			addr          netip.AddrPort
			bind, connect Errno
		}{
			{"TCP/6 and IPv4", w.NewSockOn(6), testAddr, EINVAL, EINVAL},
			{"TCP/6 and mapped", w.NewSockOn(6), mapped, EINVAL, ENETUNREACH},
			{"TCP/4 and IPv6", w.NewSockOn(4), testAddr6, EAFNOSUPPORT, EAFNOSUPPORT},
			{"TCP/4 and mapped", w.NewSockOn(4), mapped, EAFNOSUPPORT, EAFNOSUPPORT},
			{"UDP/6 and IPv4", w.NewDatagram(6), testAddr, EINVAL, EAFNOSUPPORT},
			{"UDP/6 and mapped", w.NewDatagram(6), mapped, EINVAL, ENETUNREACH},
			{"UDP/4 and IPv6", w.NewDatagram(4), testAddr6, EAFNOSUPPORT, EAFNOSUPPORT},
		} {
			wantErrno(t, x.what+", Bind", x.s.Bind(x.addr), x.bind)
			wantErrno(t, x.what+", Connect", x.s.Connect(x.addr), x.connect)
		}
		wantSendTo(t, w.NewDatagram(6), "x", testAddr, ENETUNREACH)
		wantSendTo(t, w.NewDatagram(6), "x", mapped, ENETUNREACH)
		wantSendTo(t, w.NewDatagram(4), "x", testAddr6, EAFNOSUPPORT)
		wantSendTo(t, w.NewDatagram(4), "x", netip.MustParseAddrPort("255.255.255.255:1"), EACCES)
		wantSendTo(t, w.NewDatagram(4), "x", netip.MustParseAddrPort("127.0.0.1:0"), EINVAL)
		k := w.NewKernel()
		if _, errno := k.Socket(5); errno != int(EAFNOSUPPORT) {
			t.Error(Errno(errno))
		}
	})
}

func TestTheSourceOfADatagramIsTheBoundAddressOrTheOneItGoesTo(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		for _, x := range []struct{ bind, to, from string }{
			{"", "127.0.0.5:80", "127.0.0.1"},
			{"127.0.0.5:0", "127.0.0.1:80", "127.0.0.5"},
			{"", "10.1.2.3:80", "10.1.2.3"},
			{"0.0.0.0:0", "0.0.0.0:80", "127.0.0.1"},
			{"", "[::]:80", "::1"},
			{"", "[fd00::2]:80", "fd00::2"},
		} {
			to := netip.MustParseAddrPort(x.to)
			family := 4
			if to.Addr().Is6() {
				family = 6
			}
			l, s := w.NewDatagram(family), w.NewDatagram(family)
			wantErrno(t, "Bind", l.Bind(netip.AddrPortFrom(l.Local().Addr(), 80)), OK)
			if x.bind != "" {
				wantErrno(t, "Bind", s.Bind(netip.MustParseAddrPort(x.bind)), OK)
			}
			wantSendTo(t, s, "x", to, OK)
			w.Settle()
			if _, _, from, e := l.RecvFrom(nil); e != OK || from.Addr() != netip.MustParseAddr(x.from) {
				t.Errorf("%v: from %v, %v", x, from, e)
			}
			l.Close()
		}
	})
}
