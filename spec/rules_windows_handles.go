package spec

// ruleWindowsHandles are rules of the windows profile: events, asynchronous procedure calls, duplicated handles, threads that end.
var ruleWindowsHandles = []*Rule{}
