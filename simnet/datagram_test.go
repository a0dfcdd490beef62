package simnet

import (
	"net/netip"
	"strings"
	"testing"
)

// dgrams returns two UDP sockets bound to 127.0.0.1.
func dgrams(w *World) (a, b *Sock) {
	a, b = w.NewDatagram(4), w.NewDatagram(4)
	for _, s := range []*Sock{a, b} {
		if e := s.Bind(netip.MustParseAddrPort("127.0.0.1:0")); e != OK {
			panic(e)
		}
	}
	return a, b
}

func wantSendTo(t *testing.T, s *Sock, text string, to netip.AddrPort, errno Errno) {
	t.Helper()
	n, e := s.SendTo([]byte(text), to)
	if e != errno || e == OK && n != len(text) {
		t.Errorf("SendTo: %d %v, want %v", n, e, errno)
	}
}

func wantRecvFrom(t *testing.T, s *Sock, room int, text string, size int, from *Sock) {
	t.Helper()
	b := make([]byte, room)
	n, m, addr, e := s.RecvFrom(b)
	if e != OK || string(b[:n]) != text || m != size || addr != from.Local() {
		t.Errorf("RecvFrom: %q of %d from %v, %v, want %q of %d from %v", b[:n], m, addr, e, text, size, from.Local())
	}
}

func TestADatagramArrivesWholeWithItsSender(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		a, b := dgrams(w)
		wantSendTo(t, a, "one", b.Local(), OK)
		wantSendTo(t, a, "three", b.Local(), OK)
		wantErrno(t, "RecvFrom too early", fourth(b.RecvFrom(nil)), EAGAIN)
		w.Settle()
		if n := b.Available(); n != 3 {
			t.Error(n, "available")
		}
		wantRecvFrom(t, b, 10, "one", 3, a)
		wantRecvFrom(t, b, 10, "three", 5, a)
		wantErrno(t, "RecvFrom", fourth(b.RecvFrom(nil)), EAGAIN)
	})
}

func fourth[A, B, C any](_ A, _ B, _ C, e Errno) Errno { return e }

func TestADatagramThatIsTooLongForTheBufferLosesItsTail(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		a, b := dgrams(w)
		wantSendTo(t, a, "0123456789", b.Local(), OK)
		wantSendTo(t, a, "next", b.Local(), OK)
		w.Settle()
		wantRecvFrom(t, b, 4, "0123", 10, a)
		wantRecv(t, b, "next", OK)
	})
}

func TestAnEmptyDatagramIsReadableAndNoEnd(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		a, b := dgrams(w)
		wantSendTo(t, a, "", b.Local(), OK)
		w.Settle()
		wantReady(t, b, IN|OUT)
		wantRecvFrom(t, b, 4, "", 0, a)
		wantReady(t, b, OUT)
		wantErrno(t, "Recv", second(b.Recv(nil)), EAGAIN)
	})
}

func TestTheLongestDatagramIsThatOfTheProtocol(t *testing.T) {
	finish(t, Options{SndBuf: 1 << 20, RcvBuf: 1 << 20}, func(w *World) {
		for family, longest := range map[int]int{4: 65507, 6: 65527} {
			s, loop := w.NewDatagram(family), testAddr
			if family == 6 {
				loop = testAddr6
			}
			wantErrno(t, "Bind", s.Bind(loop), OK)
			wantSendTo(t, s, strings.Repeat("x", longest), loop, OK)
			wantSendTo(t, s, strings.Repeat("x", longest+1), loop, EMSGSIZE)
			wantSendTo(t, s, strings.Repeat("x", 70000), netip.AddrPort{}, map[int]Errno{4: EMSGSIZE, 6: EDESTADDRREQ}[family])
			w.Settle()
			if _, size, _, e := s.RecvFrom(nil); size != longest || e != OK {
				t.Error(size, e)
			}
		}
	})
}

func TestAConnectedSocketSendsThereAndHearsNobodyElse(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		a, b := dgrams(w)
		c := w.NewDatagram(4)
		wantErrno(t, "Send unconnected", second(c.Send([]byte("x"))), EDESTADDRREQ)
		wantErrno(t, "Connect", c.Connect(a.Local()), OK)
		if c.Remote() != a.Local() || c.Local().Addr() != loopback || c.Local().Port() == 0 {
			t.Error(c.Local(), c.Remote())
		}
		wantSend(t, c, "hello", 5, OK)
		wantSendTo(t, b, "intruder", c.Local(), OK)
		wantSendTo(t, c, "elsewhere", b.Local(), OK)
		w.Settle()
		wantRecvFrom(t, a, 10, "hello", 5, c)
		wantRecvFrom(t, b, 10, "elsewhere", 9, c)
		wantErrno(t, "Recv", second(c.Recv(nil)), EAGAIN)
		wantErrno(t, "Error of the intruder", b.Error(), OK)

		wantErrno(t, "Connect to another", c.Connect(b.Local()), OK)
		wantErrno(t, "disconnect", c.Connect(netip.AddrPort{}), OK)
		if c.Remote().IsValid() || c.Local().Port() != 0 {
			t.Error(c.Local(), c.Remote())
		}
	})
}

