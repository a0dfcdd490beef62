package netconn

import (
	"errors"
	"io"
	"net"

	"github.com/ioconform/ioconform/spec"
)

// sender is what a connection writes with. Everything but the deadline belongs to whoever holds the turn.
type sender struct {
	operation
	turn     turn
	deadline deadline
	posted   bool   // the send is outstanding, or its packet is in the channel; room is not ours
	room     []byte // Buf is the part of it that has not been sent
	end      error  // why nothing can be sent any more
}

// Write implements net.Conn. Bytes that it has started to send when the deadline passes are counted, and go out; a Write that fails for another reason counts what is
// known to have been sent.
func (c *Conn) Write(b []byte) (int, error) {
	n, err := c.write(b)
	return n, c.said("write", err)
}

func (c *Conn) write(b []byte) (n int, err error) {
	w := &c.out
	if err := c.take(w.turn, &w.deadline); err != nil {
		return 0, err
	}
	defer w.turn.give()
	if _, err := w.finish(); err != nil { // what an earlier Write has left
		return 0, err
	}
	for len(b) > 0 {
		m := w.fill(b)
		if err := w.post(); err != nil {
			return n, err
		}
		unsent, err := w.finish()
		n += m - unsent
		if err != nil {
			return n, err
		}
		b = b[m:]
	}
	return n, nil
}

// fill copies what there is room for. b is the caller's again when Write returns, and the send may be outstanding for longer.
func (w *sender) fill(b []byte) int {
	if w.room == nil {
		w.room = make([]byte, bufferSize)
	}
	n := copy(w.room, b)
	w.Buf = w.room[:n]
	return n
}

func (w *sender) post() error {
	err := w.start()
	w.posted = err == nil
	return err
}

// finish waits until what was posted has been sent. It returns how much of it has not been, as far as anybody knows.
func (w *sender) finish() (unsent int, err error) {
	for w.posted {
		p, err := w.await(&w.deadline)
		switch {
		case errors.Is(err, net.ErrClosed):
			return len(w.Buf), err // it has been ended before its time
		case err != nil:
			return 0, err // it goes out all the same
		}
		w.posted = false
		w.Buf = w.Buf[p.N:]
		switch {
		case !p.Status.Ok():
			w.end = &Error{p.Status}
		case len(w.Buf) == 0:
		case p.N == 0:
			w.end = io.ErrNoProgress
		default:
			w.end = w.post() // the rest of a short send
		}
	}
	if w.end != nil {
		return len(w.Buf), w.end
	}
	return 0, nil
}

func (c *Conn) closeWrite() error {
	w := &c.out
	if err := c.take(w.turn, &w.deadline); err != nil {
		return err
	}
	defer w.turn.give()
	if _, err := w.finish(); err != nil {
		return err
	}
	return c.use(func(k spec.Socket) spec.Status { return k.Shutdown(spec.SideSend) })
}
