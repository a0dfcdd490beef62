package scenario

// Group is the family a verb belongs to.
type Group string

const (
	GroupOpen    Group = "open"    // port, listener, sockets
	GroupStart   Group = "start"   // operations
	GroupControl Group = "control" // cancel, shutdown, close ...
	GroupWait    Group = "wait"
	GroupPeers   Group = "peer" // the far end
	GroupPools   Group = "pool" // worker threads
	GroupReady   Group = "readiness"
	GroupMark    Group = "mark" // says something to the runner or the checker
)

// Answer is what may stand behind "->" on a line.
type Answer uint8

const (
	NoAnswer     Answer = iota
	StartAnswer         // pending, done, refused
	StatusAnswer        // any status but pending and done
	PacketAnswer        // nothing, packets, or the status of the wait itself
)

// Takes is what an option takes for its value.
type Takes uint8

const (
	TakesNumber Takes = iota
	TakesTime         // 5ms
	TakesName         // of something introduced before
	TakesChoice       // one of a few words
	TakesYes          // yes or no
)

// Option is a key=value that a verb takes.
type Option struct {
	Key     string
	Takes   Takes
	Max     uint64 // TakesNumber: largest
	Min     uint64 // TakesNumber: smallest
	Words   []Word // TakesChoice
	kinds   kind   // TakesName: of what
	Brings  string // TakesName: what the option introduces, for help; "" if it refers
	Meaning string
	Must    bool // cannot be left out
}

// Verb is an entry of the language: the table that the parser obeys and the help is made from.
type Verb struct {
	Word    string
	Group   Group
	Example string
	Meaning string
	Options []Option
	Answer  Answer
	Misuse  bool // can break an obligation
}

// Bounds: wide enough for any sensible case, narrow enough that a slip of the finger does not eat the machine.
const (
	maxBytes   = 1 << 30
	maxCount   = 1 << 20 // rounds, attempts, packets
	maxMembers = 1 << 10 // peers in a group, threads in a pool
	maxKey     = 1<<64 - 1
	maxRoom    = 1 << 16 // bytes for an address
)

var (
	optKey     = Option{Key: "key", Takes: TakesNumber, Max: maxKey, Meaning: "completion key"}
	optIP      = Option{Key: "ip", Takes: TakesNumber, Min: 4, Max: 6, Meaning: "4 or 6"}
	optLen     = must(Option{Key: "len", Takes: TakesNumber, Max: maxBytes, Meaning: "bytes of buffer"})
	optToken   = Option{Key: "token", Takes: TakesName, kinds: kOp, Meaning: "use the token of that operation again"}
	optBuffer  = Option{Key: "buffer", Takes: TakesName, kinds: kOp, Meaning: "use the buffer of that operation"}
	optEvent   = Option{Key: "event", Takes: TakesName, kinds: kEvent, Meaning: "the event that it signals"}
	optPacket  = Option{Key: "packet", Takes: TakesYes, Meaning: "no: its event alone tells of it; yes if not given"}
	optWaitAll = Option{Key: "waitall", Takes: TakesYes, Meaning: "complete only when the buffer is full"}
	optReuse   = Option{Key: "reuse", Takes: TakesName, kinds: kSocket, Meaning: "in the hope of the identity of that closed socket"}
	optTries   = Option{Key: "attempts", Takes: TakesNumber, Min: 1, Max: maxCount, Meaning: "datagrams may get lost: send up to so many"}
	optContext = Option{Key: "context", Takes: TakesYes, Meaning: "tell the socket how it came to its connection before the packet is handed on; yes if not given"}
	optConc    = Option{Key: "concurrency", Takes: TakesNumber, Max: maxMembers, Meaning: "threads running at once"}
)

// resultOptions may stand behind a status.
var resultOptions = []Option{
	optKey,
	{Key: "sock", Takes: TakesName, kinds: kSocket, Meaning: "accepted socket"},
	{Key: "from", Takes: TakesName, kinds: kPeer | kSocket, Meaning: "sender"},
	{Key: "size", Takes: TakesNumber, Max: maxBytes, Meaning: "true size of the datagram"},
	{Key: "native", Takes: TakesNumber, Max: maxKey, Meaning: "the platform's own code"},
}

func must(o Option) Option { o.Must = true; return o }