func TestWhoIsConnectedIsToldOnceThatNobodyIsThere(t *testing.T) {
	onBench(t, func(b *bench) {
		fd, _ := b.SocketDgram(4)
		must(b.Connect(fd, deadAddr))
		b.add(fd, IN, 1)
		b.Send(fd, []byte("x"))
		b.w.Settle()
		b.want("1:ERR")
		if _, _, _, errno := b.RecvFrom(fd, make([]byte, 1)); errno != int(ECONNREFUSED) {
			t.Error(Errno(errno))
		}
		if _, _, _, errno := b.RecvFrom(fd, make([]byte, 1)); errno != int(EAGAIN) {
			t.Error(Errno(errno))
		}
		b.want("")
	})
}

func TestThePendingErrorComesBeforeWhatHasArrivedAndIsAlsoASendersError(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		a, b := dgrams(w)
		dead := b.Local()
		wantErrno(t, "Connect", a.Connect(dead), OK)
		wantSendTo(t, b, "last words", a.Local(), OK)
		w.Settle()
		b.Close()
		wantSend(t, a, "x", 1, OK)
		w.Settle()
		wantReady(t, a, IN|OUT|ERR)
		wantSend(t, a, "x", 0, ECONNREFUSED)
		wantSend(t, a, "x", 1, OK)
		w.Settle()
		wantRecv(t, a, "", ECONNREFUSED)
		wantRecv(t, a, "last words", OK)
	})
}

func TestWhoIsNotConnectedIsNotToldThatNobodyIsThere(t *testing.T) {
	onBench(t, func(b *bench) {
		fd, _ := b.SocketDgram(4)
		b.add(fd, IN, 1)
		b.SendTo(fd, []byte("x"), deadAddr)
		b.w.Settle()
		b.want("")
		if _, _, _, errno := b.RecvFrom(fd, make([]byte, 1)); errno != int(EAGAIN) {
			t.Error(Errno(errno))
		}
	})
}

func TestTheNewsThatNobodyIsThereTakesItsTime(t *testing.T) {
	early, late := false, false
	for seed := range uint64(50) {
		finish(t, Options{Source: Uniform(seed)}, func(w *World) {
			s := w.NewDatagram(4)
			s.SendTo([]byte("x"), deadAddr) // not connected yet
			w.Step()
			w.Step()
			s.Connect(deadAddr)
			w.Settle()
			if s.Error() == ECONNREFUSED {
				late = true
			} else {
				early = true
			}
		})
	}
	if !early || !late {
		t.Error("never early:", !early, "never late:", !late)
	}
}

func TestShutdownOfAnUnconnectedSocketFailsAndWorks(t *testing.T) {
	onBench(t, func(b *bench) {
		fd, _ := b.SocketDgram(4)
		must(b.Bind(fd, testAddr))
		b.add(fd, IN|RDHUP|ET, 1)
		b.want("")
		if errno := b.Shutdown(fd, 2); errno != int(ENOTCONN) {
			t.Error(Errno(errno))
		}
		b.want("1:IN|HUP|RDHUP")
		if _, errno := b.Recv(fd, make([]byte, 1)); errno != int(EAGAIN) {
			t.Error("Recv:", Errno(errno))
		}
		if _, errno := b.SendTo(fd, []byte("x"), testAddr); errno != int(EPIPE) {
			t.Error("SendTo:", Errno(errno))
		}
		// What comes is received all the same.
		other, _ := b.SocketDgram(4)
		b.SendTo(other, []byte("x"), testAddr)
		b.w.Settle()
		b.want("1:IN|HUP|RDHUP")
		if n, errno := b.Recv(fd, make([]byte, 1)); n != 1 || errno != 0 {
			t.Error("Recv:", n, Errno(errno))
		}
	})
}

func TestAHundredDatagramsAreOneEvent(t *testing.T) {
	onBench(t, func(b *bench) {
		fd, _ := b.SocketDgram(4)
		must(b.Bind(fd, testAddr))
		b.add(fd, IN|ET, 1)
		other, _ := b.SocketDgram(4)
		for range 100 {
			_, errno := b.SendTo(other, []byte("x"), testAddr)
			must(errno)
		}
		b.w.Settle()
		b.want("1:IN")
		b.want("")
		for i := range 100 {
			if _, errno := b.Recv(fd, make([]byte, 1)); errno != 0 {
				t.Fatal(i, Errno(errno))
			}
		}
	})
}

