package adapter

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"

	"github.com/ioconform/ioconform/spec"
)

// Options tell how adapters are run.
type Options struct {
	// World makes the world of a case: the real one, on this machine. The back end of what it returns is not looked at.
	World func() (*spec.Instance, error)
	// Processes is how many adapters there are, and so how many cases are run at once; 0 is four times the processors, eight at most.
	Processes int

	tap func(sent bool, line []byte) // sees every line
}

// Pool is a number of processes of one adapter, each of which serves one case at a time. A process that was lost is replaced when the next case wants
// one.
type Pool struct {
	argv  []string
	world func() (*spec.Instance, error)
	about spec.About
	size  int
	tap   func(sent bool, line []byte)
	own   *spec.Instance // whose canary measures what is done outside cases
	free  chan *conn     // nil: to be started

	mu     sync.Mutex
	failed int // starts that failed in a row
}

// Start starts the adapters. The error tells why there is none that could be used; then no process is left. Every process that forks holds the
// descriptors of all others open until it executes: start adapters before cases run in this process on the real kernel.
func Start(argv []string, o Options) (*Pool, error) {
	if len(argv) == 0 {
		return nil, errors.New("the adapter has no command")
	}
	p := &Pool{argv: argv, world: o.World, size: o.Processes, tap: o.tap}
	if p.size <= 0 {
		p.size = min(4*runtime.GOMAXPROCS(0), 8)
	}
	p.free = make(chan *conn, p.size)
	var err error
	if p.own, err = o.World(); err != nil {
		return nil, err
	}
	first, err := open(argv, p.own.World, p.tap)
	if err != nil {
		return nil, errors.Join(p.named(err), p.own.Close())
	}
	p.about = first.about
	p.free <- first
	var others sync.WaitGroup
	errs := make([]error, p.size)
	for i := 1; i < p.size; i++ {
		others.Go(func() {
			c, err := p.another()
			errs[i] = err
			p.free <- c
		})
	}
	others.Wait()
	for _, err := range errs {
		if err != nil {
			p.Close()
			return nil, p.named(err)
		}
	}
	return p, nil
}

func (p *Pool) named(err error) error {
	return fmt.Errorf("adapter %s: %w", strings.Join(p.argv, " "), err)
}

// another starts one more process, which has to say what the first has said.
func (p *Pool) another() (*conn, error) {
	c, err := open(p.argv, p.own.World, p.tap)
	if err != nil {
		return nil, err
	}
	if !sameAbout(&c.about, &p.about) {
		return nil, c.fail(faultf(Lie, "one process declares other things than another: %+v and %+v", c.about, p.about))
	}
	return c, nil
}

// About is what the adapter declares.
func (p *Pool) About() spec.About { return p.about }

// Size is how many cases it can serve at once.
func (p *Pool) Size() int { return p.size }

// Target is the back end behind the adapter.
func (p *Pool) Target() *spec.Target { return &spec.Target{About: p.about, Open: p.open} }

// Close ends the adapters. No case may be under way. The error tells of one that ended otherwise than it should.
func (p *Pool) Close() error {
	var all sync.WaitGroup
	errs := make([]error, p.size)
	for i := range p.size {
		c := <-p.free
		if c == nil {
			continue
		}
		all.Go(func() { errs[i] = c.close() })
	}
	all.Wait()
	errs = append(errs, p.own.Close())
	for _, err := range errs {
		if err != nil {
			return p.named(err)
		}
	}
	return nil
}

// close ends a process that is of no more use. How it ends is part of what it has to do: a checker of memory speaks then.
func (c *conn) close() error {
	c.mu.Lock()
	lost := c.fault != nil
	if !lost {
		c.fault = faultf(Crash, "it was stopped")
	}
	c.mu.Unlock()
	if lost {
		<-c.dead
		return nil
	}
	defer close(c.dead)
	if err := c.proc.stop(); err != nil {
		return faultAt(Crash, c.proc.log.String(), "when its input ended it ended with %v instead of exit status 0", err)
	}
	return nil
}

func faultAt(k Kind, log, format string, args ...any) *Fault {
	f := faultf(k, format, args...)
	f.explain(log)
	return f
}

// lost returns what ended the process, once it is gone; nil while it is of use.
func (c *conn) lost() *Fault {
	c.mu.Lock()
	f := c.fault
	c.mu.Unlock()
	if f != nil {
		<-c.dead
	}
	return f
}

// mostStarts is how many starts in a row may fail before no more are tried.
const mostStarts = 3

// take returns a process that lives.
func (p *Pool) take() (*conn, error) {
	c := <-p.free
	if c != nil {
		f := c.lost()
		if f == nil {
			return c, nil
		}
		p.free <- nil
		return nil, fmt.Errorf("between two cases: %w", f)
	}
	p.mu.Lock()
	failed := p.failed
	p.mu.Unlock()
	if failed >= mostStarts {
		p.free <- nil
		return nil, fmt.Errorf("the adapter could not be started again, %d times in a row", failed)
	}
	c, err := p.another()
	p.mu.Lock()
	p.failed++
	if err == nil {
		p.failed = 0
	}
	p.mu.Unlock()
	if err != nil {
		p.free <- nil
		return nil, err
	}
	return c, nil
}

// open is what a target opens: a world, and in it a back end that is a process.
func (p *Pool) open() (*spec.Instance, error) {
	c, err := p.take()
	if err != nil {
		return nil, err
	}
	in, err := p.world()
	if err != nil {
		p.free <- c
		return nil, err
	}
	var once sync.Once
	var failed error
	shut := func() error {
		once.Do(func() { failed = in.Close() })
		return failed
	}
	s := &session{world: in.World, dead: make(chan struct{}), end: func() { shut() }}
	b := &backend{conn: c, session: s, about: &p.about}
	s.deliver = b.deliver
	c.proc.log.clear()
	stop := sync.OnceFunc(c.enter(s))
	var told error // the case was, of a fault
	far := &spec.Instance{
		World: farWorld{in.World, b}, Backend: b,
		Run: func(program func()) error {
			err := in.Run(program)
			stop()
			if told = s.failure(); told != nil {
				return told
			}
			return err
		},
		Close: func() error {
			err := shut()
			stop()
			// Whoever is still in a call ends there.
			s.fail(faultf(Unable, "the case is over"))
			// What is said behind the answer of the reset may come before the case has ended.
			if f := c.lost(); f != nil && told == error(f) {
				p.free <- nil
				return err
			}
			if !b.closed {
				_, fault := c.reset(p.own.World)
				if fault != nil {
					p.free <- nil
					return err
				}
			}
			p.free <- c
			return err
		},
	}
	if p.about.Can(spec.CanPoll) {
		far.Backend, far.Ready = nil, readyBackend{b}
	}
	return far, nil
}

// farWorld is a world whose back end is in another process: to settle takes that process too.
type farWorld struct {
	spec.World
	b *backend
}

// turns is how often the process is asked whether it is there: an event loop takes a turn each, and a few to get from a descriptor that is ready to a packet.
const turns = 4

// Settle implements spec.World.
func (w farWorld) Settle() (rounds int) {
	rounds = w.World.Settle()
	for range turns {
		m := Message{Do: "ping"}
		w.b.do(&m)
	}
	return rounds
}