// Verbs is every verb of the language.
var Verbs = []Verb{
	{"port", GroupOpen, "port P concurrency=2", "open a completion port", []Option{optConc}, StatusAnswer, false},
	{"listen", GroupOpen, "listen L on P key=0xA", "open a listening socket, on a port or on none",
		[]Option{optKey, {Key: "backlog", Takes: TakesNumber, Max: maxCount, Meaning: "connections that may queue"}, optIP}, StatusAnswer, false},
	{"tcp", GroupOpen, "tcp s ip=4", "open a stream socket, not connected",
		[]Option{optIP, {Key: "bind", Takes: TakesYes, Meaning: "give it a loopback address; no if not given"}}, StatusAnswer, false},
	{"udp", GroupOpen, "udp U ip=4", "open a datagram socket, with an address unless bind=no",
		[]Option{optIP, {Key: "bind", Takes: TakesYes, Meaning: "give it a loopback address; yes if not given"}}, StatusAnswer, false},
	{"event", GroupOpen, "event e", "make an event for operations to signal", nil, StatusAnswer, false},
	{"poller", GroupOpen, "poller E", "open a readiness poller", nil, StatusAnswer, false},
	{"session", GroupOpen, "session s peer=d key=3 skip=yes", "the usual beginning: port P and listener L (key 1) unless there already, then " +
		"peer c (or peer=) connected with socket s, associated with P (key 2, or key=); where the target accepts nothing, s connects and there is no L",
		[]Option{optKey, {Key: "peer", Takes: TakesName, kinds: kPeer, Brings: "peer", Meaning: "name of the far end"},
			{Key: "skip", Takes: TakesYes, Meaning: "skip packets on success"}, optIP}, NoAnswer, false},
	{"associate", GroupOpen, "associate s to P key=2", "tie a socket to a port under a key", []Option{must(optKey)}, StatusAnswer, true},

	{"accept", GroupStart, "accept a1 on L into s1 data=16", "start an accept; the socket is made before (into), named (as) or called a1.sock",
		[]Option{{Key: "data", Takes: TakesNumber, Max: maxBytes, Meaning: "complete with the first bytes, up to so many"}, optContext,
			{Key: "local", Takes: TakesNumber, Max: maxRoom, Meaning: "bytes of room for its own address (AcceptEx)"},
			{Key: "remote", Takes: TakesNumber, Max: maxRoom, Meaning: "bytes of room for the far end's address (AcceptEx)"},
			{Key: "without", Takes: TakesChoice, Words: Arguments, Meaning: "leave an argument out (AcceptEx)"}, optEvent, optPacket, optToken, optBuffer}, StartAnswer, true},
	{"connect", GroupStart, "connect x on s to p data=4", "start a connect to a peer or a listener",
		[]Option{{Key: "data", Takes: TakesNumber, Max: maxBytes, Meaning: "bytes sent with it"}, optContext,
			{Key: "bind", Takes: TakesYes, Meaning: "give the socket an address first, unless it has one; yes if not given"},
			{Key: "overwrite", Takes: TakesYes, Meaning: "change the bytes as soon as the start has returned"}, optEvent, optPacket, optToken, optBuffer}, StartAnswer, true},
	{"disconnect", GroupStart, "disconnect x on s reuse=yes", "start a disconnect",
		[]Option{{Key: "reuse", Takes: TakesYes, Meaning: "keep the socket for another connection"}, optToken}, StartAnswer, true},
	{"recv", GroupStart, "recv r1 on s len=4", "start a receive", []Option{optLen, optWaitAll, optEvent, optPacket, optToken, optBuffer}, StartAnswer, true},
	{"send", GroupStart, "send w1 on s len=100", "start a send", []Option{optLen, optEvent, optPacket, optToken, optBuffer}, StartAnswer, true},
	{"recvfrom", GroupStart, "recvfrom r1 on U len=4", "start a datagram receive", []Option{optLen, optEvent, optPacket, optToken, optBuffer}, StartAnswer, true},
	{"sendto", GroupStart, "sendto w1 on U to u len=8", "start a datagram send", []Option{optLen, optEvent, optPacket, optToken, optBuffer}, StartAnswer, true},

	{"cancel", GroupControl, "cancel r1 -> ok | notfound", "cancel an operation, or with all those of a socket: cancel all s", nil, StatusAnswer, true},
	{"shutdown", GroupControl, "shutdown s send", "end a direction: send, receive, both", nil, StatusAnswer, true},
	{"close", GroupControl, "close s", "close a socket, listener, port or poller", nil, StatusAnswer, true},
	{"skip", GroupControl, "skip s", "no packet when an operation is done at once", nil, StatusAnswer, true},
	{"post", GroupControl, "post k1 to P key=7 bytes=3", "queue a packet by hand",
		[]Option{optKey, {Key: "bytes", Takes: TakesNumber, Max: maxBytes, Meaning: "its byte count"}, optToken}, StatusAnswer, true},
	{"context", GroupControl, "context s from L", "tell a socket which listener its connection came from, or without from that it has connected", nil, StatusAnswer, true},
	{"name", GroupControl, "name s -> ok | notconnected", "ask a socket for its own address", nil, StatusAnswer, true},
	{"peername", GroupControl, "peername s -> ok | notconnected", "ask a socket for the far end's address", nil, StatusAnswer, true},
	{"dup", GroupControl, "dup s as s2", "make a second descriptor, or handle, of a socket or listener", nil, StatusAnswer, true},
	{"apc", GroupControl, "@t1 apc x", "queue an asynchronous procedure call to the thread itself", nil, StatusAnswer, false},

	{"wait", GroupWait, "wait P 5ms max=4 as p1 -> a1: ok key=0xA", "wait for packets or events: so long, forever, or with the runner's patience; alertable: run procedure calls as well", nil, PacketAnswer, true},
	{"await", GroupWait, "await e 5ms -> ok | timedout", "wait for an event: so long, or with the runner's patience", nil, StatusAnswer, false},
	{"join", GroupWait, "@w1 join -> abandoned | closed", "wait until the background lines of the thread have returned", nil, PacketAnswer, false},

	{"peer", GroupPeers, "peer c1 connects L", "something the far end does: see the peer verbs", nil, StatusAnswer, false},

	{"pool", GroupPools, "pool W on P threads=4 handler=session-echo receives=1", "start worker threads",
		[]Option{
			must(Option{Key: "threads", Takes: TakesNumber, Min: 1, Max: maxMembers, Meaning: "how many"}),
			must(Option{Key: "handler", Takes: TakesChoice, Words: Handlers, Meaning: "what they do"}),
			{Key: "receives", Takes: TakesNumber, Min: 1, Max: maxMembers, Meaning: "outstanding a session"},
			{Key: "size", Takes: TakesNumber, Min: 1, Max: maxBytes, Meaning: "bytes of buffer"},
			{Key: "listener", Takes: TakesName, kinds: kListener, Meaning: "accept its connections too"},
		}, NoAnswer, true},
	{"drain", GroupPools, "drain W", "let a pool finish and end its threads", nil, NoAnswer, false},

	{"add", GroupReady, "add U to E in level", "watch a socket", nil, StatusAnswer, true},
	{"modify", GroupReady, "modify U in E in out oneshot", "watch it otherwise, or arm it again", nil, StatusAnswer, true},
	{"remove", GroupReady, "remove U from E", "watch it no more", nil, StatusAnswer, true},
	{"try", GroupReady, "try recv on U len=8 -> ok 8 | wouldblock", "an operation without blocking", nil, StatusAnswer, true},
	{"woken", GroupReady, "woken E exactly 2", "how many background waits were woken: exactly, atmost", nil, NoAnswer, false},

	{"settle", GroupMark, "settle", "until nothing moves any more", nil, NoAnswer, false},
	{"time", GroupMark, "time 5ms", "let time pass", nil, NoAnswer, false},
	{"enter", GroupMark, "@w1 enter p1", "the handler of a packet begins", nil, NoAnswer, true},
	{"leave", GroupMark, "@w1 leave p1", "the handler of a packet ends", nil, NoAnswer, true},
	{"exit", GroupMark, "@w1 exit", "the thread ends, one of the operating system where the world has such", nil, NoAnswer, true},
	{"observe", GroupMark, "observe overlap s", "did something happen that may", nil, NoAnswer, false},
	{"net", GroupMark, "net delay 5ms c", "disturb a network: drop, dup, reorder, delay, cut, heal", nil, NoAnswer, false},
}

