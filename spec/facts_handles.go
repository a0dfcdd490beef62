package spec

// events, asynchronous procedure calls, duplicated handles, threads: rules_windows_handles.go judges them.
var factsOfHandles = []Fact{
	{
		ID: "KEY-03", Text: "A socket and not its handle is associated: a second handle cannot be associated again, and I/O through it comes to the port, under the first key.",
		Rules: []string{"KEY-7", "KEY-8"},
	},
	{
		ID: "KEY-04", Text: "Closing one of several handles cancels nothing; closing the last one does, with a packet for each operation.",
		Rules: []string{"CAN-11", "CLS-1"}, Cases: []string{"close/second-handle", "close/first-handle-before-the-second"},
	},
	{
		ID: "CAN-20", Text: "When a thread ends, what it has started and is pending is cancelled, unless the handle is associated with a port.",
		Rules: []string{"CAN-10"}, Cases: []string{"cancel/starter-ends", "cancel/accepter-ends"},
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
