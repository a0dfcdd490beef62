package simnet

import "testing"

// What meets a far end that is gone is not acknowledged: it stands in the sender's buffer until the reset arrives, which is told. Else there would be room of which
// no watcher hears (Linux, tcp_reset in net/ipv4/tcp_input.c, purges the write queue).
func TestWhatMeetsNobodyTakesUpRoomUntilTheResetArrives(t *testing.T) {
	for _, name := range []string{"closed", "closed with unread bytes", "aborted"} {
		t.Run(name, func(t *testing.T) {
			finish(t, Options{RcvBuf: 4, SndBuf: 8, NoSegment: true}, func(w *World) {
				c, far, _ := pair(w)
				wantSend(t, c, "abcdefgh", 8, OK)
				w.Settle() // four arrive, and there is no room for more
				wantSend(t, c, "ijklmnop", 4, OK)
				switch name {
				case "closed":
					wantRecv(t, far, "abcd", OK)
					far.Close() // what is in flight meets nobody
				case "aborted":
					far.Abort()
				default:
					far.Close()
				}
				var seen Ready
				c.Watch(&listener{told: &seen})
				for range 8 { // steps of the network, one by one
					if c.Ready()&OUT != 0 && seen&OUT == 0 {
						t.Fatalf("ready for %v, of which nobody was told", c.Ready())
					}
					w.Yield()
				}
				wantReady(t, c, IN|OUT|RDHUP|HUP|ERR)
				if want := IN | OUT | RDHUP | HUP | ERR; seen != want {
					t.Errorf("told of %v, want %v", seen, want)
				}
			})
		})
	}
}

// listener collects what it is told that a socket is ready for.
type listener struct{ told *Ready }

func (l *listener) Changed(_ *Sock, ready, _ Ready) { *l.told |= ready }
