package netconn_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ioconform/ioconform/conformance/examples/netconn"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

// site is a server of net/http and a client of it, both on one Stack.
type site struct {
	*testing.T
	server *http.Server
	client *http.Client
	url    string
	served chan error   // what Serve returned
	conns  atomic.Int64 // connections that the server has seen
}

func serve(t *testing.T, s *netconn.Stack, h http.Handler) *site {
	return serveWith(t, s, &http.Server{Handler: h})
}

func serveWith(t *testing.T, s *netconn.Stack, server *http.Server) *site {
	l := listen(t, s)
	x := &site{T: t, server: server, url: "http://" + l.Addr().String(), served: make(chan error, 1)}
	server.ConnState = func(_ net.Conn, st http.ConnState) {
		if st == http.StateNew {
			x.conns.Add(1)
		}
	}
	x.client = &http.Client{Transport: &http.Transport{DialContext: s.DialContext, MaxIdleConnsPerHost: 64}}
	go func() { x.served <- x.server.Serve(l) }()
	return x
}

// down ends the server in good order, and the client.
func (x *site) down() {
	x.Helper()
	x.client.CloseIdleConnections()
	if err := x.server.Shutdown(context.Background()); err != nil {
		x.Error("shutting down:", err)
	}
	if err := <-x.served; err != http.ErrServerClosed {
		x.Error("Serve returned", err)
	}
}

// echo sends the body and wants it back.
func (x *site) echo(body []byte) error {
	r, err := x.client.Post(x.url+"/echo", "application/octet-stream", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer r.Body.Close()
	got, err := io.ReadAll(r.Body)
	if err == nil && !bytes.Equal(got, body) {
		err = fmt.Errorf("%d bytes came back of %d, with checksum %#x instead of %#x", len(got), len(body), crc32.ChecksumIEEE(got), crc32.ChecksumIEEE(body))
	}
	return err
}

// echoes is a server that sends back what it gets, while it gets it.
var echoes = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	http.NewResponseController(w).EnableFullDuplex()
	io.Copy(w, r.Body)
})

func content(n, salt int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*(salt*2+3) ^ i>>8)
	}
	return b
}

// Requests one after the other use one connection.
func TestHTTPKeepsAConnectionAlive(t *testing.T) {
	x := serve(t, open(t), echoes)
	for i := range 200 {
		if err := x.echo(content(i, i)); err != nil {
			t.Fatal(i, err)
		}
	}
	if n := x.conns.Load(); n != 1 {
		t.Errorf("%d connections for requests one after the other", n)
	}
	x.down()
}

// A body of several megabytes goes up and comes down at the same time.
func TestHTTPCarriesLargeBodiesBothWays(t *testing.T) {
	simtest.NotShort(t)
	x := serve(t, open(t), echoes)
	for i := range 3 {
		if err := x.echo(content(8<<20+i, i)); err != nil {
			t.Fatal(err)
		}
	}
	x.down()
}

// Many clients at once, each with requests of all sizes.
func TestHTTPServesManyAtOnce(t *testing.T) {
	x := serve(t, open(t), echoes)
	x.crowd(32, 20)
	x.down()
}

func (x *site) crowd(clients, requests int) {
	var done sync.WaitGroup
	for i := range clients {
		done.Go(func() {
			for j := range requests {
				if err := x.echo(content(1<<(j%18)+i, i)); err != nil {
					x.Errorf("client %d, request %d: %v", i, j, err)
					return
				}
			}
		})
	}
	done.Wait()
}

// A server that shuts down ends the request that it is at, and takes no other.
func TestHTTPShutsDownInGoodOrder(t *testing.T) {
	entered, leave := make(chan struct{}), make(chan struct{})
	x := serve(t, open(t), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(entered)
		<-leave
		io.WriteString(w, "the last words")
	}))
	answer := make(chan string)
	go func() {
		r, err := x.client.Get(x.url)
		if err != nil {
			answer <- err.Error()
			return
		}
		defer r.Body.Close()
		body, err := io.ReadAll(r.Body)
		answer <- fmt.Sprint(string(body), " ", err)
	}()
	<-entered
	down := make(chan struct{})
	go func() { defer close(down); x.down() }()
	if err := <-x.served; err != http.ErrServerClosed {
		t.Error("Serve returned", err)
	} else {
		x.served <- err // for down
	}
	if _, err := x.client.Get(x.url); err == nil {
		t.Error("a request was served after the shutdown had begun")
	}
	close(leave)
	if got := <-answer; got != "the last words <nil>" {
		t.Errorf("the request in progress got %q", got)
	}
	<-down
}

// A client that goes away in the middle is noticed by the server's handler: net/http reads in the background for that, and gives the read up at every
// request's end.
func TestHTTPNoticesAClientThatGoesAway(t *testing.T) {
	entered, gone := make(chan struct{}), make(chan error, 1)
	x := serve(t, open(t), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/wait" {
			io.WriteString(w, "ok")
			return
		}
		close(entered)
		<-r.Context().Done()
		gone <- r.Context().Err()
	}))
	for range 10 {
		r, err := x.client.Get(x.url)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, r.Body)
		r.Body.Close()
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-entered; cancel() }()
	q, _ := http.NewRequestWithContext(ctx, "GET", x.url+"/wait", nil)
	if _, err := x.client.Do(q); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	x.down()
}

// A client that sends half a request is given up after the server's time limit, which is a deadline.
func TestHTTPGivesUpASlowClient(t *testing.T) {
	s := open(t)
	x := serveWith(t, s, &http.Server{Handler: echoes, ReadHeaderTimeout: 30 * time.Millisecond})
	c, err := s.Dial(strings.TrimPrefix(x.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(c, "GET / HTTP/1.1\r\nHost:")
	if got, err := io.ReadAll(c); err != nil {
		t.Errorf("the server ended the connection with %v after %q", err, got)
	}
	c.Close()
	x.down()
}

// While all this goes on the back end keeps the contract: a recorder is put between, and its trace is judged.
func TestServingHTTPBreaksNoRule(t *testing.T) {
	b := backend(t)
	w := spec.Wrap(b, spec.WrapOptions{About: about})
	s, err := netconn.New(w, 4)
	if err != nil {
		t.Fatal(err)
	}
	x := serve(t, s, echoes)
	x.crowd(8, 18)
	x.down()
	c1, c2 := pair(t, s) // which are closed with nothing outstanding
	c1.Close()
	c2.Close()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	w.Settled(1) // the Stack has waited for every packet
	trace := w.Trace()
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	j := spec.NewChecker().Check(trace)
	known, seen := deviations(), map[string]bool{}
	for _, v := range j.Violations {
		if _, is := known[v.Rule.ID]; !is {
			t.Errorf("%s at %d: %s", v.Rule.ID, v.Q, v.Said)
		}
		seen[v.Rule.ID] = true
	}
	for id, what := range known {
		if !seen[id] {
			t.Errorf("%s was not broken. If this is a system that has been put right, take it out of the deviations: %s", id, what)
		}
	}
	judged := 0
	for i, r := range spec.Rules() {
		if j.Counts[i].Checks == 0 {
			continue
		}
		judged++
		if r.ID == "RCV-1" || r.ID == "SND-3" || r.ID == "PKT-2" || r.ID == "KEY-1" {
			t.Logf("%s: %d checks", r.ID, j.Counts[i].Checks)
		}
	}
	t.Logf("%d events, %d rules judged", len(trace.Events), judged)
	if judged < 10 {
		t.Errorf("%d rules were judged; a trace of all this has more to say", judged)
	}
}
