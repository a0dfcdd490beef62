//go:build unix

// Command adapter is an ioconform adapter to begin with, for a poller: select(2) watches, and sockets are tried. Your library goes where it says YOURS.
package main

import (
	"bufio"
	"encoding/json"
	"io"
	"log"
	"net/netip"
	"os"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

var hello = map[string]any{
	"protocol": 1, "name": "mine", "version": "0.1", "os": runtime.GOOS, // YOURS
	"capabilities": []string{"poller"},
	"axes":         map[string]string{"consumers": "1", "issuers": "1", "hangups": "folded"},
}

// request has the fields of all requests that are understood here.
type request struct {
	ID      int
	Do      string
	Poller  *int
	Inner   *int
	Socket  *int
	Token   string
	Ask     []string
	Net     string
	Address string
	Backlog int
	As      int
	Length  int
	Data    []byte
	Max     int
	Timeout int
}

type answer map[string]any

// poller is a list for select, and for one thread. What was told of goes to its end: where there is more than a wait has room for, all have their turn.
// YOURS, as far as last.
type poller struct {
	watches []watch
	closed  bool
}

type watch struct {
	fd    int
	token string
	ask   []string
}

// find returns where a socket stands among what is watched, or -1.
func (p *poller) find(fd int) int {
	return slices.IndexFunc(p.watches, func(w watch) bool { return w.fd == fd })
}

func (p *poller) add(fd int, token string, ask []string) error {
	if p.find(fd) >= 0 {
		return status("inuse")
	}
	p.watches = append(p.watches, watch{fd, token, ask})
	return nil
}

func (p *poller) modify(fd int, token string, ask []string) error {
	i := p.find(fd)
	if i < 0 {
		return status("notfound")
	}
	p.watches[i] = watch{fd, token, ask}
	return nil
}

func (p *poller) remove(fd int) error {
	i := p.find(fd)
	if i < 0 {
		return status("notfound")
	}
	p.watches = slices.Delete(p.watches, i, i+1)
	return nil
}

// wait waits, for ever if the timeout is negative, and returns up to so many events.
func (p *poller) wait(most int, timeout time.Duration) (ready []answer, err error) {
	in, out, err := selects(p.watches, timeout)
	if err != nil {
		return nil, err
	}
	var silent, told []watch
	for _, w := range p.watches {
		var events []string
		if in.has(w.fd) {
			events = append(events, "in")
		}
		if out.has(w.fd) {
			events = append(events, "out")
		}
		if events == nil || len(ready) == most {
			silent = append(silent, w)
			continue
		}
		ready, told = append(ready, answer{"token": w.token, "events": events}), append(told, w)
	}
	p.watches = append(silent, told...)
	return ready, nil
}

// set is a set of descriptors. Its fields have other names on each platform; it is words everywhere.
type set struct{ syscall.FdSet }

const (
	bits  = 8 * int(unsafe.Sizeof(uint(0)))
	words = int(unsafe.Sizeof(set{})) / (bits / 8)
)

func (s *set) word(fd int) *uint { return &(*[words]uint)(unsafe.Pointer(s))[fd/bits] }
func (s *set) add(fd int)        { *s.word(fd) |= 1 << (fd % bits) }
func (s *set) has(fd int) bool   { return *s.word(fd)&(1<<(fd%bits)) != 0 }

// selects calls select, until nothing interrupts it.
func selects(watches []watch, timeout time.Duration) (in, out set, err error) {
	until := time.Now().Add(timeout)
	for {
		most := -1
		in, out = set{}, set{}
		for _, w := range watches {
			most = max(most, w.fd)
			if slices.Contains(w.ask, "in") {
				in.add(w.fd)
			}
			if slices.Contains(w.ask, "out") {
				out.add(w.fd)
			}
		}
		var left *syscall.Timeval
		if timeout >= 0 {
			t := syscall.NsecToTimeval(max(0, int64(time.Until(until))+999)) // it is cut off to microseconds
			left = &t
		}
		if err := last(syscall.Select(most+1, &in.FdSet, &out.FdSet, nil, left)); err != syscall.EINTR {
			return in, out, err
		}
	}
}

// last is the error of a call that returns a number as well on some platforms.
func last(results ...any) error {
	err, _ := results[len(results)-1].(error)
	return err
}

// sock is a socket that does not block.
type sock struct {
	fd     int
	closed bool
}

// keep makes a socket of a descriptor, under a number.
func keep(number, fd int) error {
	if fd >= words*bits { // select has no room for it
		syscall.Close(fd)
		return syscall.EMFILE
	}
	syscall.CloseOnExec(fd)
	socks[number] = &sock{fd: fd}
	return syscall.SetNonblock(fd, true)
}

// mu guards everything below, and the order of the lines that are written.
var (
	mu      sync.Mutex
	pollers = map[int]*poller{}
	socks   = map[int]*sock{}
	resets  int // how many there have been
	out     = json.NewEncoder(os.Stdout)
)

// serve waits, beside everything else, and answers unless there was a reset meanwhile.
func serve(p *poller, m request, epoch int) {
	ready, err := p.wait(m.Max, time.Duration(m.Timeout)*time.Millisecond)
	mu.Lock()
	defer mu.Unlock()
	switch {
	case epoch != resets:
	case err != nil:
		say(m.ID, failure(err))
	case len(ready) == 0:
		say(m.ID, answer{"status": "timedout"})
	default:
		say(m.ID, answer{"ready": ready})
	}
}

// do does what a request asks for and returns its answer, nil if that comes later.
func do(m request) (answer, error) {
	var p *poller
	var s *sock
	if m.Poller != nil {
		p = pollers[*m.Poller]
	}
	if m.Socket != nil {
		s = socks[*m.Socket]
	}
	switch {
	case m.Do == "hello":
		return hello, nil
	case m.Do == "ping":
		return answer{}, nil
	case m.Do == "reset":
		resets++
		for _, s := range socks {
			if !s.closed {
				syscall.Close(s.fd)
			}
		}
		pollers, socks = map[int]*poller{}, map[int]*sock{}
		return answer{}, nil
	case m.Do == "poller":
		pollers[*m.Poller] = &poller{}
		return answer{}, nil
	case m.Do == "socket" && m.Net == "tcp4": // YOURS
		fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
		if err != nil {
			return nil, err
		}
		return answer{}, keep(*m.Socket, fd)
	case p != nil && p.closed, s != nil && s.closed:
		return nil, status("closed")
	case p != nil && m.Do == "wait-ready":
		go serve(p, m, resets)
		return nil, nil
	case p != nil && m.Do == "close-poller": // YOURS
		p.closed = true
		return answer{}, nil
	case s == nil, m.Inner != nil, slices.ContainsFunc(m.Ask, undeclared):
		return nil, status("unsupported")
	}
	switch m.Do {
	case "add":
		return answer{}, p.add(s.fd, m.Token, m.Ask)
	case "modify":
		return answer{}, p.modify(s.fd, m.Token, m.Ask)
	case "remove":
		return answer{}, p.remove(s.fd)
	case "close":
		for _, p := range pollers {
			p.remove(s.fd)
		}
		s.closed = true
		return answer{}, syscall.Close(s.fd)
	case "bind":
		at, err := netip.ParseAddrPort(m.Address)
		if err != nil {
			return nil, err
		}
		return answer{}, syscall.Bind(s.fd, &syscall.SockaddrInet4{Addr: at.Addr().As4(), Port: int(at.Port())})
	case "listen":
		return answer{}, syscall.Listen(s.fd, m.Backlog)
	case "local":
		at, err := syscall.Getsockname(s.fd)
		return answer{"address": written(at)}, err
	case "try-accept":
		fd, from, err := syscall.Accept(s.fd)
		if err != nil {
			return nil, err
		}
		return answer{"from": written(from)}, keep(m.As, fd)
	case "try-recv":
		data := make([]byte, m.Length)
		n, err := syscall.Read(s.fd, data)
		return answer{"data": data[:max(0, n)]}, err
	case "try-send":
		n, err := syscall.Write(s.fd, m.Data)
		return answer{"bytes": n}, err
	}
	return nil, status("unsupported")
}

func undeclared(ask string) bool {
	return slices.Contains([]string{"edge", "oneshot", "exclusive", "rdhup"}, ask)
}

// written is an address as the protocol has it.
func written(at syscall.Sockaddr) string {
	if at, ok := at.(*syscall.SockaddrInet4); ok {
		return netip.AddrPortFrom(netip.AddrFrom4(at.Addr), uint16(at.Port)).String()
	}
	return "0.0.0.0:0"
}

// status is the name of one, as an error.
type status string

func (s status) Error() string { return string(s) }

var statuses = map[error]status{
	syscall.EAGAIN: "wouldblock", syscall.ECONNRESET: "reset", syscall.EPIPE: "shutdown", syscall.ENOTCONN: "notconnected", syscall.EADDRINUSE: "inuse",
	syscall.EMFILE: "noresources",
}

func failure(err error) answer {
	switch e := err.(type) {
	case status:
		return answer{"status": e}
	case syscall.Errno:
		if s := statuses[e]; s != "" {
			return answer{"status": s, "native": int(e), "space": "errno"}
		}
		return answer{"status": "invalid", "native": int(e), "space": "errno"}
	}
	return answer{"status": "invalid"}
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
		if a, err := do(m); err != nil {
			say(m.ID, failure(err))
		} else if a != nil {
			say(m.ID, a)
		}
		mu.Unlock()
	}
}
