package simnet

import "math/bits"

// network is the part of a world that holds sockets, connections and datagrams.
type network struct {
	socks    pool[Sock]
	conns    pool[conn]
	bound    []*Sock
	nextPort uint16
	datagramNetwork
}

func (w *World) resetNetwork() {
	n := &w.net
	n.socks.reset()
	n.conns.reset()
	n.bound = n.bound[:0]
	n.nextPort = firstEphemeral
	n.datagramNetwork.reset()
	clear(w.links)
	w.nlinks = 0
	w.linkEnds, w.flowEnds = w.linkEnds[:0], w.flowEnds[:0]
	w.linkFree = w.linkFree[:0]
}

// conn is one connection, or the attempt at one: two directions.
type conn struct {
	dir  [2]direction // 0 goes from the socket that connected to the one that accepted
	gone bool         // nothing in flight and both ends closed: its links are given back
}

// direction is one way of a connection, and the link on which things are in flight. Bytes are
// counted by position, read ≤ arrived ≤ written, instead of kept as segments: three numbers model
// both buffers, the window, segmentation and the unread data that turns a close into a reset.
type direction struct {
	w        *World
	conn     *conn
	object   Object
	link     int
	busy     bool // its bit in World.links
	from, to *Sock

	syn, synAck, fin, rst bool // in flight; data goes before fin
	refused               bool // met nobody: stays in the sender's buffer until the reset that answers it arrives

	data    []byte // data[read:] has been written and not read
	read    int
	arrived int // how many of those have arrived
}

func (w *World) newConn(client *Sock) *conn {
	c := w.net.conns.get()
	c.gone = false
	for i := range c.dir {
		d := &c.dir[i]
		data := d.data[:0]
		*d = direction{}
		d.w, d.conn, d.object, d.link, d.data = w, c, w.NewObject(), w.newLink(d), data
	}
	c.dir[0].from, c.dir[1].to = client, client
	return c
}

// newLink gives a number to what will have things in flight: d, or a flow if that is nil.
func (w *World) newLink(d *direction) int {
	w.numbered(len(w.linkEnds))
	w.numbered(len(w.linkFree))
	if n := len(w.linkFree); n > 0 {
		link := int(w.linkFree[n-1])
		w.linkFree = w.linkFree[:n-1]
		w.linkEnds[link] = d
		return link
	}
	link := len(w.linkEnds)
	w.linkEnds = append(w.linkEnds, d)
	if link>>6 == len(w.links) {
		w.links = append(w.links, 0)
	}
	return link
}

func (d *direction) unread() []byte { return d.data[d.read:] }

// inFlight is what the sender's buffer holds: written, and not arrived.
func (d *direction) inFlight() int { return len(d.data) - d.read - d.arrived }

// room is how many of the bytes in flight the receiver has room for.
func (d *direction) room() int {
	n := d.inFlight()
	if n == 0 || d.to == nil || d.refused {
		return 0
	}
	return max(min(n, d.w.opts.RcvBuf-d.arrived), 0)
}

func (d *direction) append(b []byte) {
	if d.read > 0 && len(d.data)+len(b) > cap(d.data) {
		d.data = d.data[:copy(d.data, d.data[d.read:])]
		d.read = 0
	}
	d.data = append(d.data, b...)
	d.update()
}

// consume takes n bytes off the front, for the receiver.
func (d *direction) consume(n int) {
	d.read += n
	d.arrived -= n
	if d.read == len(d.data) {
		d.data, d.read = d.data[:0], 0
	}
	d.update()
}

// drop forgets what is in flight, discard what has arrived, purge also what is to follow.
func (d *direction) drop() { d.data = d.data[:d.read+d.arrived] }

func (d *direction) discard() {
	d.read, d.arrived = d.read+d.arrived, 0
	if d.read == len(d.data) {
		d.data, d.read = d.data[:0], 0
	}
}

// refuse answers what is in flight with the reset that the receiver sends: nobody will take it. It is not acknowledged, so as long as the sender has
// not heard of the reset it stands in its buffer and takes up room (tcp_rcv_state_process discards it, tcp_reset in net/ipv4/tcp_input.c purges the
// write queue).
func (d *direction) refuse() {
	if d.from == nil || d.from.state == tcpClose {
		d.drop()
		return
	}
	d.refused = true
}

func (d *direction) purge() {
	d.drop()
	d.syn, d.fin = false, false
	d.update()
}

// update sets or clears the link's bit after anything that may have made it busy or idle.
func (d *direction) update() {
	busy := d.syn || d.synAck || d.rst || d.room() > 0 || d.fin && d.inFlight() == 0
	w := d.w
	if busy != d.busy {
		d.busy = busy
		w.mark(d.link, busy)
	}
	if !busy {
		d.conn.release()
	}
}

// mark makes a link that was idle busy, or the other way round.
func (w *World) mark(link int, busy bool) {
	w.links[link>>6] ^= 1 << (link & 63)
	if busy {
		w.nlinks++
	} else {
		w.nlinks--
	}
}

// release gives the links back when nothing will ever travel on them again.
func (c *conn) release() {
	if c.gone || c.dir[0].busy || c.dir[1].busy || !closedEnd(c.dir[0].from) || !closedEnd(c.dir[1].from) {
		return
	}
	c.gone = true
	w := c.dir[0].w
	w.numbered(c.dir[0].link)
	w.linkFree = append(w.linkFree, int32(c.dir[1].link), int32(c.dir[0].link))
}

func closedEnd(s *Sock) bool { return s == nil || s.state == tcpClose }

// busyLinks counts the bits, for an assertion in tests.
func (w *World) busyLinks() int {
	n := 0
	for _, word := range w.links {
		n += bits.OnesCount64(word)
	}
	return n
}
