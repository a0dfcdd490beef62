package adapter

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"sync"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/spec"
)

// Checked is what a walk through the protocol came to.
type Checked struct {
	Steps    int // that were taken
	Skipped  int // for want of a capability
	Mistakes int // of the adapter
	Breaches int // of the back end: it answered by the protocol, and otherwise than it should
}

// step is a part of the walk: a scenario, which says what is expected, and what to look at if it goes wrong.
type step struct {
	title string
	lines string // a scenario; its needs and axes decide whether it is taken
	hint  string
}

var steps = []step{
	{"a port is made, is empty, and is closed", `
port P
wait P 0s -> timedout
wait P 20ms -> timedout
close P
`, "A wait with nothing to take is answered timedout once its time is over; with timeout 0 at once."},
	{"a wait holds up nothing", `
axes delivery=pull wake-on-close=yes
port P
@w1 wait P forever &
settle
tcp s
close s
close P
@w1 join -> abandoned | closed
`, "Remember the wait and go on reading; answer it when a packet comes, its time is over, or its port is closed."},
	{"an accept completes with a connection", `
needs accept
port P
listen L on P key=0xA
accept a1 on L
peer c1 connects L
wait P -> a1: ok key=0xA
`, "The packet has the listener's key, the token of the accept, and as socket the number that was given under as."},
	{"an accept that comes later takes the connection that waits", `
needs accept
port P
listen L on P key=0xA
peer c1 connects L
settle
accept a1 on L
wait P -> a1: ok key=0xA
`, ""},
	{"a connect completes", `
needs connect
port P
tcp s
associate s to P key=5
peer p listens
connect x on s to p
wait P -> x: ok 0 key=5
peer p accepts as q
`, ""},
	{"a connect to nobody is refused", `
needs connect
port P
tcp s
associate s to P key=5
peer p refuses
connect x on s to p
wait P -> x: refused 0
`, "What fails after the start has its status in the packet."},
	{"a receive completes with what the far end sent", `
session s
recv r1 on s len=8
peer c sends 5
wait P -> r1: ok 1..5 key=2
`, "The packet has the key under which the socket was associated, and the bytes as base64 in data."},
	{"what was sent before is received at once, or with a packet", `
session s
peer c sends 5
settle
recv r1 on s len=8
wait P -> r1: ok 1..5
wait P -> nothing
`, "There is one packet for each operation that was not refused, done or not."},
	{"a send goes out", `
session s
send w1 on s len=100
wait P -> w1: ok 1..100
peer c reads 1..100
`, "The packet of a send has the number of bytes in bytes, and no data."},
	{"the end of the stream is a receive of nothing", `
session s
recv r1 on s len=8
peer c half-closes
wait P -> r1: ok 0
`, "The end of the stream is status ok without bytes."},
	{"closing a socket ends its receive", `
axes close=abort
session s
recv r1 on s len=8
close s
wait P -> r1: aborted 0
peer c reads eof
`, "The packet comes in any case; its status is aborted."},
	{"two sockets on one port keep their keys", `
session s
session s2 peer=d key=3
recv r1 on s len=8
recv r2 on s2 len=8
peer d sends 4
wait P -> r2: ok 1..4 key=3
peer c sends 4
wait P -> r1: ok 1..4 key=2
`, ""},
	{"a receive is cancelled", `
needs cancel
session s
recv r1 on s len=8
cancel r1 -> ok
wait P -> r1: aborted 0
cancel r1 -> notfound
`, "Cancel answers ok: asked for; the packet says aborted. Once the operation has ended it answers notfound."},
	{"everything is cancelled", `
needs cancel-all
session s
recv r1 on s len=8
cancel all s -> ok
wait P -> r1: aborted 0
cancel all s -> notfound
`, ""},
	{"the sending side is shut down", `
needs shutdown
session s
shutdown s send
peer c reads eof
peer c sends 3
recv r1 on s len=8
wait P -> r1: ok 1..3
`, "The far end sees the end of the stream; receiving goes on."},
	{"a packet is posted", `
needs post
port P
post k1 to P key=7 bytes=3
wait P -> k1: ok 3 key=7
`, "The packet has key, token and bytes as they were posted."},
	{"an operation that is done at once has no packet on a socket that skips", `
needs skip
session s skip=yes
peer c sends 4
settle
recv r1 on s len=8 -> done 1..4 | pending
wait P -> r1: ok 1..4 if=r1.pending
wait P -> nothing
`, "Either the start is answered done, with data, and no packet comes, or it is answered pending, and one comes."},
	{"a datagram comes and one goes", `
needs datagram
port P
udp U
associate U to P key=7
recvfrom r1 on U len=16
peer u sends 10 to U attempts=8
wait P -> r1: ok 10 key=7 from=u
sendto w1 on U to u len=6
wait P -> w1: ok 6
peer u reads 6
`, "The packet of a recvfrom has the sender's address in from."},
	{"connections over IPv6 are accepted", `
needs accept ipv6
port P
listen L on P key=0xA ip=6
accept a1 on L
peer c1 connects L
wait P -> a1: ok key=0xA
`, ""},
	{"a receive waits until its buffer is full", `
needs wait-all
session s
recv r1 on s len=8 waitall=yes
peer c sends 3
wait P -> nothing
peer c sends 5
wait P -> r1: ok 8
`, ""},
	{"an accept waits for the first bytes", `
needs accept accept-data
port P
listen L on P key=0xA
accept a1 on L data=8
peer c1 connects L
wait P -> nothing
peer c1 sends 5
wait P -> a1: ok 1..5
`, "The packet has the socket and, in data, the bytes."},
	{"a connection is accepted into a socket that was there before", `
needs accept accept-into
port P
listen L on P key=0xA
tcp s
accept a1 on L into s
peer c1 connects L
wait P -> a1: ok sock=s
`, "The packet has the number under into as its socket."},
	{"an operation that was started before its socket was associated completes", `
needs accept late-association
port P
listen L on P key=0xA
accept a1 on L as s
peer c1 connects L
wait P -> a1: ok
recv r1 on s len=8
associate s to P key=4
peer c1 sends 4
wait P -> r1: ok 1..4
`, ""},
	{"two threads wait on one port", `
needs workers
session s
session s2 peer=d key=3
recv r1 on s len=8
recv r2 on s2 len=8
@w1 wait P &
@w2 wait P &
peer c sends 4
peer d sends 4
@w1 join
@w2 join
`, "There may be several waits on a port, and each packet goes to one of them."},
	{"a second receive waits behind the first", `
axes receives=n fill=fifo
session s
recv r1 on s len=4
recv r2 on s len=4
peer c sends 8
wait P -> {r1: ok 4, r2: ok 4}
`, "If the back end allows one receive at a time, declare receives=1 and refuse the second as busy."},
	{"a second receive is refused as busy", `
axes receives=1
session s
recv r1 on s len=4
recv r2 on s len=4 -> refused/busy
peer c sends 4
wait P -> r1: ok 1..4
`, "With receives=1 the second receive of a socket is answered busy. If it is not, declare receives=n."},
	{"a receive of nothing waits for data", `
axes zero-receive=parks
session s
recv r1 on s len=0
wait P -> nothing
peer c sends 4
wait P -> r1: ok 0
`, "If such a receive completes at once, declare zero-receive=at-once."},
}

