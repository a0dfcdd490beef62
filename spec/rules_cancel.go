package spec

var ruleCancel = []*Rule{
	{
		ID: "CAN-1", Text: "An operation whose cancel was answered ok has its one packet, whichever way it ended.",
		Profiles: portable, Needs: []Capability{CanCancel},
		Sources:      []string{"Microsoft Learn, CancelIoEx: the operation completes in one of three ways"},
		Situations:   []string{"its packet came"},
		Alternatives: []string{"aborted", "it had completed"},
		at:           []moment{atPacket, atCancel, atSettledOp},
		odd:          true,
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || !o.asked {
				return pass
			}
			switch {
			case m.when == atSettledOp:
				return bad("%s was cancelled and the answer was ok; its packet has not come", o)
			case m.when == atCancel && !o.resolved():
				return pass
			case m.when == atPacket && m.packet.Status.Code == Aborted, m.when == atCancel && o.ended.Code == Aborted:
				return okAs(0, 0)
			}
			return okAs(0, 1)
		},
	},
	{
		ID: "CAN-2", Text: "An operation whose cancel was answered not-found is not aborted by it.",
		Profiles: portable, Needs: []Capability{CanCancel},
		Sources:    []string{"Microsoft Learn, CancelIoEx: ERROR_NOT_FOUND, no request was cancelled"},
		Situations: []string{"it ended on its own"},
		at:         []moment{atPacket, atCancel, atSettledOp},
		odd:        true,
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || !o.refused || m.when == atCancel && !o.resolved() {
				return pass
			}
			if m.when == atSettledOp {
				return bad("a cancel of %s was answered not-found, so it had ended; its packet has not come", o)
			}
			if o.ended.Code == Aborted && o.disturbs == 1 {
				return bad("%s ended aborted; its only cancel had been answered not-found", o)
			}
			return ok(0)
		},
	},
	{
		ID: "CAN-3", Text: "Nothing is aborted that was not cancelled, closed or shut down; cancelling one operation leaves the others alone.",
		Profiles:   portable,
		Sources:    []string{"Microsoft Learn, CancelIoEx: lpOverlapped names the operation"},
		Situations: []string{"cancelled", "closed"},
		Where:      map[string]string{"cancelled": "cancel|cancel-all", "closed": "close=abort"},
		at:         []moment{atPacket},
		odd:        true,
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || o.verb == Post || m.packet.Status.Code != Aborted {
				return pass
			}
			if o.disturbs == 0 {
				return bad("%s ended aborted; nobody had cancelled it or closed its socket", o)
			}
			if o.sock.closed.called() {
				return ok(1)
			}
			return ok(0)
		},
	},
	{
		ID: "CAN-4", Text: "Cancelling what has ended is answered not-found.",
		Profiles: portable, Needs: []Capability{CanCancel},
		Sources:    []string{"Microsoft Learn, CancelIoEx: ERROR_NOT_FOUND"},
		Situations: []string{"the operation had ended", "nothing was outstanding"},
		Where:      map[string]string{"nothing was outstanding": "cancel-all"},
		at:         []moment{atCancel},
		check: func(l *ledger, m *matter) outcome {
			one := m.key != 0
			if m.sock.end(m.via).called() || m.op != nil || one && !m.sure || !one && !m.idle {
				return pass
			}
			if m.status.Ok() {
				if one {
					return bad("a cancel of operation %d was answered ok; the operation had ended before", m.key)
				}
				return bad("a cancel of everything on %s was answered ok; nothing was outstanding", m.sock)
			}
			if one {
				return ok(0)
			}
			return ok(1)
		},
	},
	{
		ID: "CAN-5", Text: "Cancelling everything on a socket that was answered ok ends every operation started before.",
		Profiles: portable, Needs: []Capability{CanCancelAll},
		Sources:    []string{"Microsoft Learn, CancelIoEx: with NULL all requests of the handle"},
		Situations: []string{"its packet came"},
		at:         []moment{atPacket, atSettledOp},
		odd:        true,
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || !o.askedAll {
				return pass
			}
			if m.when == atSettledOp {
				return bad("everything on %s was cancelled, %s before that was started; its packet has not come", o.sock, o)
			}
			return ok(0)
		},
	},
}
