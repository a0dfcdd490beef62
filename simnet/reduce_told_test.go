package simnet

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// The programs in which two calls meet in something that each of them has to tell of. A reduced search has to show what a plain one does.
var told = map[string]func(r *toldRun){
	"two set linger": func(r *toldRun) {
		s, c := r.pair()
		r.beside(
			func() string { return fmt.Sprint(r.k.SetLinger(c, 0)) },
			func() string { return fmt.Sprint(r.k.SetLinger(c, -1)) },
		)
		r.k.Close(c)
		r.w.Settle()
		r.recv(s)
	},
	"a send and a receive take the error": func(r *toldRun) {
		s, c := r.pair()
		r.k.SetLinger(s, 0)
		r.k.Close(s)
		r.w.Settle()
		r.beside(
			func() string { n, e := r.k.Send(c, []byte("a")); return fmt.Sprint(n, Errno(e)) },
			func() string { n, e := r.k.Recv(c, make([]byte, 1)); return fmt.Sprint(n, Errno(e)) },
		)
	},
	"data for one that receives no more": func(r *toldRun) {
		s, c := r.pair()
		r.k.Shutdown(c, 2)
		r.w.Settle()
		r.k.Send(s, []byte("abc"))
		r.beside(
			func() string { return fmt.Sprint(r.k.RemoteAddr(c)) },
			func() string { return fmt.Sprint(r.k.SocketError(c)) },
		)
	},
	"a connect at some time": func(r *toldRun) {
		l := r.full()
		c, _ := r.k.Socket(4)
		r.w.Settle()
		r.w.Go("connect", func() { r.k.Connect(c, on(81)) })
		r.w.Sleep(time.Millisecond)
		r.shown = append(r.shown, fmt.Sprint(r.k.LocalAddr(c)))
		r.w.Settle()
		r.k.Accept(l)
		ep, _ := r.k.EpollCreate()
		r.k.EpollCtl(ep, EpollAdd, c, uint32(OUT), 0)
		r.k.EpollWait(ep, make([]uint64, 1), make([]uint32, 1), -1) // for the SYN that comes again
		r.shown = append(r.shown, r.w.Now().String())
	},
	"how many wait in a queue": func(r *toldRun) {
		q := r.w.NewWaitQueue(FIFO)
		park := func() string { return fmt.Sprint(q.Park(Call{Format: "Park"}, time.Second)) }
		r.beside(park, park, func() string { r.w.StepOn(); return fmt.Sprint(q.Len()) })
	},
	"how many wait for a condition": func(r *toldRun) {
		m := r.w.NewMutex()
		c := r.w.NewCond(m)
		wait := func() string { m.Lock(); defer m.Unlock(); return fmt.Sprint(c.WaitTimeout(time.Second)) }
		r.beside(wait, wait, func() string { r.w.StepOn(); return fmt.Sprint(c.Waiting()) })
	},
	"a wake of one that does not wait yet": func(r *toldRun) {
		q := r.w.NewWaitQueue(FIFO)
		var t *Thread
		park := func() string { t = r.w.Current(); return fmt.Sprint(q.Park(Call{Format: "Park"}, time.Second)) }
		r.beside(park, park, func() string { r.w.StepOn(); return fmt.Sprint(t != nil && q.Wake(t)) })
	},
	"who is next in a queue": func(r *toldRun) {
		q := r.w.NewWaitQueue(FIFO)
		park := func() string { return fmt.Sprint(q.Park(Call{Format: "Park"}, time.Second)) }
		r.beside(park, park, func() string { r.w.StepOn(); return fmt.Sprint(q.Next() != nil) })
	},
	"a connect gives up": func(r *toldRun) {
		r.full()
		r.w.Settle()
		c, _ := r.k.Socket(4)
		r.k.Connect(c, on(81))
		r.w.Sleep(126*time.Second + 999*time.Millisecond)
		r.beside(
			func() string { n, e := r.k.Send(c, []byte("a")); return fmt.Sprint(n, Errno(e)) },
			func() string { r.w.Step(); return "" },
			func() string { r.w.Sleep(2 * time.Millisecond); return "" },
		)
		r.shown = append(r.shown, fmt.Sprint(r.k.SocketError(c)))
	},
	"an accept beside a listen": func(r *toldRun) {
		l := r.w.NewSock()
		l.Bind(on(80))
		r.beside(
			func() string { r.w.Step(); _, e := l.Accept(); r.w.Step(); return e.Error() },
			func() string { r.w.Step(); return l.Listen(1).Error() },
		)
	},
	"two connects of a socket": func(r *toldRun) {
		r.pair()
		c := r.w.NewSock()
		c.Connect(on(80))
		r.beside(
			func() string { r.w.Step(); return c.Connect(on(80)).Error() },
			func() string { r.w.Step(); return c.Connect(on(80)).Error() },
		)
	},
	"a bind beside a listen": func(r *toldRun) {
		s := r.w.NewSock()
		r.beside(
			func() string { r.w.Step(); e := s.Bind(on(80)); r.w.Step(); return e.Error() },
			func() string { r.w.Step(); e := s.Listen(1); r.w.Step(); return e.Error() },
		)
	},
	"a wait ends on an instance that is closed": func(r *toldRun) {
		s, c := r.pair()
		ep, _ := r.k.EpollCreate()
		r.k.EpollCtl(ep, EpollAdd, c, uint32(IN), 7)
		r.w.Go("wait", func() {
			n, e := r.k.EpollWait(ep, make([]uint64, 1), make([]uint32, 1), 5)
			r.w.Step()
			r.shown = append(r.shown, fmt.Sprint(n, Errno(e), r.w.Now()))
		})
		r.w.Yield()
		r.k.Close(ep)
		r.k.Send(s, []byte("a"))
		r.w.Settle()
	},
}

