package simnet

import (
	"bytes"
	"net/netip"
	"testing"
	"time"
)

// pair returns both ends of a connection and its listener.
func pair(w *World) (client, server, listener *Sock) {
	listener, client = w.NewSock(), w.NewSock()
	listener.Bind(netip.MustParseAddrPort("127.0.0.1:0"))
	listener.Listen(4)
	client.Connect(listener.Local())
	w.Settle()
	server, e := listener.Accept()
	if e != OK {
		panic(e)
	}
	return client, server, listener
}

func wantRecv(t *testing.T, s *Sock, text string, errno Errno) {
	t.Helper()
	b := make([]byte, 100)
	if n, e := s.Recv(b); string(b[:n]) != text || e != errno {
		t.Errorf("Recv: %q %v, want %q %v", b[:n], e, text, errno)
	}
}

func wantSend(t *testing.T, s *Sock, text string, n int, errno Errno) {
	t.Helper()
	if m, e := s.Send([]byte(text)); m != n || e != errno {
		t.Errorf("Send: %d %v, want %d %v", m, e, n, errno)
	}
}

func wantErrno(t *testing.T, what string, got, want Errno) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func wantReady(t *testing.T, s *Sock, want Ready) {
	t.Helper()
	if r := s.Ready(); r != want {
		t.Errorf("ready for %v, want %v", r, want)
	}
}

func TestAConnectionIsMadeInTwoSteps(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		l, c := w.NewSock(), w.NewSock()
		wantReady(t, c, OUT|HUP)
		wantErrno(t, "Bind", l.Bind(testAddr), OK)
		wantErrno(t, "Listen", l.Listen(1), OK)
		wantErrno(t, "Accept too early", second(l.Accept()), EAGAIN)
		wantErrno(t, "Connect", c.Connect(testAddr), EINPROGRESS)
		wantErrno(t, "Connect again", c.Connect(testAddr), EALREADY)
		wantReady(t, c, 0)
		wantSend(t, c, "x", 0, EAGAIN)
		w.Settle()
		wantReady(t, c, OUT)
		wantReady(t, l, IN)
		wantErrno(t, "Error", c.Error(), OK)
		wantErrno(t, "Connect when done", c.Connect(testAddr), OK)
		wantErrno(t, "Connect once more", c.Connect(testAddr), EISCONN)
		s, e := l.Accept()
		wantErrno(t, "Accept", e, OK)
		if s.Remote() != c.Local() || s.Met() != c.Local() || c.Remote() != s.Local() || s.Local() != testAddr {
			t.Error(s.Local(), s.Remote(), c.Local(), c.Remote())
		}
	})
}

func second[T any](_ T, e Errno) Errno { return e }

func TestNobodyListeningIsARefusal(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		c := w.NewSock()
		c.Connect(testAddr)
		w.Settle()
		wantReady(t, c, IN|OUT|ERR|HUP|RDHUP)
		wantErrno(t, "Error", c.Error(), ECONNREFUSED)
		wantErrno(t, "Error again", c.Error(), OK)
		wantRecv(t, c, "", OK)
		wantErrno(t, "Connect reports once", c.Connect(testAddr), ECONNABORTED)
		wantErrno(t, "Connect anew", c.Connect(testAddr), EINPROGRESS)
	})
}

func TestAFullBacklogIsSilenceAndTheClientKnocksAgain(t *testing.T) {
	finish(t, Options{Horizon: -1}, func(w *World) {
		l := w.NewSock()
		l.Bind(testAddr)
		l.Listen(0) // one fits
		a, b := w.NewSock(), w.NewSock()
		a.Connect(testAddr)
		b.Connect(testAddr)
		w.Settle()
		wantReady(t, a, OUT)
		wantReady(t, b, 0)
		l.Accept()
		w.Settle()
		wantReady(t, b, 0)
		w.Sleep(999 * time.Millisecond)
		w.Settle()
		wantReady(t, b, 0)
		w.Sleep(2 * time.Millisecond)
		w.Settle()
		wantReady(t, b, OUT)
	})
}

func TestAClientKnocksSevenTimesAndTimesOut(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		l := w.NewSock()
		l.Bind(testAddr)
		l.Listen(0)
		a, b := w.NewSock(), w.NewSock()
		a.Connect(testAddr)
		w.Settle()
		b.Connect(testAddr)
		w.Sleep(126 * time.Second)
		wantReady(t, b, 0)
		w.Sleep(2 * time.Second)
		wantErrno(t, "Error", b.Error(), ETIMEDOUT)
	})
}