// mostWrong is how many steps may go wrong in a row before the walk ends: what is missing at the beginning is missed everywhere.
const mostWrong = 3

// Check walks through the protocol with the adapter, tells on w what is asked, what comes and what was expected, and whose mistake it is where the two differ.
// The error tells why there was nothing to walk with.
func Check(ctx context.Context, w io.Writer, argv []string, world func() (*spec.Instance, error)) (c Checked, err error) {
	shows := &traffic{w: w}
	fmt.Fprintf(w, "hello\n")
	p, err := Start(argv, Options{World: world, Processes: 1, tap: shows.line})
	if err != nil {
		shows.flush()
		return c, err
	}
	defer func() {
		if e := p.Close(); e != nil {
			c.Mistakes++
			fmt.Fprintf(w, "\nat the end\n  wrong: %v\n", e)
		}
	}()
	shows.flush()
	about := p.About()
	fmt.Fprintf(w, "  ok: %s %s on %s\n", about.Name, about.Version, about.OS)
	row := 0 // steps that went wrong one after the other
	walk := append(steps[:len(steps):len(steps)], step{title: "what is not declared is answered unsupported"})
	for _, s := range walk {
		if ctx.Err() != nil {
			return c, ctx.Err()
		}
		fmt.Fprintf(w, "\n%s\n", s.title)
		if s.lines == "" {
			c.Steps++
			all := p.undeclared(&c)
			shows.flush()
			for _, said := range all {
				fmt.Fprintf(w, "  %s\n", said)
			}
			continue
		}
		before, taken := c.Mistakes+c.Breaches, c.Steps
		if err := c.take(ctx, w, p, s, shows); err != nil {
			return c, err
		}
		switch {
		case c.Mistakes+c.Breaches > before:
			row++
		case c.Steps > taken:
			row = 0
		}
		if row == mostWrong {
			fmt.Fprintf(w, "\n%d steps in a row went wrong: the walk ends here. Put these right first.\n", row)
			return c, nil
		}
	}
	return c, nil
}

