package adapter

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// conn carries requests to an adapter and answers back. Requests are made by any number of goroutines and answered in any order. A fault
// of the adapter ends the process: afterwards it is of no use to anybody.
type conn struct {
	proc  *process
	about spec.About

	mu     sync.Mutex
	next   int64 // id of the last request
	lapsed int64 // those up to this were before the last reset
	calls  map[int64]*call
	now    *session // the case that is being run
	fault  *Fault
	dead   chan struct{} // closed with fault

	out  outbox
	tap  func(sent bool, line []byte) // sees every line, if set before open
	free sync.Pool                    // of *call
}

// call is a request that has no answer yet.
type call struct {
	shape  *Shape
	id     int64
	answer Message
	done   chan struct{} // gets one value with the answer

	session *session
	forever bool       // a wait without limit
	due     time.Time  // a wait is not to be answered before; zero for anything else
	watch   spec.Watch // made when it is first found unanswered
	looks   int
	more    int  // how many times more there is patience for it
	rounds  int  // of the canary, that the watches before took
	data    int  // bytes that it carries
	probe   bool // a ping of the watchdog's own
}

// session is one case on a conn: what it is given up for.
type session struct {
	world   spec.World
	deliver func(*Message) *Fault
	over    bool // the adapter has been reset behind it; under the lock of conn

	mu   sync.Mutex
	err  *Fault
	dead chan struct{} // closed with err
	end  func()        // called once, when it is given up
}

// fail gives the case up: its threads end at the call that they are in, and nothing more is recorded.
func (s *session) fail(f *Fault) {
	s.mu.Lock()
	first := s.err == nil
	if first {
		s.err = f
		close(s.dead)
	}
	s.mu.Unlock()
	if first && s.end != nil {
		s.end()
	}
}

func (s *session) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		return nil
	}
	return s.err
}

// open starts an adapter and makes its acquaintance. The world bounds how long that may take, and has to last as long as the adapter.
func open(argv []string, w spec.World, tap func(bool, []byte)) (*conn, error) {
	p, err := start(argv, w)
	if err != nil {
		return nil, err
	}
	c := &conn{proc: p, calls: map[int64]*call{}, dead: make(chan struct{}), tap: tap}
	c.out.wake = make(chan struct{}, 1)
	go c.write()
	go c.read()
	if err := c.hello(w); err != nil {
		c.proc.kill()
		return nil, err
	}
	return c, nil
}

func (c *conn) hello(w spec.World) error {
	m := Message{Do: "hello", Protocol: Version}
	m.Has = set(FProtocol)
	a, err := c.ask(w, &m)
	if err != nil {
		return err
	}
	if f := introduce(a, &c.about); f != nil {
		return c.fail(f)
	}
	if a.Has.Contains(FBatch) {
		c.mu.Lock()
		c.out.batch = int(min(max(a.Batch, 1), 1024))
		c.mu.Unlock()
	}
	return nil
}

// ask makes one request outside any case.
func (c *conn) ask(w spec.World, m *Message) (*Message, error) {
	s := &session{world: w, dead: make(chan struct{}), deliver: func(*Message) *Fault { return nil }}
	stop := c.enter(s)
	defer stop()
	x := c.send(s, m)
	select {
	case <-x.done:
		if x.answer.Has.Contains(FError) {
			return nil, c.fail(faultf(Unable, "%s: %s", m.Do, x.answer.ErrorText))
		}
		return &x.answer, nil
	case <-s.dead:
		return nil, s.failure()
	}
}

// enter begins a case; what it returns ends the watch over it. What is delivered until the reset is still the case's.
func (c *conn) enter(s *session) (stop func()) {
	c.mu.Lock()
	c.now = s
	f := c.fault
	c.mu.Unlock()
	if f != nil {
		<-c.dead
		s.fail(f)
	}
	quit := make(chan struct{})
	var over sync.WaitGroup
	over.Go(func() { c.watch(s, quit) })
	return func() {
		close(quit)
		over.Wait()
	}
}

// reset brings the adapter back to where it was after the hello.
func (c *conn) reset(w spec.World) (*Message, error) {
	a, err := c.ask(w, &Message{Do: "reset"})
	if err == nil && a.Has.Contains(FStatus) && a.Status != "ok" {
		return nil, c.fail(faultf(Mistake, "reset was answered %s; it has to succeed", a.Status))
	}
	return a, err
}

