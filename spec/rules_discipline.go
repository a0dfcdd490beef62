package spec

var ruleDiscipline = []*Rule{
	{
		ID: "DSC-1", Text: "The program leaves an operation and its buffer alone until the packet has been taken.", Binds: Obligation,
		Claims:  []string{"S7"},
		Sources: []string{"Microsoft Learn, WSARecv and OVERLAPPED"},
	},
	{
		ID: "DSC-2", Text: "A program whose handlers must not overlap keeps one receive outstanding on a socket, and posts it again as the handler's last act.", Binds: Obligation,
		Claims:  []string{"S13", "S28"},
		Sources: []string{"Microsoft Learn, WSARecv: order of processing is up to the application"},
	},
	{
		ID: "DSC-3", Text: "The program makes no call on a socket while another thread closes it.", Binds: Obligation,
		Sources: []string{"Microsoft Learn, closesocket: must not be called concurrently with another function on the socket"},
	},
	{
		ID: "DSC-4", Text: "No two operations that are outstanding at once have the same token.", Binds: Obligation,
		Claims:     []string{"S8"},
		Sources:    []string{"Microsoft Learn, WSARecv: one OVERLAPPED for each outstanding operation"},
		Situations: []string{"a token of its own"},
		at:         []moment{atStart},
		check: func(l *ledger, m *matter) outcome {
			o := m.op
			for x := o.next; x != nil; x = x.next {
				if x.verb != Post && o.how != RefusedAtStart {
					return bad("%s was started with the token of %s, which is outstanding", o, x)
				}
			}
			return ok(0)
		},
	},
}