// take takes one step.
func (c *Checked) take(ctx context.Context, w io.Writer, p *Pool, s step, shows *traffic) error {
	k, err := conformance.ParseCase("check", []byte("# "+s.title+"\n"+strings.TrimSpace(s.lines)+"\n"))
	if err != nil {
		return fmt.Errorf("the step %q: %w", s.title, err)
	}
	about := p.About()
	if reason, ok := k.Applies(&about); !ok {
		c.Skipped++
		fmt.Fprintf(w, "  skipped: %s\n", reason)
		return nil
	}
	c.Steps++
	for _, l := range strings.Split(strings.TrimSpace(s.lines), "\n") {
		if !strings.HasPrefix(l, "needs") && !strings.HasPrefix(l, "axes") {
			fmt.Fprintf(w, "      %s\n", l)
		}
	}
	r, err := conformance.Run(ctx, p.Target(), conformance.Options{Cases: []*conformance.Case{k}, Parallel: 1})
	shows.flush()
	if err != nil {
		return err
	}
	if len(r.Cases) == 0 {
		return ctx.Err()
	}
	switch x := &r.Cases[0]; x.Verdict {
	case conformance.Pass:
		fmt.Fprintf(w, "  ok\n")
		return nil
	case conformance.Fail:
		c.Breaches++
		for _, v := range x.Violations {
			fmt.Fprintf(w, "  the back end breaks %s: %s\n    seen: %s\n", v.Rule.ID, v.Rule.Text, v.Said)
		}
	case conformance.Diverged:
		c.Breaches++
		fmt.Fprintf(w, "  the back end did otherwise: %s\n", x.Reason)
	default:
		c.Mistakes++
		fmt.Fprintf(w, "  wrong: %s\n", strings.ReplaceAll(x.Reason, "\n", "\n  "))
	}
	if s.hint != "" {
		fmt.Fprintf(w, "  hint: %s\n", s.hint)
	}
	return nil
}

// undeclared asks for everything that was not declared, and tells what should have been said.
func (p *Pool) undeclared(c *Checked) (said []string) {
	in, err := p.open()
	if err != nil {
		c.Mistakes++
		return []string{"wrong: " + err.Error()}
	}
	defer in.Close()
	b := in.Backend.(*backend)
	at := netip.MustParseAddrPort("127.0.0.1:9")
	asks := []struct {
		can spec.Capability
		m   Message
	}{
		{spec.CanAccept, Message{Do: "listen", Backlog: 1, Has: set(FSocket, FBacklog)}},
		{spec.CanAccept, Message{Do: "accept", Token: 1, As: 90, Has: set(FSocket, FToken, FAs)}},
		{spec.CanConnect, Message{Do: "connect", Token: 2, To: at, Has: set(FSocket, FToken, FTo)}},
		{spec.CanPost, Message{Do: "post", Key: 1, Token: 3, Bytes: 1, Has: set(FPort, FKey, FToken, FBytes)}},
		{spec.CanCancel, Message{Do: "cancel", Token: 4, Has: set(FSocket, FToken)}},
		{spec.CanCancelAll, Message{Do: "cancel-all", Has: set(FSocket)}},
		{spec.CanShutdown, Message{Do: "shutdown", Side: "send", Has: set(FSocket, FSide)}},
		{spec.CanSkip, Message{Do: "skip", Has: set(FSocket)}},
		{spec.CanDatagram, Message{Do: "recvfrom", Token: 5, Length: 4, Has: set(FSocket, FToken, FLength)}},
		{spec.CanDatagram, Message{Do: "sendto", Token: 6, To: at, Data: []byte("x"), Has: set(FSocket, FToken, FTo, FData)}},
	}
	err = in.Run(func() {
		port, _ := b.Port(0)
		sock, st := b.Socket(spec.TCP4)
		if port == nil || sock == nil {
			said = append(said, fmt.Sprintf("there is no port, or no stream socket (%s): nothing was asked", st))
			b.Close()
			return
		}
		port.Associate(sock, 1)
		for _, x := range asks {
			if b.about.Can(x.can) {
				continue
			}
			m := x.m
			m.Port, m.Socket = 1, sock.(*socket).id
			a := b.conn.do(b.session, &m)
			if st := statusOf(&a); st.Code != spec.Unsupported {
				c.Mistakes++
				said = append(said, fmt.Sprintf("wrong: it does not declare capability %s, and answered %s to %s; the answer is unsupported, or the capability is declared", x.can, st, m.Do))
			}
		}
		b.Close()
	})
	var f *Fault
	if errors.As(err, &f) {
		c.Mistakes++
		said = append(said, "wrong: "+f.Error())
	}
	if len(said) == 0 {
		said = []string{"ok"}
	}
	return said
}

// traffic keeps the lines of a step until it is told of.
type traffic struct {
	w io.Writer

	mu    sync.Mutex
	lines []string
}

// line takes what was sent or came. Long lines are cut short, and of many the middle is left out.
func (s *traffic) line(sent bool, b []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	arrow := "← "
	if sent {
		arrow = "→ "
	}
	for _, l := range strings.Split(strings.TrimSuffix(string(b), "\n"), "\n") {
		if len(l) > 200 {
			l = strings.ToValidUTF8(l[:200], "") + fmt.Sprintf("... (%d bytes)", len(l))
		}
		s.lines = append(s.lines, arrow+l)
	}
}

const shownMost = 60

func (s *traffic) flush() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, l := range s.lines {
		if len(s.lines) > shownMost && i >= shownMost/2 && i < len(s.lines)-shownMost/2 {
			if i == shownMost/2 {
				fmt.Fprintf(s.w, "    ... %d lines ...\n", len(s.lines)-shownMost)
			}
			continue
		}
		fmt.Fprintf(s.w, "    %s\n", l)
	}
	s.lines = s.lines[:0]
}
