package simnet

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ioconform/ioconform/simnet/simtest"
)

// drawnCalls is a program that is drawn: what main does first, one thing after another, and then what each of some threads does beside the others, to the same descriptors.
// Each writes down what its own calls came to, so that whatever a run shows comes of what the world knows to be shared.
type drawnCalls struct {
	before  []drawnCall
	threads [][]drawnCall
}

type drawnCall struct{ what, a, b int }

func (c drawnCall) String() string {
	return fmt.Sprintf("%s(%d,%d)", drawnWhat[c.what].name, c.a, c.b)
}

func (p drawnCalls) String() string { return fmt.Sprint(p.before, " then ", p.threads) }

// drawnWorld is what the calls of a run are made on.
type drawnWorld struct {
	w          *World
	k          *Kernel
	fds        []int // listener, client, server, two epoll instances, a counter, two UDP sockets, a listener nobody has connected to, a socket
	mutex      *Mutex
	cond       *Cond
	semaphore  *Semaphore
	addr, full netip.AddrPort
	udp        [2]netip.AddrPort
}

var drawnEvents = [...]Ready{IN | OUT | RDHUP | ET, IN | RDHUP, IN | ONESHOT, OUT | ET, IN | EXCLUSIVE, IN | ET | EXCLUSIVE, 0, IN | OUT | ET | ONESHOT}

// drawnWhat are the calls there are, for a thread of a drawn program; they return what they came to.
var drawnWhat = []struct {
	name string
	call func(d *drawnWorld, a, b int) string
}{
	{"recv", func(d *drawnWorld, a, b int) string {
		var buf [4]byte
		n, e := d.k.Recv(d.fds[1+a%2], buf[:1+b%4])
		return fmt.Sprint(n, Errno(e), string(buf[:n]))
	}},
	{"send", func(d *drawnWorld, a, b int) string {
		n, e := d.k.Send(d.fds[1+a%2], []byte("abcdef")[:1+b%6])
		return fmt.Sprint(n, Errno(e))
	}},
	{"shutdown", func(d *drawnWorld, a, b int) string { return fmt.Sprint(d.k.Shutdown(d.fds[a%3], b%3)) }},
	{"close", func(d *drawnWorld, a, b int) string { return fmt.Sprint(d.k.Close(d.fds[a%len(d.fds)])) }},
	{"linger", func(d *drawnWorld, a, b int) string { return fmt.Sprint(d.k.SetLinger(d.fds[a%3], b%2-1)) }},
	{"error", func(d *drawnWorld, a, b int) string { return fmt.Sprint(d.k.SocketError(d.fds[a%len(d.fds)])) }},
	{"remote", func(d *drawnWorld, a, b int) string { return fmt.Sprint(d.k.RemoteAddr(d.fds[1+a%2])) }},
	{"local", func(d *drawnWorld, a, b int) string { return fmt.Sprint(d.k.LocalAddr(d.fds[a%len(d.fds)])) }},
	{"accept", func(d *drawnWorld, a, b int) string { return fmt.Sprint(d.k.Accept(d.fds[a%2*8])) }},
	{"connect", func(d *drawnWorld, a, b int) string {
		to := d.addr
		if b%2 == 1 {
			to = d.full
		}
		return fmt.Sprint(d.k.Connect(d.fds[9], to))
	}},
	{"dup", func(d *drawnWorld, a, b int) string { return fmt.Sprint(d.k.Dup(d.fds[a%len(d.fds)])) }},
	{"socket", func(d *drawnWorld, a, b int) string { return fmt.Sprint(d.k.Socket(4)) }},
	{"ctl", func(d *drawnWorld, a, b int) string {
		ep, fd := d.fds[3+a%2], d.fds[a/2%len(d.fds)]
		return fmt.Sprint(d.k.EpollCtl(ep, 1+b%3, fd, uint32(drawnEvents[b/3%len(drawnEvents)]), uint64(fd)<<8|uint64(b)))
	}},
	{"add", func(d *drawnWorld, a, b int) string {
		ep, fd := d.fds[3+a%2], d.fds[a/2%len(d.fds)]
		return fmt.Sprint(d.k.EpollCtl(ep, EpollAdd, fd, uint32(drawnEvents[b%len(drawnEvents)]), uint64(fd)<<8|uint64(b)))
	}},
	{"wait", func(d *drawnWorld, a, b int) string {
		var data [3]uint64
		var ready [3]uint32
		n, e := d.k.EpollWait(d.fds[3+a%2], data[:1+b%3], ready[:], time.Duration(b/3%3)*5)
		return fmt.Sprint(n, Errno(e), data, ready)
	}},
	{"count", func(d *drawnWorld, a, b int) string { return fmt.Sprint(d.k.EventWrite(d.fds[5], uint64(1+b%2))) }},
	{"uncount", func(d *drawnWorld, a, b int) string { return fmt.Sprint(d.k.EventRead(d.fds[5])) }},
	{"sendto", func(d *drawnWorld, a, b int) string {
		return fmt.Sprint(d.k.SendTo(d.fds[6+a%2], []byte("uvwx")[:b%5], d.udp[a/2%2]))
	}},
	{"recvfrom", func(d *drawnWorld, a, b int) string {
		var buf [4]byte
		n, _, from, e := d.k.RecvFrom(d.fds[6+a%2], buf[:])
		return fmt.Sprint(n, from, Errno(e), string(buf[:n]))
	}},
	{"udp connect", func(d *drawnWorld, a, b int) string {
		return fmt.Sprint(d.k.Connect(d.fds[6+a%2], []netip.AddrPort{d.udp[b%2], {}, on(4999)}[b%3]))
	}},
	{"sleep", func(d *drawnWorld, a, b int) string { d.w.Sleep(time.Duration(a % 8)); return "" }},
	{"now", func(d *drawnWorld, a, b int) string { d.w.Step(); return d.w.Now().String() }},
	{"lock", func(d *drawnWorld, a, b int) string {
		d.mutex.Lock()
		defer d.mutex.Unlock()
		if b%2 == 0 {
			return fmt.Sprint(d.cond.WaitTimeout(time.Duration(b % 7)))
		}
		return d.k.w.Now().String()
	}},
	{"signal", func(d *drawnWorld, a, b int) string {
		if a%2 == 0 {
			d.cond.Signal()
		} else {
			d.cond.Broadcast()
		}
		return ""
	}},
	{"acquire", func(d *drawnWorld, a, b int) string {
		return fmt.Sprint(d.semaphore.AcquireTimeout(time.Duration(b % 4)))
	}},
	{"release", func(d *drawnWorld, a, b int) string { d.semaphore.Release(); return "" }},
	{"yield", func(d *drawnWorld, a, b int) string { d.w.Yield(); return "" }},
	{"settle", func(d *drawnWorld, a, b int) string { d.w.Settle(); return "" }},
}

