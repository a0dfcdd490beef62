package mutant

// handlesOfModel are the bugs that have to do with handles, and with the threads that started what hangs on them.
var handlesOfModel = []Mutant{
	{Bug: "thread-exit-cancels", What: "the end of a thread ends what it has started on a socket with a port", Incident: "MicrosoftDocs/sdk-api#1137", Rules: []string{"CAN-10"}},
	{Bug: "duplicate-associates", What: "a second handle can be associated once more", Rules: []string{"KEY-7"}},
	{Bug: "duplicate-keyless", What: "what is started through a second handle has no key", Rules: []string{"KEY-8"}},
	{Bug: "close-ignores-duplicates", What: "closing a handle ends the operations although there is another", Rules: []string{"CAN-11"}},
}
