// Command adapter is an ioconform adapter to begin with: accept, recv and send work, over package net. Your library goes where it says YOURS.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"os"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

var hello = map[string]any{
	"protocol": 1, "name": "mine", "version": "0.1", "os": runtime.GOOS, // YOURS
	"capabilities": []string{"accept"},
	"axes":         map[string]string{"buffer": "backend", "zero-receive": "at-once", "inline": "never", "after-reset": "end"},
}

// request has the fields of all requests that are understood here.
type request struct {
	ID      int
	Do      string
	Port    int
	Socket  int
	Key     string
	Token   string
	Net     string
	Address string
	As      int
	Into    *int
	Length  int
	WaitAll bool
	Data    []byte
	Max     int
	Timeout int
}

type answer map[string]any

// port is a queue of packets, and those who wait for them.
type port struct {
	packets []answer
	waits   []*wait
	closed  bool
}

type wait struct {
	id, max int
	timer   *time.Timer
}

type sock struct {
	listener net.Listener // of one that is bound: package net has no socket that is bound and does not listen
	conn     net.Conn     // of one that was accepted
	port     *port
	key      string
	closed   bool
	kinds    map[string][]request // what is outstanding, by what it does: operations of one kind take turns
}

// mu guards everything below, and the order of the lines that are written.
var (
	mu    sync.Mutex
	ports = map[int]*port{}
	socks = map[int]*sock{}
	out   = json.NewEncoder(os.Stdout)
)

// operate does an operation, from its start to its end, and returns the rest of its packet; what else is to be done under mu is in then. YOURS.
func (s *sock) operate(m request) (packet answer, then func()) {
	switch m.Do {
	case "accept":
		c, err := s.listener.Accept()
		if err != nil {
			return failure(err), func() {}
		}
		return answer{"socket": m.As, "from": c.RemoteAddr().String()}, func() { socks[m.As] = newSock(c) }
	case "recv":
		data := make([]byte, m.Length)
		n, err := s.conn.Read(data)
		if err != nil && err != io.EOF {
			return failure(err), func() {}
		}
		return answer{"data": data[:n]}, func() {}
	}
	n, err := s.conn.Write(m.Data)
	if err != nil {
		return failure(err), func() {}
	}
	return answer{"bytes": n}, func() {}
}

func newSock(c net.Conn) *sock { return &sock{conn: c, kinds: map[string][]request{}} }

// work does what is outstanding of one kind, one after the other.
func (s *sock) work(do string) {
	mu.Lock()
	defer mu.Unlock()
	for len(s.kinds[do]) > 0 {
		m := s.kinds[do][0]
		mu.Unlock()
		packet, then := s.operate(m)
		mu.Lock()
		if s.closed { // its packet has been queued by close
			return
		}
		then()
		s.kinds[do] = s.kinds[do][1:]
		s.packet(m, packet)
	}
}

func (s *sock) packet(m request, packet answer) {
	packet["key"], packet["token"] = s.key, m.Token
	s.port.packets = append(s.port.packets, packet)
	s.port.serve()
}

// start begins an operation.
func (s *sock) start(m request) answer {
	switch {
	case s.port == nil, m.Do == "accept" && s.listener == nil:
		return answer{"status": "invalid"}
	case m.Do != "accept" && s.conn == nil:
		return answer{"status": "notconnected"}
	}
	s.kinds[m.Do] = append(s.kinds[m.Do], m)
	if len(s.kinds[m.Do]) == 1 {
		go s.work(m.Do)
	}
	return answer{}
}

// close ends what is outstanding.
func (s *sock) close() {
	s.closed = true
	if s.listener != nil {
		s.listener.Close()
	}
	if s.conn != nil {
		s.conn.Close()
	}
	for _, do := range []string{"accept", "recv", "send"} {
		for _, m := range s.kinds[do] {
			s.packet(m, answer{"status": "aborted"})
		}
	}
}

// serve answers the waits for which there are packets.
func (p *port) serve() {
	for len(p.packets) > 0 && len(p.waits) > 0 {
		w, n := p.waits[0], min(p.waits[0].max, len(p.packets))
		p.end(w, answer{"packets": p.packets[:n]})
		p.packets = p.packets[n:]
	}
}