// send makes a request. The fields that every request has are set here.
func (c *conn) send(s *session, m *Message) *call { return c.sendAs(s, m, false) }

func (c *conn) sendAs(s *session, m *Message, probe bool) *call {
	shape, known := RequestShape(m.Do)
	if !known {
		panic("adapter: there is no request " + m.Do)
	}
	m.Has |= set(FID, FDo)
	x, _ := c.free.Get().(*call)
	if x == nil {
		x = &call{done: make(chan struct{}, 1)}
	}
	x.shape, x.session, x.probe, x.data = shape, s, probe, len(m.Data)
	if m.Do == "wait" || m.Do == "wait-ready" {
		if m.Timeout < 0 {
			x.forever = true
		} else if m.Timeout > 0 {
			x.due = time.Now().Add(time.Duration(m.Timeout) * time.Millisecond)
		}
	}
	c.mu.Lock()
	c.next++
	m.ID = c.next
	x.id = m.ID
	c.calls[m.ID] = x
	c.out.add(m)
	c.mu.Unlock()
	c.out.stir()
	return x
}

// do makes a request of a case and waits for the answer. Where there is none any more, the calling thread ends: its call stays open in the trace, because
// nobody knows whether it took effect.
func (c *conn) do(s *session, m *Message) Message {
	x := c.send(s, m)
	select {
	case <-x.done:
	case <-s.dead:
		runtime.Goexit()
	}
	a := x.answer
	*x = call{done: x.done}
	c.free.Put(x)
	return a
}

// fail ends the process and gives the case up.
func (c *conn) fail(f *Fault) *Fault {
	c.mu.Lock()
	if c.fault != nil {
		f = c.fault
		c.mu.Unlock()
		<-c.dead
		return f
	}
	if f.Pending == "" {
		f.Pending = c.pending()
	}
	c.fault = f
	s := c.now
	c.mu.Unlock()
	if f.Kind == Crash { // it may be about to say why
		c.proc.fate()
	}
	c.proc.kill()
	f.explain(c.proc.log.String())
	close(c.dead)
	if s != nil {
		s.fail(f)
	}
	return f
}

