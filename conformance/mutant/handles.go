package mutant

// handlesOfModel are the bugs that have to do with handles, and with the threads that started what hangs on them or count on a port.
var handlesOfModel = []Mutant{
	{Bug: "thread-exit-cancels", What: "the end of a thread ends what it has started on a socket with a port", Incident: "MicrosoftDocs/sdk-api#1137", Rules: []string{"CAN-10"}},
	{Bug: "duplicate-associates", What: "a second handle can be associated once more", Rules: []string{"KEY-7"}},
	{Bug: "duplicate-keyless", What: "what is started through a second handle has no key", Rules: []string{"KEY-8"}},
	{Bug: "close-ignores-duplicates", What: "closing a handle ends the operations although there is another", Rules: []string{"CAN-11"}},
	{Bug: "thread-exit-spares-events", What: "the end of a thread leaves operations with events alone", Rules: []string{"CAN-12"}},
	{Bug: "event-not-reset", What: "the start of an operation does not reset its event", Rules: []string{"OPN-11"}},
	{Bug: "event-forgotten", What: "the event of an operation with a packet is not signaled", Rules: []string{"OPN-10"}},
	{Bug: "low-bit-ignored", What: "a packet comes although the event has its low bit set", Rules: []string{"PKT-15"}},
	{Bug: "always-alertable", What: "every wait runs asynchronous procedure calls", Rules: []string{"PKT-16"}},
	{Bug: "never-alertable", What: "no wait runs asynchronous procedure calls", Rules: []string{"PKT-17"}},
	{Bug: "apc-first", What: "an alertable wait runs asynchronous procedure calls and takes a packet as well", Rules: []string{"PKT-18"}},
	{Bug: "accept-event-forgotten", What: "the event of an accept is not signaled", Rules: []string{"OPN-10"}},
	{Bug: "event-auto-resets", What: "whoever has waited for an event resets it", Rules: []string{"OPN-10"}},
	{Bug: "third-handle-uncounted", What: "a handle made through a second handle does not keep the socket open", Rules: []string{"CAN-11"}},
	{Bug: "waiter-exit-cancels", What: "the end of a thread ends what it has started, if it has waited on a port", Incident: "MicrosoftDocs/sdk-api#1137", Rules: []string{"CAN-10"}},
	{Bug: "thread-exit-cancels-others", What: "the end of a thread ends what others have started with events as well", Rules: []string{"CAN-3"}},
	{Bug: "skips-for-one-handle", What: "a socket that was told to skip on success through one handle does not where another is used", Rules: []string{"OPN-3"}},
	{Bug: "shut-for-one-handle", What: "what is sent through another handle than the one by which the sending side was shut down succeeds", Rules: []string{"SND-5"}},
	{Bug: "one-thread-fewer", What: "a port for several threads lets one fewer run at once", Rules: []string{"THR-6"}},
	{Bug: "blocked-thread-counts", What: "a thread that has taken a packet and is blocked elsewhere counts among those that run", Rules: []string{"THR-6"}},
	{Bug: "poll-counts", What: "a thread that comes back for more, to wait no time, and finds nothing goes on counting among those that run", Rules: []string{"THR-6"}},
}
