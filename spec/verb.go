package spec

import "strconv"

// Verb is what a call does: the operations that Start starts, then the other calls of a
// back end, then those of the far end.
type Verb uint8

const (
	NoVerb Verb = iota
	Accept
	Connect
	Disconnect
	Receive
	Send
	ReceiveFrom
	SendTo
	// calls of a back end
	OpenPort
	OpenSocket
	Bind
	Listen
	Associate
	Post
	Wait
	Cancel
	CancelAll
	ShutdownSocket
	Skip
	CloseSocket
	ClosePort
	UpdateContext // capability context, as the next two
	LocalName
	PeerName
	// calls that only the back ends of Windows know, and their threads
	ExitThread
	DuplicateSocket
	OpenEvent
	WaitEvent
	QueueAPC
	// calls of a readiness back end; bind, listen, shutdown and close are those of above
	OpenPoller
	OpenRaw
	AddInterest
	ModifyInterest
	RemoveInterest
	WaitReady
	TryAccept
	TryConnect
	TryReceive
	TrySend
	TryReceiveFrom
	TrySendTo
	DupRaw
	ClosePoller
	// calls of the far end
	PeerConnect
	PeerListen
	PeerAccept
	PeerSend
	PeerRead
	PeerHalfClose
	PeerClose
	PeerAbort
	PeerBind // of a datagram far end: it gets an address
	// what the network did to a datagram; marks, not calls
	NetDrop
	NetDup
	NetReorder
	verbs
)

var verbWord = [verbs]string{
	NoVerb: "", Accept: "accept", Connect: "connect", Disconnect: "disconnect", Receive: "recv", Send: "send",
	ReceiveFrom: "recvfrom", SendTo: "sendto",
	OpenPort: "port", OpenSocket: "socket", Bind: "bind", Listen: "listen", Associate: "associate", Post: "post", Wait: "wait",
	Cancel: "cancel", CancelAll: "cancel-all", ShutdownSocket: "shutdown", Skip: "skip", CloseSocket: "close", ClosePort: "close-port",
	UpdateContext: "context", LocalName: "name", PeerName: "peername",
	ExitThread: "exit", DuplicateSocket: "duplicate", OpenEvent: "event", WaitEvent: "wait-event", QueueAPC: "queue-apc",
	OpenPoller: "poller", OpenRaw: "raw", AddInterest: "add", ModifyInterest: "modify", RemoveInterest: "remove", WaitReady: "wait-ready",
	TryAccept: "try-accept", TryConnect: "try-connect", TryReceive: "try-recv", TrySend: "try-send", TryReceiveFrom: "try-recvfrom", TrySendTo: "try-sendto",
	DupRaw: "dup", ClosePoller: "close-poller",
	PeerConnect: "peer-connect", PeerListen: "peer-listen", PeerAccept: "peer-accept", PeerSend: "peer-send", PeerRead: "peer-read",
	PeerHalfClose: "peer-half-close", PeerClose: "peer-close", PeerAbort: "peer-abort",
	PeerBind: "peer-bind", NetDrop: "net-drop", NetDup: "net-dup", NetReorder: "net-reorder",
}

// String returns the word of v in traces.
func (v Verb) String() string {
	if v < verbs {
		return verbWord[v]
	}
	return "verb(" + strconv.Itoa(int(v)) + ")"
}

// VerbByWord returns the verb that word stands for.
func VerbByWord(word string) (Verb, bool) {
	for v, w := range verbWord {
		if w == word && w != "" {
			return Verb(v), true
		}
	}
	return 0, false
}

// Starts reports whether v is an operation, started with Start.
func (v Verb) Starts() bool { return v >= Accept && v <= SendTo }

// OfPoller reports whether v is a call that only readiness back ends know.
func (v Verb) OfPoller() bool { return v >= OpenPoller && v <= ClosePoller }

// Tries reports whether v tries an operation.
func (v Verb) Tries() bool { return v >= TryAccept && v <= TrySendTo }

// OfPeer reports whether v is a call of the far end.
func (v Verb) OfPeer() bool { return v >= PeerConnect && v <= PeerBind }

// OfNet reports whether v is something that the network did.
func (v Verb) OfNet() bool { return v >= NetDrop && v <= NetReorder }

// gives reports whether v takes bytes from the program, takes whether it brings some.
func (v Verb) gives() bool { return v == Send || v == SendTo }
func (v Verb) takes() bool { return v == Receive || v == ReceiveFrom }
