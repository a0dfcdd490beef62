package spec

// events, asynchronous procedure calls, duplicated handles, threads: rules_windows_handles.go judges them.
var factsOfHandles = []Fact{}
