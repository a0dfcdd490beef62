//go:build linux

package simnet

// diffProgram draws a program by running it on the simulator.
func diffProgram(w *World, seed uint64, length int) []diffCall {
	rnd, serial := wyrand(seed), uint64(0)
	var calls []diffCall
	w.Reset(Dull())
	out := w.Run(func() {
		k := w.NewKernel()
		step := func(c diffCall) {
			c.want = c.do(k)
			calls = append(calls, c)
			w.Settle()
		}
		for _, c := range beginning(&rnd) {
			step(c)
		}
		if rnd.below(2) == 0 {
			for range 1 + rnd.below(3) {
				step(diffCall{name: "epoll_create"})
			}
			if rnd.below(8) == 0 { // deep nesting
				for range 5 {
					step(diffCall{name: "epoll_create"})
				}
				for range length / 4 {
					d := newDraw(k, &rnd, &serial)
					step(diffCall{name: "epoll_ctl", fd: d.one(d.eps), a: d.one(d.eps), b: int(IN), data: EpollAdd << 32})
				}
			}
			for range length / 4 {
				d := newDraw(k, &rnd, &serial)
				if c, ok := d.epoll(); ok && c.name == "epoll_ctl" {
					step(c)
				}
			}
		}
		for range length {
			d := newDraw(k, &rnd, &serial)
			if c, ok := d.call(); ok {
				step(c)
			}
		}
	})
	if !out.OK() {
		panic(out.String())
	}
	return calls
}

// beginning is a listener and one connection, or two UDP sockets, else most programs are about
// nothing.
func beginning(rnd *wyrand) []diffCall {
	family, own := 4, 0
	if rnd.below(4) == 0 {
		family, own = 6, 3
	}
	if rnd.below(2) == 0 {
		calls := []diffCall{
			{name: "socket-dgram", a: family},
			{name: "bind", fd: 3, a: own},
			{name: "epoll_create"},
			{name: "socket-dgram", a: family},
			{name: "bind", fd: 5, a: own + rnd.below(2)},
		}
		if rnd.below(2) == 0 {
			calls = append(calls, diffCall{name: "connect", fd: 5, a: 3}, diffCall{name: "connect", fd: 3, a: 5})
		}
		return calls
	}
	calls := []diffCall{
		{name: "socket", a: family},
		{name: "bind", fd: 3, a: own},
		{name: "listen", fd: 3, a: rnd.below(3)},
		{name: "epoll_create"},
		{name: "socket", a: family},
	}
	if rnd.below(2) == 0 {
		calls = append(calls, diffCall{name: "connect", fd: 5, a: 3}, diffCall{name: "accept", fd: 3})
	}
	return calls
}

// draw makes up the next call from what is open. What it avoids, and why:
//   - connecting a TCP socket to itself: simultaneous open is not modelled;
//   - binding a TCP socket to an address other than a listener's: without SO_REUSEADDR connections and
//     TIME_WAIT are in the way on Linux, with it two sockets that do not listen may share an address;
//   - binding a UDP socket to the port of a TCP one: other programs run beside this one and may have it;
//   - connect with no address on TCP (tcp_disconnect): not modelled;
//   - multicast, broadcast and link-local destinations: which of them there are depends on the machine;
//   - datagrams long enough to fill a buffer: Linux charges a few hundred bytes for each on top;
//   - read and write of event counters on other files, which Linux allows for sockets;
//   - using the address of a socket that has none;
//   - shutting down a TCP socket watched by an epoll instance that watches others too, directly or
//     through other instances: loopback delivers FIN and RST inside the call, before the call's own
//     edge, so a peer comes first in the ready list; on a network it comes later.
type draw struct {
	k      *Kernel
	rnd    *wyrand
	serial *uint64

	streams, dgrams, socks, listeners, bound, boundDgrams, eps, evs, all []int
}

func newDraw(k *Kernel, rnd *wyrand, serial *uint64) *draw {
	d := &draw{k: k, rnd: rnd, serial: serial}
	for fd, f := range k.files {
		if f == nil {
			continue
		}
		d.all = append(d.all, fd)
		switch {
		case f.ep != nil:
			d.eps = append(d.eps, fd)
		case f.ev != nil:
			d.evs = append(d.evs, fd)
		case f.sock.udp:
			d.dgrams = append(d.dgrams, fd)
			if f.sock.hasPort {
				d.boundDgrams = append(d.boundDgrams, fd)
			}
		default:
			d.streams = append(d.streams, fd)
			if f.sock.state == tcpListen {
				d.listeners = append(d.listeners, fd)
			}
			if f.sock.hasPort {
				d.bound = append(d.bound, fd)
			}
		}
	}
	d.socks = append(append(d.socks, d.streams...), d.dgrams...)
	return d
}

