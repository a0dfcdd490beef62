package netconn

import "io"

// receiver is what a connection reads with. Everything but the deadline belongs to whoever holds the turn.
type receiver struct {
	operation
	turn     turn
	deadline deadline
	posted   bool   // the receive is outstanding, or its packet is in the channel; Buf is not ours
	unread   []byte // of Buf
	end      error  // what follows the unread
}

// Read implements net.Conn.
func (c *Conn) Read(b []byte) (int, error) {
	n, err := c.read(b)
	if err == io.EOF {
		return n, err
	}
	return n, c.said("read", err)
}

func (c *Conn) read(b []byte) (int, error) {
	r := &c.in
	if err := c.take(r.turn, &r.deadline); err != nil {
		return 0, err
	}
	defer r.turn.give()
	if len(b) == 0 {
		return 0, nil
	}
	for len(r.unread) == 0 {
		if err := r.receive(); err != nil {
			return 0, err
		}
	}
	n := copy(b, r.unread)
	r.unread = r.unread[n:]
	return n, nil
}

// receive waits for more, from a receive that an earlier Read has left outstanding, or from one that it posts. What the stream came to, it
// returns ever after.
func (r *receiver) receive() error {
	if r.end != nil {
		return r.end
	}
	if !r.posted {
		if r.Buf == nil {
			r.Buf = make([]byte, bufferSize)
		}
		if err := r.start(); err != nil {
			return err
		}
		r.posted = true
	}
	p, err := r.await(&r.deadline)
	if err != nil {
		return err
	}
	r.posted = false
	r.unread = r.Buf[:p.N]
	switch {
	case !p.Status.Ok():
		r.end = &Error{p.Status}
	case p.N == 0:
		r.end = io.EOF
	}
	return nil
}
