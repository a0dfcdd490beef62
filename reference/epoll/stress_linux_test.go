package epoll_test

import (
	"bytes"
	"io"
	"net"
	"sync"
	"testing"

	"github.com/ioconform/ioconform/simnet/simtest"
)

// Four workers and 32 clients on the real kernel. What the simulator cannot find, a missing lock
// between two system calls, is looked for here, by the race detector.
func TestFourWorkersServeThirtyTwoClients(t *testing.T) {
	messages := 500
	if testing.Short() || simtest.Raced {
		messages = 100
	}
	const clients = 32
	onLinux(t, func(w *world) {
		e := newEcho(w, clients, 4, 512)
		for i := range 4 {
			w.spawn("worker", func() { e.work([]int{1, 1, 4, 32}[i]) })
		}
		var done sync.WaitGroup
		for i := range clients {
			done.Go(func() {
				conn, err := net.Dial("tcp", e.addr.String())
				if err != nil {
					t.Error(err)
					return
				}
				defer conn.Close()
				out := bytes.Repeat([]byte{byte(i)}, 1+i*16)
				in := make([]byte, len(out))
				for j := range messages {
					out[0] = byte(j)
					if _, err := conn.Write(out); err != nil {
						t.Error(err)
						return
					}
					if _, err := io.ReadFull(conn, in); err != nil || !bytes.Equal(in, out) {
						t.Error(j, err)
						return
					}
				}
			})
		}
		done.Wait()
		w.join()
		e.judge()
	})
}
