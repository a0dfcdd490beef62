package main

import (
	"fmt"
	"net/netip"
	"sync"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// server echoes what its clients send. It knows nothing of being recorded.
type server struct {
	port  spec.Port
	lis   spec.Socket
	addr  netip.AddrPort
	mu    sync.Mutex
	conns map[uint64]*session // by key
	next  uint64
	wrong error
}

// session is one connection. At any time one of its two operations is outstanding.
type session struct {
	key        uint64
	sock       spec.Socket
	recv, send spec.Op
	buf        [1024]byte
}

const (
	listenerKey = 1
	acceptToken = 1
	stopToken   = 2
)

func newServer(b spec.Backend) (*server, error) {
	s := &server{conns: map[uint64]*session{}, next: listenerKey}
	var st spec.Status
	if s.port, st = b.Port(0); !st.Ok() {
		return nil, fmt.Errorf("port: %s", st)
	}
	if s.lis, st = b.Socket(spec.TCP4); !st.Ok() {
		return nil, fmt.Errorf("socket: %s", st)
	}
	for _, st := range []spec.Status{s.lis.Bind(netip.MustParseAddrPort("127.0.0.1:0")), s.lis.Listen(1024), s.port.Associate(s.lis, listenerKey)} {
		if !st.Ok() {
			return nil, fmt.Errorf("listen: %s", st)
		}
	}
	s.addr, _ = s.lis.Local()
	return s, s.accept()
}

func (s *server) accept() error {
	if r := s.lis.Start(&spec.Op{Kind: spec.Accept, Token: acceptToken}); r.How == spec.RefusedAtStart && r.Status.Code != spec.Closed {
		return fmt.Errorf("accept: %s", r.Status)
	}
	return nil
}

// work is one of several threads that take packets, until it is told to stop.
func (s *server) work() {
	for dst := make([]spec.Packet, 4); ; {
		n, st := s.port.Wait(dst, -1)
		if !st.Ok() {
			return
		}
		stops := 0
		for i := range dst[:n] {
			if s.handle(&dst[i]) {
				stops++
			}
		}
		for range stops - 1 {
			s.port.Post(listenerKey, stopToken, 0) // taken together, and meant for others
		}
		if stops > 0 {
			return
		}
	}
}

func (s *server) handle(p *spec.Packet) (stop bool) {
	if p.Key == listenerKey {
		switch {
		case p.Token == stopToken:
			return true
		case p.Status.Ok():
			s.open(p.Sock)
			s.note(s.accept())
		}
		return false
	}
	s.mu.Lock()
	c := s.conns[p.Key]
	s.mu.Unlock()
	switch {
	case !p.Status.Ok() || p.N == 0:
		s.mu.Lock()
		delete(s.conns, p.Key)
		s.mu.Unlock()
		c.sock.Close()
	case p.Token == c.recv.Token:
		c.send.Buf = c.buf[:p.N]
		s.start(c, &c.send)
	default:
		s.start(c, &c.recv)
	}
	return false
}

func (s *server) open(k spec.Socket) {
	s.mu.Lock()
	s.next++
	c := &session{key: s.next, sock: k}
	s.conns[c.key] = c
	s.mu.Unlock()
	c.recv = spec.Op{Kind: spec.Receive, Token: c.key << 8, Buf: c.buf[:]}
	c.send = spec.Op{Kind: spec.Send, Token: c.key<<8 | 1}
	s.port.Associate(k, c.key)
	s.start(c, &c.recv)
}

func (s *server) start(c *session, op *spec.Op) {
	if r := c.sock.Start(op); r.How == spec.RefusedAtStart {
		s.note(fmt.Errorf("start of %s: %s", op.Kind, r.Status))
	}
}

func (s *server) note(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.wrong == nil {
		s.wrong = err
	}
}

// rest waits until every connection is closed, and takes what is left in the port.
func (s *server) rest(workers int, done *sync.WaitGroup) (rounds int) {
	for ; ; rounds++ {
		s.mu.Lock()
		open := len(s.conns)
		s.mu.Unlock()
		if open == 0 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	for range workers {
		s.port.Post(listenerKey, stopToken, 0)
	}
	done.Wait()
	for dst := make([]spec.Packet, 4); ; rounds++ {
		n, _ := s.port.Wait(dst, 20*time.Millisecond)
		if n == 0 {
			return rounds
		}
		for i := range dst[:n] {
			s.handle(&dst[i])
		}
	}
}
