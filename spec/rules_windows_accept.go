package spec

// How AcceptEx answers.
var ruleAcceptEx = []*Rule{
	{
		ID: "ACC-12", Text: "An accept that lacks an argument is refused.",
		Profiles: windowsOnly, Needs: []Capability{CanWin32, CanArguments},
		Sources:    []string{"Wine ws2_32 tests, sock.c, test_AcceptEx", "Microsoft Learn, AcceptEx"},
		Situations: []string{"no room for the far end's address", "no output buffer", "no OVERLAPPED", "no listener", "no socket to accept into"},
		at:         []moment{atStart},
		odd:        true,
		of:         []Verb{Accept},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o.verb != Accept || o.args == nil || o.sock.door == nil || o.sock.end(o.on).called() {
				return pass
			}
			var list []expected
			if o.args.RemoteRoom == 0 {
				list = append(list, expected{0, []int64{10014}, "there is no room for the far end's address"})
			}
			switch o.args.Without {
			case WithoutBuffer:
				list = append(list, expected{1, []int64{10014}, "there is no output buffer"})
			case WithoutOverlapped:
				list = append(list, expected{2, []int64{87}, "there is no OVERLAPPED"})
			case WithoutListener:
				list = append(list, expected{3, []int64{10038}, "there is no listener"})
			case WithoutSocket:
				list = append(list, expected{4, []int64{10038}, "there is no socket to accept into"})
			}
			return checkRefusal(o, list)
		},
	},
	{
		ID: "ACC-13", Text: "An accept on a socket that does not listen, or into one that is in use, is refused.",
		Profiles: windowsOnly, Needs: []Capability{CanWin32, CanAcceptInto},
		Sources: []string{"Wine ws2_32 tests, sock.c, test_AcceptEx: WSAEINVAL", "Microsoft Learn, AcceptEx: the socket must not be bound or connected",
			"Microsoft Learn, closesocket: WSAENOTSOCK"},
		Situations: []string{"it does not listen", "it is closed", "into one that is closed", "into one that is bound", "into one that has connected", "into one that was accepted",
			"into one of datagrams", "into one that another accept is for"},
		Where: map[string]string{"into one that has connected": "connect", "into one of datagrams": "datagram"},
		at:    []moment{atStart},
		odd:   true,
		of:    []Verb{Accept},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o.verb != Accept || o.args != nil {
				return pass
			}
			s, x, start := o.sock, o.into, o.start
			var list []expected
			add := func(situation int, number int64, what string) {
				list = append(list, expected{situation, []int64{number}, what})
			}
			switch end := s.end(o.on); {
			case end.called() && end.before(start):
				add(1, 10038, "the listener had been closed")
			case end.called():
			case !s.past.listened.called() && s.opened || s.past.hadConnection(start):
				add(0, 10022, "the socket does not listen")
			}
			if x == nil {
				return checkRefusal(o, list)
			}
			switch {
			case x.end(o.intoBy).called() && x.end(o.intoBy).before(start):
				add(2, 10038, "the socket to accept into had been closed")
				return checkRefusal(o, list)
			case x.end(o.intoBy).called() || x.past.between() || x.past.again != NoVerb:
				return pass
			}
			if x.net.Datagrams() {
				add(6, 10022, "the socket to accept into is one of datagrams")
			}
			if x.past.bound.called() && x.past.bound.before(start) && x.past.made == NoVerb {
				add(3, 10022, "the socket to accept into is bound")
			}
			if x.past.hadConnection(start) {
				what := 4
				if x.past.made == Accept {
					what = 5
				}
				add(what, 10022, "the socket to accept into has a connection")
			}
			for _, other := range x.into { // which a disconnect may have ended, with the connection that it held
				if d := other.sock.door; other != o && other.start.before(start) && other.disturbs == 0 && other.args == nil && l.peers && d != nil && !d.mayHaveReset() && !x.parted {
					add(7, 10022, "the socket to accept into is another accept's")
				}
			}
			if len(list) > 0 && s.end(o.on).called() {
				add(1, 10038, "the listener was being closed")
			}
			return checkRefusal(o, list)
		},
	},
	{
		ID: "ACC-14", Text: "An accept into a socket that is free is not refused, although an accept before may have been for it.", Level: SHOULD,
		Profiles: portable, Needs: []Capability{CanAcceptInto},
		Sources:    []string{"Microsoft Learn, AcceptEx: a socket that is neither bound nor connected", "Microsoft Learn, CancelIoEx"},
		Situations: []string{"a new one", "one whose accept was cancelled", "one whose accept's listener was closed"},
		Where:      map[string]string{"one whose accept was cancelled": "cancel", "one whose accept's listener was closed": "close=abort"},
		at:         []moment{atStart},
		odd:        true,
		of:         []Verb{Accept},
		check: func(l *ledger, m *matter) outcome {
			o, x := m.op, m.op.into
			if o.verb != Accept || x == nil || o.args != nil || len(x.into) > 1 || x.connects > 0 || x.past.made != NoVerb || x.past.again != NoVerb || x.end(o.intoBy).called() ||
				x.past.bound.called() || x.past.listened.called() || x.past.between() || !x.opened || x.net != o.sock.net {
				return pass
			}
			s := o.sock
			d := s.door
			if d == nil || s.end(o.on).called() || !s.past.listened.before(o.start) || x.past.spare == afterSomething {
				return pass
			}
			if o.how != RefusedAtStart {
				return ok(int(x.past.spare))
			}
			if o.started.Code == NoResources || o.started.Code == Reset || !x.alone(o.start) {
				return pass
			}
			if !o.started.windows() && !l.freeAgain(o) {
				return pass
			}
			return bad("%s was refused with %s; the socket to accept into, %d, is free", o, o.started, x.id)
		},
	},
	{
		ID: "ACC-15", Text: "An accept with too little room for its own address fails when a client connects, and leaves the client to the next; with none at all it succeeds.",
		Profiles: windowsOnly, Needs: []Capability{CanWin32, CanArguments},
		Sources: []string{"Wine ws2_32 tests, sock.c, test_AcceptEx: STATUS_BUFFER_TOO_SMALL", "Microsoft Learn, AcceptEx: 16 bytes more than an address"},
		Situations: []string{"no room: it succeeds", "too little: it fails at the connection", "a byte short of what is asked for: it starts", "a byte short, for the far end's address: it starts",
			"the client goes to the next accept"},
		at:  []moment{atStart, atPacket},
		odd: true,
		of:  []Verb{Accept},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb != Accept || o.sock.door == nil || o.sock.closed.called() || m.when == atStart && o.sock.end(o.on).called() {
				return pass
			}
			a, d := o.args, o.sock.door
			if a == nil {
				if m.packet != nil && m.conn != nil && m.packet.Status.Ok() && d.small != 0 && m.conn.connect.r < d.small {
					return ok(4)
				}
				return pass
			}
			if a.Without != WithAll || a.RemoteRoom == 0 {
				return pass
			}
			size := o.sock.net.sockaddr()
			little := a.LocalRoom >= 0 && a.LocalRoom <= size+4 // none included
			if m.when == atStart {
				switch {
				case o.how == RefusedAtStart && o.into != nil:
					return pass // it may be for the socket's sake
				case o.how == RefusedAtStart && o.started.Code != NoResources && o.started.Code != Reset:
					return bad("%s was refused with %s; whether the room of %d bytes for its own address and of %d for the far end's does shows when a client connects", o, o.started, a.LocalRoom, a.RemoteRoom)
				case o.how == RefusedAtStart:
				case a.LocalRoom == size+15:
					return ok(2)
				case a.RemoteRoom == size+15:
					return ok(3)
				}
				return pass
			}
			st := m.packet.Status
			switch {
			case !l.peers || a.RemoteRoom != RoomEnough || o.disturbs > 0 || d.mayHaveReset() || !little:
				return pass
			case a.LocalRoom == 0 && !st.Ok():
				return bad("%s ended with %s; that it has no room for its own address does not matter", o, st)
			case a.LocalRoom == 0:
				return ok(0)
			case st.Space != NoSpace && st.Native != tooSmall || st.Ok():
				return bad("%s ended with %s; it has room for %d bytes of its own address, which is not enough (STATUS_BUFFER_TOO_SMALL)", o, st, a.LocalRoom)
			}
			return ok(1)
		},
	},
}

// freeAgain reports whether o is into a socket that a portable back end can have nothing against either, and whose accept before came to nothing; of a new one OPN-12 tells.
func (l *ledger) freeAgain(o *op) bool {
	s, x := o.sock, o.into
	return x.past.spare != unused && x.past.shuts == 0 && len(x.live) == 0 && !x.closed.called() && x.void == 0 && !o.lacks() && o.flags == 0 && o.event == nil &&
		o.keySure && s.port != nil && !s.port.closed.called() && !s.closed.called() && s.void == 0 && !(l.lossy && s.clouded)
}