// PeerVerbs is what peers do.
var PeerVerbs = []Verb{
	{"connects", GroupPeers, "peer d connects L as s2 reuse=s", "introduce a peer, or peer c[16] a group, connected to a listener; as names our side",
		[]Option{optReuse}, StatusAnswer, false},
	{"listens", GroupPeers, "peer p listens", "introduce a listening peer, to connect to", []Option{optIP}, StatusAnswer, false},
	{"refuses", GroupPeers, "peer p refuses", "introduce an address at which nobody listens", []Option{optIP}, StatusAnswer, false},
	{"udp", GroupPeers, "peer u udp", "introduce a datagram peer with an address", []Option{optIP}, StatusAnswer, false},
	{"accepts", GroupPeers, "peer p accepts as q", "take the next connection of a listening peer", nil, StatusAnswer, false},
	{"sends", GroupPeers, "peer u sends 10 to U attempts=8", "send; to a datagram socket it introduces the peer if need be",
		[]Option{optTries}, StatusAnswer, false},
	{"reads", GroupPeers, "peer c reads 1..100", "read so many bytes exactly, so many at all events, or meet eof, reset, nothing", nil, StatusAnswer, false},
	{"half-closes", GroupPeers, "peer c half-closes", "end its sending direction", nil, StatusAnswer, false},
	{"closes", GroupPeers, "peer c closes", "close", nil, StatusAnswer, false},
	{"resets", GroupPeers, "peer c resets", "close with a reset", nil, StatusAnswer, false},
	{"ping-pongs", GroupPeers, "peer c[16] ping-pongs 50 size=64", "send and read back, so many rounds",
		[]Option{{Key: "size", Takes: TakesNumber, Min: 1, Max: maxBytes, Meaning: "bytes a round, 1 if not given"}}, StatusAnswer, false},
}

// tryOptions: which operations can be tried, and with what.
var tryOptions = map[string][]Option{
	"accept": nil, "connect": nil,
	"recv": {optLen}, "send": {optLen}, "recvfrom": {optLen}, "sendto": {optLen},
}

var (
	verbByWord     = byWord(Verbs)
	peerVerbByWord = byWord(PeerVerbs)
)

func byWord(table []Verb) map[string]*Verb {
	m := make(map[string]*Verb, len(table))
	for i := range table {
		m[table[i].Word] = &table[i]
	}
	return m
}

func verbWords(table []Verb, group Group) []string {
	var words []string
	for _, v := range table {
		if group == "" || v.Group == group {
			words = append(words, v.Word)
		}
	}
	return words
}
