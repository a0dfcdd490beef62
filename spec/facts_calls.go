package spec

// ports, waits, packets, receives, sends, cancels: rules_windows_calls.go judges them.
var factsOfCalls = []Fact{}