// ofConnections is how many of them, from the first on, are about the connection.
const ofConnections = 8

func drawCalls(r *rand.Rand) (p drawnCalls) {
	all := r.IntN(2)
	few := make([]int, 2+r.IntN(4)) // of a program, so that calls meet
	for i := range few {
		few[i] = r.IntN(len(drawnWhat))
		if all == 0 {
			few[i] %= ofConnections
		}
	}
	where := []int{r.IntN(40), r.IntN(40)}
	draw := func(n int) (list []drawnCall) {
		for range n {
			list = append(list, drawnCall{few[r.IntN(len(few))], where[r.IntN(2)], r.IntN(40)})
		}
		return list
	}
	for range r.IntN(6) {
		c := drawnCall{r.IntN(len(drawnWhat)), r.IntN(40), r.IntN(40)}
		if r.IntN(2) == 0 {
			c = drawnCall{r.IntN(5), where[r.IntN(2)], r.IntN(40)}
		}
		p.before = append(p.before, c)
	}
	for range 2 + r.IntN(2) {
		p.threads = append(p.threads, draw(1+r.IntN(3)))
	}
	return p
}

func on(port uint16) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), port)
}

func (p drawnCalls) program(w *World) (func(), func(Outcome) string) {
	shown := make([]string, len(p.threads)+1)
	main := func() {
		clear(shown)
		k := w.NewKernel()
		d := &drawnWorld{w: w, k: k, addr: on(80), full: on(81), udp: [2]netip.AddrPort{on(90), on(91)}}
		socket := func(fd, _ int) int { d.fds = append(d.fds, fd); return fd }
		l := socket(k.Socket(4))
		k.Bind(l, d.addr)
		k.Listen(l, 1)
		c := socket(k.Socket(4))
		k.Connect(c, d.addr)
		w.Settle()
		s, _, _ := k.Accept(l)
		socket(s, 0)
		socket(k.EpollCreate())
		socket(k.EpollCreate())
		socket(k.EventFD())
		for i := range 2 {
			u := socket(k.SocketDgram(4))
			k.Bind(u, d.udp[i])
		}
		closed := socket(k.Socket(4))
		k.Bind(closed, d.full)
		k.Listen(closed, 0)
		socket(k.Socket(4))
		other, _ := k.Socket(4)
		k.Connect(other, d.full)
		w.Settle()
		d.mutex, d.semaphore = w.NewMutex(), w.NewSemaphore(0)
		d.cond = w.NewCond(d.mutex)
		for _, c := range p.before {
			if name := drawnWhat[c.what].name; name == "wait" || name == "lock" {
				continue
			}
			drawnWhat[c.what].call(d, c.a, c.b)
		}
		for i, calls := range p.threads {
			w.Go("t", func() {
				for _, c := range calls {
					shown[i] += drawnWhat[c.what].call(d, c.a, c.b) + ";"
				}
			})
		}
		w.Settle()
		for range 2 { // whoever was the last to go on: here the state is met again
			w.Go("idle", w.Step)
		}
		w.Sleep(300 * time.Second)
		var b strings.Builder
		for _, f := range k.files {
			if f != nil && f.ep == nil {
				fmt.Fprint(&b, f.ready(), " ")
			}
			if f != nil && f.sock != nil {
				var buf [8]byte
				n, e := f.sock.Peek(buf[:])
				fmt.Fprint(&b, n, e, f.sock.Remote(), " ", string(buf[:n]))
			}
		}
		shown[len(p.threads)] = b.String()
	}
	return main, func(o Outcome) string { return o.Verdict.String() + strings.Join(shown, "|") }
}

