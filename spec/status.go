package spec

import "strconv"

// Code is the portable meaning of a Status. The set is closed: a back end maps
// whatever its platform says to one of these and keeps the native number beside it.
type Code uint8

const (
	OK           Code = iota // success
	Aborted                  // the operation was cancelled, or its socket was closed
	Reset                    // the connection was reset by the far end
	Refused                  // nothing listens at the address
	Truncated                // the datagram was longer than the buffer
	TimedOut                 // a wait or a connect ran out of time
	Abandoned                // the port was closed while the wait was blocked
	Closed                   // the object had been closed before the call
	NotFound                 // cancel: nothing left that could be cancelled
	WouldBlock               // non-blocking try: nothing to be had now
	Shut                     // this direction has been shut down by our side
	NotConnected             // the socket has no connection
	Connected                // the socket has a connection already
	InUse                    // the address is taken
	Invalid                  // the arguments or the object's state do not allow the call
	Busy                     // one such operation at a time (axis receives=1)
	Unreachable              // the far end cannot be reached
	NoResources              // the platform ran out of something
	Unsupported              // the back end does not do this
	Interrupted              // a wait ended because its thread had something else to run
	codes
)

// codeWord is the word of each code in scenarios, traces and reports.
var codeWord = [codes]string{
	OK: "ok", Aborted: "aborted", Reset: "reset", Refused: "refused", Truncated: "truncated",
	TimedOut: "timedout", Abandoned: "abandoned", Closed: "closed", NotFound: "notfound",
	WouldBlock: "wouldblock", Shut: "shutdown", NotConnected: "notconnected", Connected: "connected",
	InUse: "inuse", Invalid: "invalid", Busy: "busy", Unreachable: "unreachable",
	NoResources: "noresources", Unsupported: "unsupported", Interrupted: "interrupted",
}

// String returns the word of c in scenarios and traces.
func (c Code) String() string {
	if c < codes {
		return codeWord[c]
	}
	return "code(" + strconv.Itoa(int(c)) + ")"
}

// CodeByWord returns the code that word stands for.
func CodeByWord(word string) (Code, bool) {
	for c, w := range codeWord {
		if w == word {
			return Code(c), true
		}
	}
	return 0, false
}

// CodeWords returns the word of every code, in the order of the codes.
func CodeWords() []string { return codeWord[:] }

// Space names the vocabulary that a native status number is taken from.
type Space uint8

const (
	NoSpace  Space = iota // no native number
	NTStatus              // NTSTATUS, as in OVERLAPPED.Internal
	Win32                 // GetLastError
	WSA                   // WSAGetLastError
	Errno                 // errno, positive
	spaces
)

var spaceWord = [spaces]string{NTStatus: "ntstatus", Win32: "win32", WSA: "wsa", Errno: "errno"}

// String returns the word of s in traces, empty for NoSpace.
func (s Space) String() string {
	if s < spaces {
		return spaceWord[s]
	}
	return "space(" + strconv.Itoa(int(s)) + ")"
}

// Status is what a back end says about a call or an operation. It is what
// rules judge. A Go error, in contrast, only ever means that the suite itself could
// not do something.
type Status struct {
	Code   Code
	Space  Space
	Native int64 // the platform's own number, 0 where there is none
}

// Ok reports whether the status is success.
func (s Status) Ok() bool { return s.Code == OK }

// String returns the portable word, with the native number where there is one.
func (s Status) String() string {
	if s.Space == NoSpace {
		return s.Code.String()
	}
	return s.Code.String() + " (" + s.Space.String() + " " + strconv.FormatInt(s.Native, 10) + ")"
}

// Is returns the status with code c and no native number.
func Is(c Code) Status { return Status{Code: c} }
