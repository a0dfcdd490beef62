package spec

// ruleWindowsConnections are rules of the windows profile: AcceptEx and its arguments, ConnectEx, DisconnectEx, and the contexts of their sockets.
var ruleWindowsConnections = []*Rule{}