func TestEveryDatagramThatLeavesIsAnOutEdge(t *testing.T) {
	onBench(t, func(b *bench) {
		fd, _ := b.SocketDgram(4)
		b.add(fd, OUT|ET, 1)
		b.want("1:OUT")
		b.want("")
		b.SendTo(fd, []byte("x"), deadAddr)
		b.w.Settle()
		b.want("1:OUT")
		b.want("")
	})
}

func TestAFullSendBufferIsToldAndItsRoomIsAnEdge(t *testing.T) {
	finish(t, Options{SndBuf: 8}, func(w *World) {
		a, b := dgrams(w)
		wantSendTo(t, a, "12345", b.Local(), OK)
		wantReady(t, a, 0)
		wantSendTo(t, a, "12345", b.Local(), OK) // a buffer with any room takes one more
		wantSendTo(t, a, "", b.Local(), EAGAIN)
		w.Settle()
		wantReady(t, a, OUT)
		wantRecvFrom(t, b, 10, "12345", 5, a)
		wantRecvFrom(t, b, 10, "12345", 5, a)
	})
}

func TestAFullReceiveBufferDropsAndTheObserverHearsOfIt(t *testing.T) {
	var log []string
	opts := Options{RcvBuf: 8, Net: Net{Observer: logNet(&log)}}
	finish(t, opts, func(w *World) {
		a, b := dgrams(w)
		wantSendTo(t, a, "0123456789", b.Local(), OK) // too long, but the buffer is empty
		wantSendTo(t, a, "x", b.Local(), OK)
		w.Settle()
		wantRecvFrom(t, b, 20, "0123456789", 10, a)
		for _, text := range []string{"abcd", "efgh", "i"} {
			wantSendTo(t, a, text, b.Local(), OK)
		}
		w.Settle()
		wantRecvFrom(t, b, 20, "abcd", 4, a)
		wantRecvFrom(t, b, 20, "efgh", 4, a)
		wantErrno(t, "RecvFrom", fourth(b.RecvFrom(nil)), EAGAIN)
		wantErrno(t, "Error", a.Error(), OK)
	})
	if got := strings.Join(log, " "); got != "overflow:1 overflow:1" {
		t.Error(got)
	}
}

func TestWhatWasSentArrivesAlthoughTheSenderIsClosed(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		a, b := dgrams(w)
		wantSendTo(t, a, "bye", b.Local(), OK)
		wantErrno(t, "Close", a.Close(), OK)
		w.Settle()
		wantRecv(t, b, "bye", OK)
		if w.nlinks != 0 || len(w.net.busy) != 0 {
			t.Error("links left")
		}
	})
}

func TestDatagramsReceivedDroppedOrForgottenAreUsedAgain(t *testing.T) {
	finish(t, Options{RcvBuf: 4, StepCap: 1 << 20}, func(w *World) {
		for i := range 300 {
			a, b := dgrams(w)
			wantSendTo(t, a, "abc", b.Local(), OK)
			wantSendTo(t, a, "def", b.Local(), OK) // no room for it
			wantSendTo(t, a, "ghi", deadAddr, OK)
			w.Settle()
			if i%2 == 0 {
				wantRecv(t, b, "abc", OK)
			}
			a.Close()
			b.Close()
		}
		if n := w.net.datagrams.used; n > 10 {
			t.Error(n, "datagrams for three at a time")
		}
		if len(w.linkEnds) > 4 || w.net.flows.used > 4 {
			t.Error(len(w.linkEnds), "links and", w.net.flows.used, "flows for two at a time")
		}
	})
}

func TestUDPAndTCPDoNotShareTheirPorts(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		tcp, udp := w.NewSock(), w.NewDatagram(4)
		wantErrno(t, "Bind TCP", tcp.Bind(testAddr), OK)
		wantErrno(t, "Bind UDP", udp.Bind(testAddr), OK)
		wantErrno(t, "Bind again", w.NewDatagram(4).Bind(testAddr), EADDRINUSE)
		wantErrno(t, "Listen", udp.Listen(1), EOPNOTSUPP)
		wantErrno(t, "Accept", second(udp.Accept()), EOPNOTSUPP)
		wantErrno(t, "Listen", tcp.Listen(1), OK)
		udp.Close()
		wantErrno(t, "Bind when closed", w.NewDatagram(4).Bind(testAddr), OK)
	})
}

func TestACallOfTCPWithAnAddressIsTheOneWithout(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		c, s, _ := pair(w)
		wantSendTo(t, c, "abc", deadAddr, OK)
		w.Settle()
		b := make([]byte, 10)
		if n, size, from, e := s.RecvFrom(b); n != 3 || size != 3 || from.IsValid() || e != OK {
			t.Error(n, size, from, e)
		}
	})
}