type toldRun struct {
	w     *World
	k     *Kernel
	shown []string
}

// full returns a listener at port 81 that has room for no more than the connection that is being made to it.
func (r *toldRun) full() (l int) {
	l, _ = r.k.Socket(4)
	r.k.Bind(l, on(81))
	r.k.Listen(l, 0)
	first, _ := r.k.Socket(4)
	r.k.Connect(first, on(81))
	return l
}

// pair returns the ends of a connection, that which accepted first.
func (r *toldRun) pair() (s, c int) {
	l, _ := r.k.Socket(4)
	r.k.Bind(l, on(80))
	r.k.Listen(l, 1)
	c, _ = r.k.Socket(4)
	r.k.Connect(c, on(80))
	r.w.Settle()
	s, _, _ = r.k.Accept(l)
	return s, c
}

func (r *toldRun) recv(fd int) {
	n, e := r.k.Recv(fd, make([]byte, 8))
	r.shown = append(r.shown, fmt.Sprint(n, Errno(e)))
}

// beside makes calls in threads of their own, and waits until the world is quiet.
func (r *toldRun) beside(calls ...func() string) {
	at := len(r.shown)
	r.shown = append(r.shown, make([]string, len(calls))...)
	for i, call := range calls {
		r.w.Go("t", func() { r.shown[at+i] = call() })
	}
	r.w.Settle()
	for range 2 { // whoever was the last to go on: here the state is met again
		r.w.Go("idle", r.w.Step)
	}
	r.w.Settle()
}

func (r *toldRun) observe(o Outcome) string {
	return o.Verdict.String() + ": " + strings.Join(r.shown, "|")
}

func TestCallsTellWhatTheyMeetIn(t *testing.T) {
	for name, body := range told {
		program := func(w *World) (func(), func(Outcome) string) {
			r := &toldRun{w: w}
			return func() {
				r.k, r.shown = w.NewKernel(), nil
				body(r)
			}, r.observe
		}
		for bound := range 4 {
			for kind, search := range []*Search{NewDelaySearch(bound), NewPreemptionSearch(bound), NewPreemptionSearch(bound).Charge(KindThread)} {
				again := *search
				plain := searchAll(t, Options{NoSegment: true}, &again, program)
				reduced := searchAll(t, Options{NoSegment: true}, search.Reduce(), program)
				if plain.schedules != reduced.schedules || fmt.Sprint(plain.shown) != fmt.Sprint(reduced.shown) {
					t.Errorf("%s, search %d, bound %d: plain shows %v of %d schedules, reduced %v of %d", name, kind, bound, plain.shown, plain.schedules,
						reduced.shown, reduced.schedules)
				}
			}
		}
	}
}

// A search makes as many runs in a world that has had many links as in a new one.
func TestASearchDoesNotDependOnWhatTheWorldWasUsedFor(t *testing.T) {
	search := func(used bool) (runs, leftOut int) {
		w := New(Options{NoSegment: true})
		defer w.Close()
		if used {
			w.Run(func() {
				for port := range uint16(80) {
					l, c := w.NewSock(), w.NewSock()
					l.Bind(on(port + 1))
					l.Listen(1)
					c.Connect(on(port + 1))
				}
				w.Settle()
			})
		}
		main, _ := reducible["echo"](w)
		s := NewDelaySearch(2).Reduce()
		for s.Next() {
			w.Reset(s)
			w.Run(main)
		}
		return s.Runs(), s.LeftOut()
	}
	runs, leftOut := search(false)
	if r, l := search(true); r != runs || l != leftOut {
		t.Errorf("%d runs and %d left out, %d and %d in a world that had many links", runs, leftOut, r, l)
	}
}
