package spec

// ruleWindowsHandles are rules of the windows profile: events, asynchronous procedure calls, duplicated handles, threads that end.
var ruleWindowsHandles = []*Rule{
	{
		ID: "CAN-10", Text: "An operation of a socket with a port goes on when the thread that started it ends.",
		Profiles: windowsOnly, Needs: []Capability{CanThreadExit},
		Sources: []string{
			"Microsoft Learn, ExitThread, Remarks: pending I/O of a handle associated with a completion port is not cancelled",
			"Wine ws2_32 tests, sock.c, iocp_async_read_thread",
		},
		Situations: []string{"a receive", "an accept"},
		at:         []moment{atPacket},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			if o == nil || !o.orphan || !o.keySure || o.disturbs > 1 {
				return pass
			}
			if m.packet.Status.Code == Aborted {
				return bad("%s ended aborted; nothing had happened to it but that %s, which started it, ended", o, l.threadName(o.by))
			}
			switch o.verb {
			case Receive:
				return ok(0)
			case Accept:
				return ok(1)
			}
			return pass
		},
	},
}
