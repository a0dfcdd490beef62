package spec

import "math"

var rulePacket = []*Rule{
	{
		ID: "PKT-1", Text: "A packet comes for nothing but an operation that was started or a packet that was posted; its token is theirs, bit for bit.",
		Profiles: portable, Claims: []string{"S1", "S8", "S27"},
		Sources:    []string{"Microsoft Learn, GetQueuedCompletionStatus: lpOverlapped is the one given when the operation was started"},
		Situations: []string{"an operation", "a post"},
		Where:      map[string]string{"a post": "post"},
		at:         []moment{atPacket, atPost},
		check: func(l *ledger, m *matter) outcome {
			switch {
			case m.op == nil && m.ending == neverStarted:
				return bad("port %d returned a packet with token %#x (key %#x, %d bytes, %s); nothing was started or posted with that token", m.port.id, m.packet.Token, m.packet.Key, m.packet.N, m.packet.Status)
			case m.op == nil:
				return pass
			case m.op.verb == Post:
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "PKT-2", Text: "An operation, and a post, has at most one packet: one thread gets it, once.",
		Profiles: portable, Claims: []string{"S1", "S13", "S21"},
		Sources:    []string{"Microsoft Learn, I/O Completion Ports: one packet for each completed operation", "Wine ws2_32 tests, sock.c: the queue is empty after the packet"},
		Situations: []string{"one thread waits", "several threads wait"},
		Where:      map[string]string{"several threads wait": "workers"},
		at:         []moment{atPacket, atPost},
		check: func(l *ledger, m *matter) outcome {
			if m.op == nil {
				if m.ending == packetTaken {
					return bad("a second packet came for token %#x (key %#x, %d bytes, %s); its packet had been taken before", m.packet.Token, m.packet.Key, m.packet.N, m.packet.Status)
				}
				return pass
			}
			if len(m.port.waits) > 0 {
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "PKT-3", Text: "An operation that was refused at its start has no packet.",
		Profiles:   portable,
		Sources:    []string{"Microsoft Learn, WSARecv: no completion indication follows an error other than WSA_IO_PENDING"},
		Situations: []string{"refused"},
		at:         []moment{atPacket, atStart},
		odd:        true,
		check: func(l *ledger, m *matter) outcome {
			if m.packet != nil {
				if m.op == nil && m.ending == wasRefused {
					return bad("a packet came for token %#x (%s), whose start had been refused", m.packet.Token, m.packet.Status)
				}
				return pass
			}
			if m.op.how != RefusedAtStart {
				return pass
			}
			if m.op.taken.done() {
				return bad("the start of %s was refused (%s) after its packet had been taken", m.op, m.op.started)
			}
			return ok(0)
		},
	},
	{
		ID: "PKT-4", Text: "A posted packet arrives as it was posted: key, token and byte count bit for bit, with success.",
		Profiles: portable, Needs: []Capability{CanPost},
		Sources:    []string{"Microsoft Learn, PostQueuedCompletionStatus: the three values are returned as they are, none is validated"},
		Situations: []string{"plain values", "values at the edge of their range"},
		at:         []moment{atPost},
		check: func(l *ledger, m *matter) outcome {
			o, p := m.op, m.packet
			if p.Key != o.key || p.N != o.length || !p.Status.Ok() {
				return bad("posted key %#x, %d bytes; received key %#x, %d bytes, %s", o.key, o.length, p.Key, p.N, p.Status)
			}
			if o.key == 0 || o.key == math.MaxUint64 || o.token == 0 || o.token == math.MaxUint64 || uint64(o.length) == math.MaxUint32 {
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "PKT-5", Text: "Posted packets leave the port in the order in which they were posted.",
		Profiles: portable, Needs: []Capability{CanPost}, Axes: Axes{"queue": "fifo"},
		Sources:    []string{"Microsoft Learn, GetQueuedCompletionStatusEx: packets are queued first in, first out"},
		Situations: []string{"one at a time", "several in a batch"},
		Where:      map[string]string{"several in a batch": "packets=n"},
		at:         []moment{atPost},
		check: func(l *ledger, m *matter) outcome {
			if m.op.twin || m.op.lost {
				return pass // an equal post is there as well, and which of them this is cannot be told
			}
			if g := m.first; g != nil {
				return bad("the packet posted at event %d was taken at event %d, after one that was posted later, at event %d, and taken at event %d", m.op.start.c, m.q, g.post.c, g.taken.r)
			}
			if m.wait.n > 1 {
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "PKT-6", Text: "A posted packet is not lost: whoever waits long enough gets it.",
		Profiles: portable, Needs: []Capability{CanPost},
		Sources:    []string{"Microsoft Learn, PostQueuedCompletionStatus"},
		Situations: []string{"posted while nobody waits", "posted while a thread waits"},
		Where:      map[string]string{"posted while a thread waits": "workers"},
		at:         []moment{atPost, atSettledPost},
		check: func(l *ledger, m *matter) outcome {
			if m.packet == nil {
				return bad("the packet posted to port %d at event %d (token %#x) has not come, though the port was waited on until nothing came", m.port.id, m.op.start.c, m.op.token)
			}
			if m.op.taken.c < m.op.start.c {
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "PKT-7", Text: "A wait does not run out of time while a posted packet is in the port.",
		Profiles: portable, Needs: []Capability{CanPost}, Axes: Axes{"delivery": "pull"},
		Sources:    []string{"Microsoft Learn, GetQueuedCompletionStatus: the function returns as soon as a packet is available", "Henzinger, Sezgin, Vafeiadis 2013, Aspect-oriented linearizability proofs: several packets may cover the wait together"},
		Situations: []string{"the port was empty", "a packet was posted meanwhile"},
		Where:      map[string]string{"a packet was posted meanwhile": "workers"},
		at:         []moment{atEmpty},
		check: func(l *ledger, m *matter) outcome {
			p, w := m.port, m.wait
			switch {
			case p.closed.called():
				return pass
			case l.limits && w.crowd >= max(p.limit, 1):
				return pass // as many threads as the port allows may have been running, so that this one got nothing
			case m.sure:
				return bad("a wait of %s from event %d to %d ran out of time, and at every moment of it a posted packet was in port %d", l.threadName(w.thread), w.span.c, w.span.r, p.id)
			case m.posted:
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "PKT-8", Text: "A wait returns between one packet and as many as were asked for, exactly if its status is ok; one without a limit of time does not run out of it.",
		Profiles: portable, Axes: Axes{"delivery": "pull"},
		Sources:    []string{"Microsoft Learn, GetQueuedCompletionStatusEx: ulNumEntriesRemoved"},
		Situations: []string{"one", "several", "none"},
		Where:      map[string]string{"several": "packets=n"},
		at:         []moment{atWait},
		check: func(l *ledger, m *matter) outcome {
			w := m.wait
			switch {
			case w.status.Ok() && (w.n < 1 || w.n > w.max):
				return bad("a wait for up to %d packets returned ok with %d packets", w.max, w.n)
			case !w.status.Ok() && w.n != 0:
				return bad("a wait returned %s with %d packets", w.status, w.n)
			case w.forever && w.status.Code == TimedOut:
				return bad("a wait for ever returned %s", w.status)
			case w.n == 0:
				return ok(2)
			case w.n == 1:
				return ok(0)
			}
			return ok(1)
		},
	},
	{
		ID: "PKT-9", Text: "A thread that is blocked in a wait is released when a packet is posted.",
		Profiles: portable, Needs: []Capability{CanPost}, Claims: []string{"S21", "S29"}, Axes: Axes{"delivery": "pull"},
		Sources:    []string{"Microsoft Learn, PostQueuedCompletionStatus and I/O Completion Ports: a packet releases a waiting thread"},
		Situations: []string{"one thread waits", "several threads wait"},
		Where:      map[string]string{"one thread waits": "workers", "several threads wait": "workers"},
		at:         []moment{atPost, atStarved},
		check: func(l *ledger, m *matter) outcome {
			o, w := m.op, m.wait
			if m.when == atStarved {
				if o.verb != Post {
					return pass // OPN-2
				}
				if l.limits && w.crowd >= max(m.port.limit, 1) {
					return pass // as many threads as the port allows may be running
				}
				return bad("%s waits since event %d, everything is quiet, and the packet posted at event %d is in port %d", l.threadName(w.thread), w.span.c, o.start.c, m.port.id)
			}
			switch {
			case w.span.c > o.start.c:
				return pass
			case len(m.port.waits) > 0:
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "PKT-19", Text: "A posted packet arrives at the port that it was posted to, and at no other.",
		Profiles: portable, Needs: []Capability{CanPost},
		Sources:    []string{"Microsoft Learn, PostQueuedCompletionStatus, CompletionPort: the port to which the packet is posted"},
		Situations: []string{"one port", "several ports"},
		at:         []moment{atPost},
		check: func(l *ledger, m *matter) outcome {
			if m.op.port != m.port {
				return bad("the packet posted to port %d at event %d (token %#x) arrived at port %d", m.op.port.id, m.op.start.c, m.op.token, m.port.id)
			}
			if l.ports.n > 1 {
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "PKT-23", Text: "Where a wait brings one packet, none brings more.",
		Profiles: portable, Axes: Axes{"delivery": "pull", "packets": "1"},
		Sources:    []string{"the contract: axis packets", "Microsoft Learn, GetQueuedCompletionStatus: it dequeues a packet"},
		Situations: []string{"it brought one"},
		at:         []moment{atWait},
		check: func(l *ledger, m *matter) outcome {
			switch {
			case m.wait.n > 1:
				return bad("a wait for up to %d packets brought %d; the target declares that one comes at a time", m.wait.max, m.wait.n)
			case m.wait.n == 1:
				return ok(0)
			}
			return pass
		},
	},
}
