//go:build linux

package simnet

// datagram is a call about UDP, most of the time on a UDP socket.
func (d *draw) datagram() (diffCall, bool) {
	fd := d.one(d.dgrams)
	s := d.sock(fd)
	isUDP := s != nil && s.udp
	*d.serial++
	length := d.rnd.below(7)
	if d.rnd.below(100) == 0 {
		length = [...]int{65508, 65528, 65535, 65536, 70000}[d.rnd.below(5)]
		if s == nil || !s.udp || s.v6 && length < 65528 {
			return diffCall{}, false
		}
	}
	c := diffCall{fd: fd, b: length, data: *d.serial}
	target := -1
	if len(d.boundDgrams) > 0 {
		target = d.boundDgrams[d.rnd.below(len(d.boundDgrams))]
	}
	switch p := d.rnd.below(52); {
	case p < 4:
		c.name, c.a = "bind", d.addr(s)
		if isUDP && !s.v6 && d.rnd.below(2) == 0 {
			c.a = d.rnd.below(3)
		}
		if isUDP && s.v6 && d.rnd.below(2) == 0 {
			c.a = 4
		}
		return c, isUDP
	case p < 5:
		c.name, c.a = "bind-taken", target
		return c, isUDP && target >= 0
	case p < 9:
		c.name, c.a = "connect", target
		return c, isUDP && target >= 0
	case p < 11:
		c.name, c.a = "connect-dead", d.addr(s)
		return c, isUDP
	case p < 12:
		c.name = "disconnect"
		return c, isUDP
	case p < 24:
		c.name, c.a = "sendto", target
		return c, target >= 0
	case p < 26:
		c.name, c.a = "sendto-dead", d.addr(s)
		return c, true
	case p < 34:
		c.name = "sendto-nowhere"
		return c, s == nil || s.udp || length > 0
	case p < 36:
		c.name, c.a, c.b = "send", 1+d.rnd.below(6), d.rnd.below(20)
		return c, true
	case p < 47:
		c.name, c.a = "recvfrom", d.rnd.below(9)
		return c, true
	case p < 49:
		c.name, c.a = "recv", d.rnd.below(9)
		return c, true
	case p < 50:
		c.name, c.a = "shutdown", d.rnd.below(3)
		return c, isUDP
	case p < 51:
		c.name, c.a = "listen", 1
		return c, isUDP
	}
	c.name = "accept"
	return c, isUDP
}

// either is a call that all sockets have in common.
func (d *draw) either() (diffCall, bool) {
	fd := d.one(d.socks)
	switch d.rnd.below(7) {
	case 0:
		return diffCall{name: "linger", fd: fd, a: -d.rnd.below(2)}, true
	case 1, 2:
		return diffCall{name: "local", fd: fd}, true
	case 3, 4:
		return diffCall{name: "remote", fd: fd}, true
	}
	return diffCall{name: "so_error", fd: fd}, true
}

// epoll registers or waits.
func (d *draw) epoll() (diffCall, bool) {
	if d.rnd.below(2) == 0 {
		eps := d.eps
		if d.rnd.below(3) > 0 { // one that may have something to report
			eps = nil
			for _, fd := range d.eps {
				if d.k.file(fd).ep.head != nil {
					eps = append(eps, fd)
				}
			}
			if eps == nil {
				return diffCall{}, false
			}
		}
		return diffCall{name: "epoll_wait", fd: d.one(eps), a: 1 + d.rnd.below(4)}, true
	}
	target := d.one(d.socks)
	switch d.rnd.below(8) {
	case 0, 1:
		target = d.one(d.eps)
	case 2:
		target = d.one(d.evs)
	}
	masks := [...]Ready{0, IN, OUT, RDHUP, IN, OUT, ERR, HUP}
	var mask Ready
	for range 3 {
		mask |= masks[d.rnd.below(8)]
	}
	mask |= [...]Ready{0, 0, 0, 0, ET, ET, ONESHOT, ONESHOT, ET | ONESHOT, EXCLUSIVE, EXCLUSIVE, EXCLUSIVE | ET, EXCLUSIVE | ONESHOT}[d.rnd.below(13)]
	if mask&EXCLUSIVE != 0 && d.rnd.below(3) > 0 {
		mask &^= RDHUP
	}
	op := [...]uint64{EpollAdd, EpollAdd, EpollAdd, EpollMod, EpollMod, EpollDel}[d.rnd.below(6)]
	if d.rnd.below(100) == 0 {
		op = 4
	}
	ep := d.one(d.eps)
	if f := d.k.file(ep); op != EpollAdd && f != nil && f.ep != nil && len(f.ep.interests) > 0 && d.rnd.below(4) > 0 {
		target = f.ep.interests[d.rnd.below(len(f.ep.interests))].fd
	}
	*d.serial++
	return diffCall{name: "epoll_ctl", fd: ep, a: target, b: int(int32(mask)), data: op<<32 | *d.serial}, true
}