// A reduced search of drawn programs shows what the plain one does: no call reads or writes what it does not tell.
func TestAReducedSearchShowsWhatThePlainOneDoesOfDrawnCalls(t *testing.T) {
	simtest.NotRaced(t)
	n, step := uint64(1200), uint64(simtest.Every(7))
	if testing.Short() {
		n, step = 150, 1
	}
	wrong, runs, reducedRuns := 0, 0, 0
	for seed := uint64(0); seed < n; seed += step {
		p := drawCalls(rand.New(rand.NewPCG(seed, 1)))
		o := Options{NoSegment: seed%2 == 0, SndBuf: 8, RcvBuf: 8, StepCap: 400}
		if seed%5 == 0 {
			o.Net = Net{Loss: 2, Dup: 2, Reorder: 2}
		}
		bound := 1 + int(seed%2)
		search := func() *Search {
			if seed%3 == 0 {
				return NewPreemptionSearch(bound-1).Charge(KindThread, KindData, KindFault)
			}
			return NewDelaySearch(bound)
		}
		plain := searchAll(t, o, search(), p.program)
		reduced := searchAll(t, o, search().Reduce(), p.program)
		runs, reducedRuns = runs+plain.runs, reducedRuns+reduced.runs
		var lost []string
		for x := range plain.shown {
			if !reduced.shown[x] {
				lost = append(lost, x)
			}
		}
		if slices.Sort(lost); len(lost) > 0 || plain.schedules != reduced.schedules {
			if wrong++; wrong <= 6 {
				t.Errorf("seed %d, bound %d, %v:\n%d schedules, the reduced search counts %d and does not show %q of %d", seed, bound, p, plain.schedules, reduced.schedules, lost, len(plain.shown))
			}
		}
	}
	t.Logf("%d programs, %d wrong, %d runs, %d of reduced searches", n/step, wrong, runs, reducedRuns)
}