func TestBytesArriveInOrderHoweverTheyAreCut(t *testing.T) {
	text := []byte("the quick brown fox jumps over the lazy dog")
	cuts := map[int]bool{}
	for seed := range uint64(200) {
		finish(t, Options{Source: Uniform(seed)}, func(w *World) {
			c, s, _ := pair(w)
			w.Go("sender", func() {
				for rest := text; len(rest) > 0; rest = rest[min(7, len(rest)):] {
					w.Step()
					c.Send(rest[:min(7, len(rest))])
				}
				w.Step()
				c.Close()
			})
			var got []byte
			b := make([]byte, 11)
			for n := 0; ; n++ {
				m, e := s.Recv(b)
				if e == EAGAIN {
					w.Yield()
					continue
				}
				if m == 0 {
					break
				}
				cuts[m] = true
				got = append(got, b[:m]...)
			}
			if !bytes.Equal(got, text) {
				t.Errorf("seed %d: %q", seed, got)
			}
		})
	}
	if len(cuts) < 8 {
		t.Error("only these lengths:", cuts)
	}
}

func TestAFullBufferStopsTheSenderAndReadingOpensTheWindow(t *testing.T) {
	finish(t, Options{RcvBuf: 4, SndBuf: 6}, func(w *World) {
		c, s, _ := pair(w)
		wantSend(t, c, "abcdefgh", 6, OK)
		wantSend(t, c, "x", 0, EAGAIN)
		wantReady(t, c, 0)
		w.Settle() // four fit the receiver
		wantReady(t, c, OUT)
		wantSend(t, c, "ghijkl", 4, OK)
		w.Settle()
		if s.Available() != 4 {
			t.Error(s.Available())
		}
		wantRecv(t, s, "abcd", OK)
		wantRecv(t, s, "", EAGAIN)
		w.Settle()
		wantRecv(t, s, "efgh", OK)
		w.Settle()
		wantRecv(t, s, "ij", OK)
	})
}

func TestASenderIsReadyAgainWhenAThirdOfTheBufferIsFree(t *testing.T) {
	finish(t, Options{RcvBuf: 4, SndBuf: 9}, func(w *World) {
		c, s, _ := pair(w)
		wantSend(t, c, "0123456789abc", 9, OK)
		w.Settle() // four arrive, five stay
		wantSend(t, c, "9abc", 4, OK)
		wantReady(t, c, 0)
		wantRecv(t, s, "0123", OK)
		b := make([]byte, 1)
		s.Recv(b)
		w.Settle() // nine less four are five: four free of nine
		wantReady(t, c, OUT)
		wantSend(t, c, "de", 2, OK) // seven queued, two free: there is room, but too little to say so
		wantReady(t, c, 0)
		wantSend(t, c, "f", 1, OK)
	})
}

func TestPeekLeavesTheBytes(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		c, s, _ := pair(w)
		c.Send([]byte("abc"))
		w.Settle()
		b := make([]byte, 2)
		if n, e := s.Peek(b); n != 2 || e != OK || string(b) != "ab" {
			t.Error(n, e, b)
		}
		wantRecv(t, s, "abc", OK)
	})
}

func TestAfterAFinOneDirectionGoesOn(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		c, s, _ := pair(w)
		c.Send([]byte("last"))
		wantErrno(t, "Shutdown", c.Shutdown(false, true), OK)
		wantSend(t, c, "x", 0, EPIPE)
		w.Settle()
		wantReady(t, s, IN|OUT|RDHUP)
		wantRecv(t, s, "last", OK)
		wantRecv(t, s, "", OK)
		wantRecv(t, s, "", OK)
		wantSend(t, s, "reply", 5, OK)
		w.Settle()
		wantRecv(t, c, "reply", OK)
		s.Shutdown(false, true)
		w.Settle()
		wantReady(t, c, IN|OUT|HUP|RDHUP)
		wantReady(t, s, IN|OUT|HUP|RDHUP)
		wantErrno(t, "Shutdown when all is over", c.Shutdown(false, true), ENOTCONN)
	})
}

func TestCloseWithNothingUnreadIsAFinAndALaterSendIsAnsweredByReset(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		c, s, _ := pair(w)
		c.Close()
		w.Settle()
		wantRecv(t, s, "", OK)
		wantSend(t, s, "into the void", 13, OK)
		w.Settle()
		wantReady(t, s, IN|OUT|ERR|HUP|RDHUP)
		wantRecv(t, s, "", OK) // the end of the stream stays the end
		wantSend(t, s, "x", 0, EPIPE)
		wantErrno(t, "Error", s.Error(), OK)
	})
}

func TestCloseWithUnreadDataIsAReset(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		c, s, _ := pair(w)
		s.Send([]byte("never read"))
		w.Settle()
		c.Close()
		w.Settle()
		wantReady(t, s, IN|OUT|ERR|HUP|RDHUP)
		wantRecv(t, s, "", ECONNRESET)
		wantReady(t, s, IN|OUT|HUP|RDHUP)
		wantRecv(t, s, "", OK)
		wantSend(t, s, "x", 0, EPIPE)
	})
}

func TestDataInFlightToAClosedSocketIsAnsweredByReset(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		c, s, _ := pair(w)
		s.Send([]byte("in flight"))
		c.Close() // nothing has arrived: a FIN
		w.Settle()
		wantErrno(t, "Error", s.Error(), EPIPE) // the FIN came first
	})
}