const diffFiles = 11 // about as many are open at once

// one draws from a list, and now and then anything: open, closed or never used.
func (d *draw) one(list []int) int {
	if len(list) == 0 || d.rnd.below(200) == 0 {
		return firstDescriptor + d.rnd.below(diffFiles+1)
	}
	return list[d.rnd.below(len(list))]
}

func (d *draw) sock(fd int) *Sock {
	if f := d.k.file(fd); f != nil {
		return f.sock
	}
	return nil
}

func (d *draw) family() int { return [...]int{4, 4, 4, 6}[d.rnd.below(4)] }

// addr draws an index of diffAddrs for a socket: mostly of its family.
func (d *draw) addr(s *Sock) int {
	switch {
	case d.rnd.below(20) == 0:
		return d.rnd.below(len(diffAddrs))
	case s != nil && s.v6:
		return 3
	}
	return 0
}

func (d *draw) call() (diffCall, bool) {
	switch p := d.rnd.below(100); {
	case p < 10:
		return d.open()
	case p < 32:
		return d.stream()
	case p < 58:
		return d.datagram()
	case p < 65:
		return d.either()
	case p < 97:
		return d.epoll()
	case len(d.evs) == 0:
		return diffCall{}, false
	case p < 98:
		return diffCall{name: "event_read", fd: d.evs[d.rnd.below(len(d.evs))]}, true
	}
	amount := [...]uint64{0, 1, 5, 1<<64 - 2, 1<<64 - 1}[d.rnd.below(5)]
	return diffCall{name: "event_write", fd: d.evs[d.rnd.below(len(d.evs))], data: amount}, true
}

// open opens, duplicates or closes.
func (d *draw) open() (diffCall, bool) {
	room := len(d.all) < diffFiles
	switch p := d.rnd.below(10); {
	case p < 2 && room:
		return diffCall{name: "socket", a: d.family()}, true
	case p < 4 && room:
		return diffCall{name: "socket-dgram", a: d.family()}, true
	case p < 5 && len(d.eps) < 6:
		return diffCall{name: "epoll_create"}, true
	case p < 6 && len(d.evs) < 2:
		return diffCall{name: "eventfd"}, true
	case p < 7 && room:
		return diffCall{name: "dup", fd: d.one(d.all)}, true
	case p < 9:
		return diffCall{name: "close", fd: d.one(d.all)}, true
	}
	return diffCall{}, false
}

// stream is a call about TCP, most of the time on a TCP socket.
func (d *draw) stream() (diffCall, bool) {
	fd := d.one(d.streams)
	s := d.sock(fd)
	if s != nil && s.udp {
		s = nil
	}
	switch p := d.rnd.below(44); {
	case p < 1 && s != nil && !s.v6:
		return diffCall{name: "bind", fd: fd, a: [...]int{0, 0, 0, 3, 5}[d.rnd.below(5)]}, true
	case p < 2 && s != nil && s.v6:
		return diffCall{name: "bind", fd: fd, a: [...]int{3, 3, 3, 0, 5}[d.rnd.below(5)]}, true
	case p < 3 && len(d.listeners) > 0 && s != nil:
		return diffCall{name: "bind-taken", fd: fd, a: d.listeners[0]}, true
	case p < 5:
		return diffCall{name: "listen", fd: fd, a: d.rnd.below(3)}, true
	case p < 14:
		if d.rnd.below(10) > 0 && len(d.listeners) > 0 {
			fd = d.listeners[d.rnd.below(len(d.listeners))]
		}
		return diffCall{name: "accept", fd: fd}, true
	case p < 22:
		to := d.bound
		if d.rnd.below(4) > 0 {
			to = d.listeners
		}
		if len(to) == 0 || s == nil {
			return diffCall{}, false
		}
		target := to[d.rnd.below(len(to))]
		if s == d.sock(target) {
			return diffCall{}, false
		}
		return diffCall{name: "connect", fd: fd, a: target}, true
	case p < 32:
		return diffCall{name: "recv", fd: fd, a: d.rnd.below(9)}, true
	case p < 41:
		return diffCall{name: "send", fd: fd, a: 1 + d.rnd.below(6), b: d.rnd.below(20)}, true
	case s != nil && d.sharedWatch(s.interests):
		return diffCall{}, false
	}
	return diffCall{name: "shutdown", fd: fd, a: d.rnd.below(3)}, true
}

// sharedWatch reports whether an instance that hears of a socket watches something else, too.
func (d *draw) sharedWatch(q pollQueue) bool {
	for _, it := range q {
		if len(it.ep.interests) > 1 || d.sharedWatch(it.ep.pollers) {
			return true
		}
	}
	return len(q) > 1 // an instance further out may hear of it twice
}
