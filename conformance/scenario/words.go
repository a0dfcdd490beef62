package scenario

// Word is an entry of a closed vocabulary, with what it means.
type Word struct{ Word, Meaning string }

// Statuses are the words for what a call, an operation or a wait came to. They are reserved: nothing can be named so.
var Statuses = []Word{
	{"pending", "started; a packet follows"},
	{"done", "complete at once; a packet follows unless the socket skips it"},
	{"refused", "of a start: not started, no packet follows; of an operation: nobody listens there"},
	{"ok", "success"},
	{"aborted", "cancelled, or the socket was closed"},
	{"reset", "the connection was reset by the far end"},
	{"netname", "the connection was torn down locally (ERROR_NETNAME_DELETED)"},
	{"truncated", "the datagram was longer than the buffer"},
	{"timedout", "ran out of time"},
	{"abandoned", "the port was closed while the wait was blocked"},
	{"closed", "the object had been closed before"},
	{"notfound", "nothing left to cancel"},
	{"wouldblock", "nothing to be had without blocking"},
	{"shutdown", "this direction has been shut down"},
	{"notconnected", "the socket has no connection"},
	{"connected", "the socket has a connection already"},
	{"inuse", "the address or the object is taken"},
	{"invalid", "the arguments or the state do not allow the call"},
	{"busy", "one such operation at a time"},
	{"unreachable", "the far end cannot be reached"},
	{"noresources", "the platform ran out of something"},
	{"unsupported", "the back end does not do this"},
	{"interrupted", "the thread had a procedure call to run"},
}

// Events are what a poller reports of a socket.
var Events = []Word{
	{"in", "readable, or a connection waits"},
	{"out", "writable"},
	{"pri", "urgent data"},
	{"rdhup", "the far end will send no more"},
	{"hup", "both directions are over"},
	{"err", "an error waits"},
}

// Flags are what a poller is asked to watch and how.
var Flags = []Word{
	{"in", "readable"},
	{"out", "writable"},
	{"pri", "urgent data"},
	{"rdhup", "the far end's end of stream"},
	{"level", "report as long as it is so"},
	{"edge", "report when it becomes so"},
	{"oneshot", "report once, then wait to be armed again"},
	{"exclusive", "wake one of several pollers"},
	{"none", "nothing"},
}

// Sides are the directions of a shutdown.
var Sides = []Word{
	{"send", "the far end reads to the end and then sees it"},
	{"receive", "no further receive"},
	{"both", "both"},
}

// Arguments are what can be left out of an AcceptEx.
var Arguments = []Word{
	{"buffer", "the output buffer"},
	{"overlapped", "the OVERLAPPED structure"},
	{"listener", "the listener"},
	{"socket", "the socket to accept into"},
}

// Handlers are what the threads of a pool do with packets.
var Handlers = []Word{
	{"session-echo", "send back what came, re-post the receive as the last act"},
	{"session-echo-repost-first", "re-post the receive first, then send back what came"},
	{"accept-loop", "re-post the accept, then serve the connection as session-echo does"},
	{"drain", "take packets, do nothing"},
}

// Observations are what observe can ask for: things that are permitted, so no rule is broken either way.
var Observations = []Word{
	{"overlap", "two handlers of the object ran at once"},
	{"ran", "the asynchronous procedure call has run"},
	{"reorder", "handlers ran in another order than the data came"},
	{"inline", "an operation was complete when its start returned"},
	{"reuse", "an identity was given out again"},
	{"spurious", "a wait was woken and found nothing"},
	{"both", "two waits were woken for one event"},
}

// Disturbances are what net can do.
var Disturbances = []Word{
	{"drop", "lose the next segment or datagram"},
	{"dup", "deliver the next datagram twice"},
	{"reorder", "deliver the next datagram after the one behind it"},
	{"delay", "hold back everything that long"},
	{"cut", "let nothing through"},
	{"heal", "let everything through again"},
}

// Worlds are the values of the world header; without it a case runs in any.
var Worlds = []Word{
	{"sim", "only in the simulated world"},
	{"real", "only on a real kernel"},
}

// HeaderWords are the headers. Those of a failure file stand beside those of its scenario.
var HeaderWords = []Word{
	{"rules", "the rules the case exercises"},
	{"needs", "the capabilities a target must have, else the case is skipped"},
	{"world", "sim or real, where the case makes no sense in the other"},
	{"axes", "pairs such as fill=fifo: the case is for targets that declare so"},
	{"trigger", "any: what is level-triggered is edge-triggered or one-shot for a target that has nothing else"},
	{"answers", "any: no line expects anything, and one that finds nothing to act on is passed over"},
	{"choices", "failure file: the choices that were made, base32"},
	{"target", "failure file: what it was seen on"},
	{"seed", "failure file: the seed that was drawn from"},
}

// onceHeaders may not be repeated: a second one would contradict the first.
var onceHeaders = map[string]bool{"world": true, "trigger": true, "answers": true, "choices": true, "target": true, "seed": true}

// words that would make a line ambiguous as names; the statuses and events are reserved besides.
var reserved = map[string]bool{"nothing": true, "all": true, "main": true, "eof": true}

func init() {
	for _, table := range [][]Word{Statuses, Events} {
		for _, w := range table {
			reserved[w.Word] = true
		}
	}
}

// otherwise is how other interfaces call our verbs.
var otherwise = map[string]string{
	"receive": "recv", "read": "recv", "write": "send", "receivefrom": "recvfrom", "socket": "tcp", "epoll": "poller",
	"sleep": "time", "closesocket": "close", "delete": "remove", "mod": "modify", "bind": "listen",
}

func has(table []Word, word string) bool {
	for _, w := range table {
		if w.Word == word {
			return true
		}
	}
	return false
}

func list(table []Word) []string {
	words := make([]string, len(table))
	for i, w := range table {
		words[i] = w.Word
	}
	return words
}

// Vocabulary is what a file may refer to beyond the language itself. A nil field is not checked.
type Vocabulary struct {
	Rules        map[string]bool     // ids, such as ACC-4
	Capabilities map[string]bool     // words behind needs
	Axes         map[string][]string // axis: its values
}
