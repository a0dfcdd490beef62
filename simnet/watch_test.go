package simnet

import "testing"

// listOf records changes.
type listOf struct {
	name string
	log  *[]string
	act  func(s *Sock, now, edge Ready)
}

func (l *listOf) Changed(s *Sock, now, edge Ready) {
	*l.log = append(*l.log, l.name)
	if l.act != nil {
		l.act(s, now, edge)
	}
}

func TestWatchersAreCalledInOrderAndMayReceiveAndLeave(t *testing.T) {
	finish(t, Options{}, func(w *World) {
		c, s, _ := pair(w)
		var log []string
		var got []byte
		var first *listOf
		first = &listOf{"first", &log, func(s *Sock, now, edge Ready) {
			if now&IN == 0 || edge != IN {
				t.Error(now, edge)
			}
			b := make([]byte, 10)
			n, _ := s.Recv(b)
			got = append(got, b[:n]...)
			s.Send([]byte("pong"))
			s.Unwatch(first)
		}}
		s.Watch(first)
		s.Watch(&listOf{"second", &log, nil})
		c.Send([]byte("ping"))
		w.Settle()
		if string(got) != "ping" || len(log) != 2 || log[0] != "first" || log[1] != "second" {
			t.Error(string(got), log)
		}
		wantRecv(t, c, "pong", OK)
		c.Send([]byte("x"))
		w.Settle()
		if len(log) != 3 || log[2] != "second" {
			t.Error(log)
		}
	})
}

func TestAWatcherMayCloseTheSocketItIsToldAbout(t *testing.T) {
	for seed := range uint64(50) {
		finish(t, Options{Source: Uniform(seed)}, func(w *World) {
			c, s, _ := pair(w)
			var log []string
			s.Watch(&listOf{"closer", &log, func(s *Sock, _, _ Ready) { s.Close() }})
			c.Send([]byte("ab"))
			c.Shutdown(false, true)
			w.Settle()
			if len(log) != 1 {
				t.Error(log)
			}
			if e := c.Error(); e != ECONNRESET {
				t.Error(e)
			}
			if w.busyLinks() != w.nlinks || w.nlinks != 0 {
				t.Error("links left:", w.nlinks, w.busyLinks())
			}
		})
	}
}

func TestAShortSendIsTheRestHeardOfAsAnOutEdge(t *testing.T) {
	finish(t, Options{SndBuf: 8}, func(w *World) {
		c, _, _ := pair(w)
		var log []string
		outs := 0
		c.Watch(&listOf{"c", &log, func(_ *Sock, now, edge Ready) {
			if edge == OUT && now&OUT != 0 {
				outs++
			}
		}})
		wantSend(t, c, "0123456789", 8, OK)
		w.Settle()
		if outs != 1 {
			t.Error(outs, "OUT edges")
		}
		wantSend(t, c, "89", 2, OK) // all taken: nobody waits for room
		w.Settle()
		if outs != 1 {
			t.Error(outs, "OUT edges")
		}
	})
}

func TestLinksAreGivenBackWhenConnectionsEnd(t *testing.T) {
	finish(t, Options{Source: Uniform(1), StepCap: 1 << 20}, func(w *World) {
		for i := range 2000 {
			c, s, l := pair(w)
			switch i % 4 {
			case 0:
				c.Close()
				w.Settle()
				s.Close()
			case 1:
				c.Abort()
				s.Close()
			case 2:
				c.Send([]byte("x"))
				s.Close()
				c.Close()
			case 3:
				s.Shutdown(false, true)
				c.Shutdown(true, true)
				w.Settle()
				c.Close()
				s.Close()
			}
			l.Close()
			w.Settle()
		}
		if len(w.linkEnds) > 8 {
			t.Error(len(w.linkEnds), "links for one connection at a time")
		}
	})
}
