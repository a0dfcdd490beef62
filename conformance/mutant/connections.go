package mutant

// connectionsOfModel are the bugs that have to do with how Windows accepts, connects and disconnects.
var connectionsOfModel = []Mutant{
	{Bug: "context-ignored", What: "an accepted socket has names before it was told its listener", Rules: []string{"ACC-8"}},
	{Bug: "context-from-anybody", What: "any socket will do for the listener that a connection came from", Incident: "nanomsg/nng#1604", Rules: []string{"ACC-11"}},
	{Bug: "shutdown-of-nothing", What: "a socket without a connection can be shut down", Incident: "dotnet/corefx#3469", Rules: []string{"CON-8"}},
	{Bug: "room-unchecked", What: "the room that an accept has for addresses is not looked at", Rules: []string{"ACC-12", "ACC-15"}},
	{Bug: "accept-anywhere", What: "an accept on a socket that does not listen is pending for ever", Rules: []string{"ACC-13"}},
	{Bug: "accept-reset-untold", What: "an accept whose client has reset the connection says that there is no connection", Incident: "python/cpython#93821", Rules: []string{"ACC-16"}},
	{Bug: "connect-binds", What: "a socket that is not bound can be connected", Rules: []string{"CON-3"}},
	{Bug: "connect-twice", What: "a second connect takes the first one's place", Rules: []string{"CON-3"}},
	{Bug: "refused-for-good", What: "a socket whose connect was refused cannot be connected any more", Rules: []string{"CON-5"}},
	{Bug: "connect-data-forgotten", What: "what a connect is given to send is not sent", Rules: []string{"CON-6"}},
	{Bug: "connect-data-late", What: "what a connect is given to send is looked at when the connection is there", Rules: []string{"SND-1"}},
	{Bug: "disconnect-sends", What: "after a disconnect, sends go on", Rules: []string{"CON-11", "SND-5"}},
	{Bug: "disconnect-unheard", What: "a disconnect does not reach the far end", Rules: []string{"CON-12", "SND-7"}},
	{Bug: "reuse-refused", What: "a socket that was disconnected to be used again cannot be", Incident: "dotnet/corefx#17000", Rules: []string{"CON-13"}},
	{Bug: "reuse-forgets-skip", What: "a socket that is used again does not skip on success any more", Incident: "dotnet/corefx#17000", Rules: []string{"OPN-3"}},
}
