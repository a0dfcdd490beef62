package simnet

import (
	"net/netip"
	"testing"
)

var elsewhere = netip.MustParseAddrPort("127.0.0.1:99")

// What answers a connect that was given up is for that connect: the next one of the same socket hears nothing of it.
func TestAnAnswerToAConnectThatWasGivenUpIsNotForTheNext(t *testing.T) {
	early, late := false, false
	for seed := range uint64(400) {
		finish(t, Options{Source: Uniform(seed)}, func(w *World) {
			l, other, c := w.NewSock(), w.NewSock(), w.NewSock()
			l.Bind(testAddr)
			l.Listen(4)
			other.Bind(elsewhere)
			other.Listen(4)
			c.Connect(testAddr)
			for range seed % 4 {
				w.Step()
			}
			if seed%8 < 4 {
				l.Close() // what was to be accepted is reset
			}
			if c.Shutdown(true, true); c.Remote().IsValid() {
				return // it was connected already
			}
			early = early || w.busyLinks() == 0
			late = late || w.busyLinks() > 0
			c.Error()
			for c.Connect(elsewhere) == ECONNABORTED { // of the first, told once
			}
			w.Settle()
			s, e := other.Accept()
			wantErrno(t, "Accept", e, OK)
			wantErrno(t, "Error", c.Error(), OK)
			wantSend(t, c, "ab", 2, OK)
			wantSend(t, s, "cd", 2, OK)
			w.Settle()
			wantRecv(t, s, "ab", OK)
			wantRecv(t, c, "cd", OK)
		})
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	if !early || !late {
		t.Error("an answer was never, or always, on its way:", early, late)
	}
}
