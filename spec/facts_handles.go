package spec

// events, asynchronous procedure calls, duplicated handles, threads: rules_windows_handles.go judges them.
var factsOfHandles = []Fact{
	{
		ID: "PORT-22", Text: "An alertable wait on an empty port runs the asynchronous procedure call that is queued to its thread, and ends with WAIT_IO_COMPLETION.",
		Rules: []string{"PKT-17"},
	},
	{
		ID: "PORT-23", Text: "If a packet is there as well, an alertable wait takes it, and the call does not run.",
		Rules: []string{"PKT-18"},
	},
	{
		ID: "PORT-24", Text: "A wait that is not alertable runs no asynchronous procedure calls.",
		Rules: []string{"PKT-16"},
	},
	{
		ID: "PORT-25", Text: "A port can be waited on as an object, which is satisfied while a packet is queued that no thread has been given.",
		Omitted: "nothing in the contract waits on handles; and which of a packet's takers is served first depends on the version",
	},
	{
		ID: "PORT-26", Text: "A port serves all threads of its process, and no other process.",
		Omitted: "a back end lives in one process",
	},
	{
		ID: "PORT-27", Text: "A wait completion packet queues one packet when the object that it is tied to is signaled.",
		Omitted: "only kernel interfaces have it",
	},
	{
		ID: "KEY-03", Text: "A socket and not its handle is associated: a second handle cannot be associated again, and I/O through it comes to the port, under the first key.",
		Rules: []string{"KEY-7", "KEY-8"},
	},
	{
		ID: "KEY-04", Text: "Closing one of several handles cancels nothing; closing the last one does, with a packet for each operation.",
		Rules: []string{"CAN-11", "CLS-1"}, Cases: []string{"close/second-handle", "close/first-handle-before-the-second"},
	},
	{
		ID: "KEY-08", Text: "What was started with a completion routine before the association ends in its routine, and has no packet.",
		Omitted: "not built yet: the contract has no completion routines",
	},
	{
		ID: "OVL-17", Text: "A handle can be told to leave its own event alone; the event of an operation is set all the same.",
		Rules: []string{"OPN-10"}, Cases: []string{"operation/event-on-a-socket-that-skips"},
	},
	{
		ID: "OVL-18", Text: "The lowest bit of an operation's event, if it is set, keeps the packet away; the event is signaled.",
		Rules: []string{"PKT-15", "OPN-10"}, Cases: []string{"operation/event-instead-of-packets", "operation/event-of-a-connect"},
	},
	{
		ID: "OVL-19", Text: "Without that bit an operation on a socket with a port signals its event and queues its packet.",
		Rules: []string{"OPN-10"}, Cases: []string{"operation/event-beside-packets", "operation/event-of-a-connect"},
	},
	{
		ID: "OVL-20", Text: "An operation without an event signals the handle of its socket.",
		Omitted: "a handle that is waited on itself is not part of the contract: with several operations outstanding it tells of none of them",
	},
	{
		ID: "OVL-21", Text: "The start of an operation resets the operation's event.",
		Rules: []string{"OPN-11"}, Cases: []string{"operation/event-beside-packets"},
	},
	{
		ID: "CAN-20", Text: "When a thread ends, what it has started and is pending is cancelled, unless the handle is associated with a port.",
		Rules: []string{"CAN-10"}, Cases: []string{"cancel/starter-ends", "cancel/accepter-ends"},
	},
	{
		ID: "CAN-21", Text: "An operation with an event is cancelled when its thread ends, and its packet comes, even if the socket has a port.",
		Rules: []string{"CAN-12"}, Cases: []string{"cancel/starter-with-event-ends"},
	},
	{
		ID: "CAN-22", Text: "Ending a thread by force does to its operations what its own end does.",
		Omitted: "a thread that is ended by force takes the locks of the language's runtime with it",
	},
	{
		ID: "CAN-23", Text: "What becomes of an operation whose socket was associated after it had been started, and whose thread ends then, is not known.",
		Omitted: "inference only; to be seen on Windows first",
	},
}