func TestWhatArrivedBeforeAResetIsReceivedBeforeTheError(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		c, s, _ := pair(w)
		c.Send([]byte("ab"))
		w.Settle()
		wantErrno(t, "Abort", c.Abort(), OK)
		w.Settle()
		wantRecv(t, s, "ab", OK)
		wantRecv(t, s, "", ECONNRESET)
		wantRecv(t, s, "", OK)
	})
}

func TestAResetMayDiscardWhatArrivedAsOnWindows(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		c, s, _ := pair(w)
		s.SetResetDrops(true)
		c.Send([]byte("ab"))
		w.Settle()
		c.Abort()
		w.Settle()
		wantRecv(t, s, "", ECONNRESET)
	})
}

func TestAResetMayOvertakeDataInFlight(t *testing.T) {
	overtook, followed := false, false
	for seed := range uint64(40) {
		finish(t, Options{Source: Uniform(seed)}, func(w *World) {
			c, s, _ := pair(w)
			c.Send([]byte("ab"))
			c.Abort()
			w.Settle()
			if s.Available() == 2 {
				followed = true
			} else {
				overtook = true
			}
		})
	}
	if !overtook || !followed {
		t.Error(overtook, followed)
	}
}

func TestLingerZeroMakesCloseAReset(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		c, s, _ := pair(w)
		c.SetLingerZero(true)
		c.Close()
		w.Settle()
		wantRecv(t, s, "", ECONNRESET)
	})
}

func TestAConnectionResetBeforeAcceptIsAcceptedAllTheSame(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		l, c := w.NewSock(), w.NewSock()
		l.Bind(testAddr)
		l.Listen(1)
		c.Connect(testAddr)
		w.Settle()
		c.Abort()
		w.Settle()
		s, e := l.Accept()
		wantErrno(t, "Accept", e, OK)
		wantRecv(t, s, "", ECONNRESET)
	})
}

func TestClosingAListenerResetsWhatNobodyAccepted(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		l, c, late := w.NewSock(), w.NewSock(), w.NewSock()
		l.Bind(testAddr)
		l.Listen(4)
		c.Connect(testAddr)
		w.Settle()
		late.Connect(testAddr)
		l.Close()
		w.Settle()
		wantRecv(t, c, "", ECONNRESET)
		wantErrno(t, "Error", late.Error(), ECONNREFUSED)
	})
}

func TestShutdownOfReceivingLetsArrivedBytesBeRead(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		c, s, _ := pair(w)
		c.Send([]byte("ab"))
		w.Settle()
		s.Shutdown(true, false)
		wantReady(t, s, IN|OUT|RDHUP)
		wantRecv(t, s, "ab", OK)
		wantRecv(t, s, "", OK)
		c.Send([]byte("cd")) // as Linux still takes it
		w.Settle()
		wantRecv(t, s, "cd", OK)
	})
}

func TestCallsOnASocketThatWasNeverConnected(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		s := w.NewSock()
		wantRecv(t, s, "", ENOTCONN)
		wantSend(t, s, "x", 0, EPIPE)
		wantErrno(t, "Shutdown of nothing", s.Shutdown(false, false), EINVAL)
		wantErrno(t, "Shutdown", s.Shutdown(true, true), ENOTCONN)
		wantErrno(t, "Accept", second(s.Accept()), EINVAL)
		wantErrno(t, "IPv6", s.Connect(netip.MustParseAddrPort("[::1]:80")), EAFNOSUPPORT)
		wantErrno(t, "Close", s.Close(), OK)
		wantErrno(t, "Close again", s.Close(), EBADF)
	})
}

func TestAddressesAreTakenOnceAndPortsComeBackLate(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		a, b, c := w.NewSock(), w.NewSock(), w.NewSock()
		wantErrno(t, "Bind", a.Bind(testAddr), OK)
		wantErrno(t, "same", b.Bind(testAddr), EADDRINUSE)
		wantErrno(t, "wildcard", b.Bind(netip.MustParseAddrPort("0.0.0.0:80")), EADDRINUSE)
		wantErrno(t, "other address", b.Bind(netip.MustParseAddrPort("127.0.0.2:80")), OK)
		wantErrno(t, "twice", b.Bind(netip.MustParseAddrPort("127.0.0.2:81")), EINVAL)
		wantErrno(t, "multicast", c.Bind(netip.MustParseAddrPort("224.0.0.1:80")), EADDRNOTAVAIL)
		b.Close()
		wantErrno(t, "after Close", c.Bind(netip.MustParseAddrPort("127.0.0.2:80")), OK)
		any := netip.MustParseAddrPort("0.0.0.0:0")
		seen := map[uint16]bool{}
		for range 1000 {
			s := w.NewSock()
			s.Bind(any)
			if p := s.Local().Port(); seen[p] || p == 0 {
				t.Fatal("port", p, "again")
			}
			seen[s.Local().Port()] = true
			s.Close()
		}
	})
}
