package mutant

// handlesOfModel are the bugs that have to do with handles, and with the threads that started what hangs on them.
var handlesOfModel = []Mutant{
	{Bug: "thread-exit-cancels", What: "the end of a thread ends what it has started on a socket with a port", Incident: "MicrosoftDocs/sdk-api#1137", Rules: []string{"CAN-10"}},
}