// end answers a wait, if it has not been answered.
func (p *port) end(w *wait, a answer) {
	for i := range p.waits {
		if p.waits[i] == w {
			p.waits = append(p.waits[:i:i], p.waits[i+1:]...)
			if w.timer != nil {
				w.timer.Stop()
			}
			say(w.id, a)
			return
		}
	}
}

func (p *port) wait(m request) {
	w := &wait{id: m.ID, max: m.Max}
	p.waits = append(p.waits, w)
	p.serve()
	if m.Timeout >= 0 {
		w.timer = time.AfterFunc(time.Duration(m.Timeout)*time.Millisecond, func() {
			mu.Lock()
			defer mu.Unlock()
			p.end(w, answer{"status": "timedout"})
		})
	}
}

// do does what a request asks for and returns its answer, nil if that comes later.
func do(m request) answer {
	p, s := ports[m.Port], socks[m.Socket]
	switch {
	case m.Do == "hello":
		return hello
	case m.Do == "ping":
		return answer{}
	case m.Do == "reset":
		for _, p := range ports {
			p.waits = nil
		}
		for _, s := range socks {
			if !s.closed {
				s.close()
			}
		}
		ports, socks = map[int]*port{}, map[int]*sock{}
		return answer{}
	case m.Do == "port":
		ports[m.Port] = &port{}
		return answer{}
	case m.Do == "socket" && m.Net == "tcp4":
		socks[m.Socket] = newSock(nil)
		return answer{}
	case p != nil && p.closed, s != nil && s.closed:
		return answer{"status": "closed"}
	}
	switch {
	case p != nil && m.Do == "wait":
		p.wait(m)
		return nil
	case p != nil && m.Do == "close-port":
		p.closed = true
		for len(p.waits) > 0 {
			p.end(p.waits[0], answer{"status": "abandoned"})
		}
	case s == nil:
		return answer{"status": "unsupported"}
	case p != nil && m.Do == "associate":
		if s.port != nil {
			return answer{"status": "invalid"}
		}
		s.port, s.key = p, m.Key
	case m.Do == "bind": // YOURS
		l, err := net.Listen("tcp4", m.Address)
		if err != nil {
			return failure(err)
		}
		s.listener = l
	case m.Do == "listen":
	case m.Do == "local":
		switch {
		case s.listener != nil:
			return answer{"address": s.listener.Addr().String()}
		case s.conn != nil:
			return answer{"address": s.conn.LocalAddr().String()}
		}
		return answer{"status": "invalid"}
	case strings.Contains("accept recv send", m.Do) && m.Into == nil && !m.WaitAll && (m.Do == "recv" || m.Length == 0):
		return s.start(m)
	case m.Do == "close":
		s.close()
	default:
		return answer{"status": "unsupported"}
	}
	return answer{}
}

var statuses = map[syscall.Errno]string{syscall.ECONNRESET: "reset", syscall.EPIPE: "reset", syscall.EADDRINUSE: "inuse", syscall.EMFILE: "noresources"}

func failure(err error) answer {
	var e syscall.Errno
	if !errors.As(err, &e) {
		return answer{"status": "invalid"}
	}
	if statuses[e] == "" {
		return answer{"status": "invalid", "native": int(e), "space": "errno"}
	}
	return answer{"status": statuses[e], "native": int(e), "space": "errno"}
}

func say(id int, a answer) {
	line := answer{"id": id}
	for k, v := range a {
		line[k] = v
	}
	if err := out.Encode(line); err != nil {
		log.Fatal(err)
	}
}

func main() {
	in := bufio.NewReader(os.Stdin)
	for {
		line, err := in.ReadBytes('\n')
		if err == io.EOF {
			return
		}
		var m request
		if err == nil {
			err = json.Unmarshal(line, &m)
		}
		if err != nil {
			log.Fatal(err)
		}
		mu.Lock()
		if a := do(m); a != nil {
			say(m.ID, a)
		}
		mu.Unlock()
	}
}
