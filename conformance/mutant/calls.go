package mutant

// callsOfModel are the bugs in what Windows' calls answer and its packets say.
var callsOfModel = []Mutant{
	{Bug: "send-unconnected-reset", What: "a send without a connection is refused as reset", Incident: "Wine 8.0, WSASend", Rules: []string{"SND-9"}},
	{Bug: "reset-forgotten", What: "after a reset has been reported, receives see the end of the stream", Incident: "Wine 8.0, WSARecv", Rules: []string{"RCV-11"}},
	{Bug: "late-key-forgotten", What: "what was pending when its socket was associated has a packet without the key", Rules: []string{"KEY-6"}},
	{Bug: "shutdown-ends-receives", What: "shutting the receiving side down ends what is pending there", Rules: []string{"RCV-12"}},
	{Bug: "close-rewrites", What: "closing a socket turns the packets of what had succeeded into failures", Rules: []string{"OPN-7"}},
	{Bug: "posts-first", What: "posts leave the port before the packets of operations", Rules: []string{"PKT-12"}},
	{Bug: "closed-port-abandons", What: "a wait on a closed port says that the port was closed meanwhile", Rules: []string{"PKT-10"}},
	{Bug: "not-found-unmapped", What: "a cancel that finds nothing says so in NTSTATUS", Rules: []string{"CAN-6"}},
	{Bug: "reset-unmapped", What: "a packet says of a reset what GetLastError would", Rules: []string{"PKT-11"}},
	{Bug: "cancel-counts", What: "a receive that was cancelled reports its whole buffer", Rules: []string{"PKT-13"}},
	{Bug: "unbound-receive-pends", What: "a receive on a datagram socket without an address waits", Incident: "Wine 8.0, WSARecvFrom", Rules: []string{"DGM-17"}},
	{Bug: "second-association-handle", What: "a second association is answered as that of an invalid handle", Rules: []string{"KEY-5"}},
	{Bug: "close-lingers", What: "sends that are pending at the close go on until the far end has read them", Incident: "Wine 8.0, closesocket", Rules: []string{"CLS-8"}},
	{Bug: "shutdown-receive-ends", What: "shutting the receiving side down ends the sending side as well", Rules: []string{"SND-10"}},
	{Bug: "closed-is-invalid", What: "a start on a closed socket is refused as invalid", Rules: []string{"CLS-9"}},
	{Bug: "close-says-handle", What: "what closing a socket ends says that its handle was closed", Incident: "Wine 8.0, closesocket", Rules: []string{"CLS-7"}},
}
