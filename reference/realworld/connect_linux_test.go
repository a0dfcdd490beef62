package realworld

import (
	"net/netip"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/ioconform/ioconform/spec"
)

// A full backlog is the one way to make a connect on the loopback interface wait: Linux drops the SYN (listen(2), NOTES).
func TestAConnectThatHangsTimesOutAndEndsWhenThePeerIsClosed(t *testing.T) {
	w := open(t)
	full, err := bindWithoutListening(netip.MustParseAddrPort("127.0.0.1:0"))
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	if err := unix.Listen(full.fd, 0); err != nil {
		t.Fatal(err)
	}
	hung := false
	for i := 0; !hung; i++ {
		p, _ := w.Peer(spec.TCP4)
		switch st := p.Connect(full.addr, 100*time.Millisecond); {
		case st.Code == spec.TimedOut:
			hung = true
		case !st.Ok() || i == 100:
			t.Fatalf("connection %d to a full backlog: %v", i, st)
		}
	}

	p, _ := w.Peer(spec.TCP4)
	done := make(chan spec.Status)
	go func() { done <- p.Connect(full.addr, -1) }()
	w.Settle()
	expect(t, "Close", p.Close(), spec.OK)
	expect(t, "the Connect under way", <-done, spec.Closed)
}