// pending names the requests that have no answer.
func (c *conn) pending() string {
	var ids []int64
	for id, x := range c.calls {
		if id > c.lapsed && !x.probe {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	var names []string
	for _, id := range ids[:min(len(ids), 4)] {
		names = append(names, fmt.Sprintf("%s (request %d)", c.calls[id].shape.Name, id))
	}
	if len(ids) > 4 {
		names = append(names, fmt.Sprintf("%d more", len(ids)-4))
	}
	return strings.Join(names, ", ")
}

// read takes what the adapter says until it says something wrong, or nothing more.
func (c *conn) read() {
	var line []byte
	var messages []Message
	for {
		var err error
		if line, err = c.proc.line(line); err != nil {
			c.fail(c.ended(line, err))
			return
		}
		if c.tap != nil {
			c.tap(false, line)
		}
		if messages, err = appendLine(messages[:0], line); err != nil {
			c.fail(faultf(Garbage, "it wrote a line that is no message, %v: %s", err, shown(line, 120)))
			return
		}
		if len(messages) == 0 {
			c.fail(faultf(Garbage, "it wrote an empty array"))
			return
		}
		for i := range messages {
			if f := c.take(&messages[i]); f != nil {
				f.Said += ": " + shown(line, 200)
				c.fail(f)
				return
			}
		}
		clear(messages)
	}
}

// ended tells why there are no more lines.
func (c *conn) ended(rest []byte, err error) *Fault {
	switch {
	case errors.Is(err, errLong):
		return faultf(Flood, "it wrote a line longer than %d MiB, which begins %s", MaxLine>>20, shown(rest, 60))
	case errors.Is(err, io.EOF) && len(rest) > 0:
		return faultf(Crash, "its output ended in the middle of a line: %s; %s", shown(rest, 120), c.proc.fate())
	case errors.Is(err, io.EOF):
		return faultf(Crash, "its output ended; %s", c.proc.fate())
	}
	return faultf(Crash, "its output cannot be read: %v; %s", err, c.proc.fate())
}

// take takes one message of the adapter.
func (c *conn) take(m *Message) *Fault {
	if m.Has.Contains(FDo) {
		return c.delivered(m)
	}
	if !m.Has.Contains(FID) {
		return faultf(Mistake, `it wrote a message without "id"`)
	}
	c.mu.Lock()
	x := c.calls[m.ID]
	if x == nil || m.ID <= c.lapsed {
		f := faultf(Mistake, "it answered request %d, which nobody has made", m.ID)
		if m.ID <= c.next && m.ID > 0 {
			f = faultf(Mistake, "it answered request %d a second time", m.ID)
		}
		if m.ID < c.lapsed {
			f = faultf(Mistake, "it answered request %d behind the answer of a later reset, by which it had lapsed", m.ID)
		}
		c.mu.Unlock()
		return f
	}
	delete(c.calls, m.ID)
	if x.shape.Name == "reset" {
		c.lapsed = m.ID
		if c.now != nil {
			c.now.over = true
		}
		for id := range c.calls {
			if id < m.ID {
				delete(c.calls, id)
			}
		}
	}
	c.mu.Unlock()
	if err := x.shape.Answer.Check(m); err != nil {
		return faultf(Mistake, "its answer to %s is not as it should be: %v", x.shape.Name, err)
	}
	x.answer = *m
	x.done <- struct{}{}
	return nil
}

func (c *conn) delivered(m *Message) *Fault {
	if m.Do != Deliver.Name {
		return faultf(Mistake, "it wrote a request; all that it may say unasked is %q", Deliver.Name)
	}
	if err := Deliver.Check(m); err != nil {
		return faultf(Mistake, "deliver is not as it should be: %v", err)
	}
	c.mu.Lock()
	s := c.now
	over := s == nil || s.over || s.deliver == nil
	c.mu.Unlock()
	switch {
	case over:
		return faultf(Mistake, "it delivered packets of port %d, and no case is under way", m.Port)
	case s.failure() != nil:
		return nil // the case has been given up, and is not reset yet
	}
	return s.deliver(m)
}

// write passes requests on. Those that have come together go out in one call.
func (c *conn) write() {
	var b []byte
	for {
		select {
		case <-c.out.wake:
		case <-c.dead:
			return
		}
		for {
			if b = c.out.swap(b, &c.mu); len(b) == 0 {
				break
			}
			if c.tap != nil {
				c.tap(true, b)
			}
			if _, err := c.proc.in.Write(b); err != nil {
				// Whatever made it do that shows at its output first, if it has ended.
				if !c.proc.await(c.dead, grace) {
					c.fail(faultf(Crash, "its input cannot be written to: %v; %s", err, c.proc.fate()))
				}
				return
			}
		}
	}
}

// outbox is what is to be written.
type outbox struct {
	b     []byte // messages, each ended by a line end
	marks []int  // where each ends
	batch int    // how many messages may stand in a line; 0 is one
	wake  chan struct{}
}

func (o *outbox) add(m *Message) {
	o.b = append(m.Append(o.b), '\n')
	o.marks = append(o.marks, len(o.b))
}

func (o *outbox) stir() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// swap takes what is there and leaves b to be filled.
func (o *outbox) swap(b []byte, mu *sync.Mutex) []byte {
	mu.Lock()
	defer mu.Unlock()
	got := o.b
	o.b = b[:0]
	if o.batch > 1 && len(o.marks) > 1 {
		got = inLines(o.b, got, o.marks, o.batch)
		o.b = nil
	}
	o.marks = o.marks[:0]
	return got
}

// inLines puts messages together into arrays of at most batch, in lines that are no longer than an adapter has to take.
func inLines(to, b []byte, marks []int, batch int) []byte {
	from := 0
	for len(marks) > 0 {
		n := 1
		for n < min(batch, len(marks)) && marks[n]-from+len("[]") <= MaxLine {
			n++
		}
		to = append(to, '[')
		for i, at := range marks[:n] {
			if i > 0 {
				to = append(to, ',')
			}
			to = append(to, b[from:at-1]...)
			from = at
		}
		to = append(to, ']', '\n')
		marks = marks[n:]
	}
	return to
}
