package spec

// accepting, connecting, disconnecting: rules_windows_connections.go judges them.
var factsOfConnections = []Fact{}
