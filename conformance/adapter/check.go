package adapter

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"sync"
	"time"

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
	walk := steps
	if about.Can(spec.CanPoll) {
		walk = readySteps
	}
	walk = append(walk[:len(walk):len(walk)], step{title: "what is not declared is answered unsupported", asks: (*Pool).undeclared})
	for _, s := range walk {
		if ctx.Err() != nil {
			return c, ctx.Err()
		}
		fmt.Fprintf(w, "\n%s\n", s.title)
		if s.asks != nil {
			c.Steps++
			all := s.asks(p, &c)
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

// undeclaredAsk is a request, and what has to be declared for it.
type undeclaredAsk struct {
	can spec.Capability
	m   Message
}

var discard = netip.MustParseAddrPort("127.0.0.1:9")

// The port and the poller have number 1, the socket is filled in; nothing has number 90 yet.
var (
	undeclaredAsks = []undeclaredAsk{
		{spec.CanAccept, Message{Do: "listen", Backlog: 1, Has: set(FSocket, FBacklog)}},
		{spec.CanAccept, Message{Do: "accept", Token: 1, As: 90, Has: set(FSocket, FToken, FAs)}},
		{spec.CanConnect, Message{Do: "connect", Token: 2, To: discard, Has: set(FSocket, FToken, FTo)}},
		{spec.CanPost, Message{Do: "post", Port: 1, Key: 1, Token: 3, Bytes: 1, Has: set(FPort, FKey, FToken, FBytes)}},
		{spec.CanCancel, Message{Do: "cancel", Token: 4, Has: set(FSocket, FToken)}},
		{spec.CanCancelAll, Message{Do: "cancel-all", Has: set(FSocket)}},
		{spec.CanShutdown, Message{Do: "shutdown", Side: "send", Has: set(FSocket, FSide)}},
		{spec.CanSkip, Message{Do: "skip", Has: set(FSocket)}},
		{spec.CanDatagram, Message{Do: "recvfrom", Token: 5, Length: 4, Has: set(FSocket, FToken, FLength)}},
		{spec.CanDatagram, Message{Do: "sendto", Token: 6, To: discard, Data: []byte("x"), Has: set(FSocket, FToken, FTo, FData)}},
	}
	undeclaredReadyAsks = []undeclaredAsk{
		{spec.CanConnect, Message{Do: "try-connect", To: discard, Has: set(FSocket, FTo)}},
		{spec.CanShutdown, Message{Do: "shutdown", Side: "send", Has: set(FSocket, FSide)}},
		{spec.CanNest, Message{Do: "add", Poller: 1, Inner: 1, Token: 1, Ask: []string{"in"}, Has: set(FPoller, FInner, FToken, FAsk)}},
		{spec.CanExclusive, Message{Do: "add", Poller: 1, Token: 1, Ask: []string{"in", "exclusive"}, Has: set(FPoller, FSocket, FToken, FAsk)}},
		{spec.CanRdHup, Message{Do: "add", Poller: 1, Token: 1, Ask: []string{"in", "rdhup"}, Has: set(FPoller, FSocket, FToken, FAsk)}},
		{spec.CanEdge, Message{Do: "add", Poller: 1, Token: 1, Ask: []string{"in", "edge"}, Has: set(FPoller, FSocket, FToken, FAsk)}},
		{spec.CanOneShot, Message{Do: "add", Poller: 1, Token: 1, Ask: []string{"in", "oneshot"}, Has: set(FPoller, FSocket, FToken, FAsk)}},
		{spec.CanDuplicate, Message{Do: "dup", As: 90, Has: set(FSocket, FAs)}},
		{spec.CanDatagram, Message{Do: "try-sendto", To: discard, Data: []byte("x"), Has: set(FSocket, FTo, FData)}},
	}
)

// undeclared asks for everything that was not declared, and tells what should have been said.
func (p *Pool) undeclared(c *Checked) (said []string) {
	in, err := p.open()
	if err != nil {
		c.Mistakes++
		return []string{"wrong: " + err.Error()}
	}
	defer in.Close()
	b, asks, sock := p.firstSocket(in)
	err = in.Run(func() {
		defer b.Close()
		id, st := sock()
		if id == 0 {
			said = append(said, fmt.Sprintf("there is no port or poller, or no stream socket (%s): nothing was asked", st))
			return
		}
		for _, x := range asks {
			if b.about.Can(x.can) {
				continue
			}
			m := x.m
			m.Socket = id
			a := b.conn.do(b.session, &m)
			if st := statusOf(&a); st.Code != spec.Unsupported {
				c.Mistakes++
				said = append(said, fmt.Sprintf("wrong: it does not declare capability %s, and answered %s to %s; the answer is unsupported, or the capability is declared", x.can, st, m.Do))
			}
		}
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

// holdsUp asks for something while a wait is under way that nothing ends but the reset.
func (p *Pool) holdsUp(c *Checked) []string {
	return p.leavesOpen(c, -1, func(b *backend) {
		b.do(&Message{Do: "ping"})
		b.Close()
	}, "Remember the wait and go on reading; answer it when something comes, or its time is over.")
}

// lapses resets while a wait is under way, and listens until its time is over, and for as long again: whoever is slower is not caught.
func (p *Pool) lapses(c *Checked) []string {
	const limit = 50
	return p.leavesOpen(c, limit, func(b *backend) {
		b.Close()
		time.Sleep(2 * limit * time.Millisecond)
	}, "A reset ends the requests that are open, and they have no answer: forget the waits with everything else.")
}

// leavesOpen begins a wait with that limit in milliseconds, and does the rest while it is under way.
func (p *Pool) leavesOpen(c *Checked, limit int64, rest func(*backend), hint string) []string {
	if why, asked := p.about.Meets("delivery=pull"); !asked {
		c.Steps--
		c.Skipped++
		return []string{"skipped: " + why}
	}
	in, err := p.open()
	if err == nil {
		defer in.Close()
		wait := Message{Do: "wait", Port: 1, Max: 1, Timeout: limit, Has: set(FPort, FMax, FTimeout)}
		if in.Ready != nil {
			wait = Message{Do: "wait-ready", Poller: 1, Max: 1, Timeout: limit, Has: set(FPoller, FMax, FTimeout)}
		}
		b, _, first := p.firstSocket(in)
		err = in.Run(func() {
			if id, _ := first(); id == 0 {
				return // of which the other steps speak
			}
			b.conn.send(b.session, &wait)
			rest(b)
		})
	}
	if err != nil {
		c.Mistakes++
		return []string{"wrong: " + err.Error(), "hint: " + hint}
	}
	return []string{"ok"}
}

// firstSocket returns the back end, what it is asked, and what makes a port or poller and a socket for that; 0 if there is none.
func (p *Pool) firstSocket(in *spec.Instance) (*backend, []undeclaredAsk, func() (int64, spec.Status)) {
	if in.Ready != nil {
		return in.Ready.(readyBackend).backend, undeclaredReadyAsks, func() (int64, spec.Status) {
			in.Ready.Poller()
			s, st := in.Ready.Socket(spec.TCP4)
			if s == nil {
				return 0, st
			}
			return s.(raw).id, st
		}
	}
	b := in.Backend.(*backend)
	return b, undeclaredAsks, func() (int64, spec.Status) {
		port, _ := b.Port(0)
		s, st := b.Socket(spec.TCP4)
		if port == nil || s == nil {
			return 0, st
		}
		port.Associate(s, 1)
		return s.(*socket).id, st
	}
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
