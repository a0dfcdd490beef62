package spec

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Level says how much a rule binds.
type Level uint8

const (
	MUST   Level = iota // a conforming back end never breaks it
	SHOULD              // a good one does not
	MAY                 // names a behaviour that is allowed, and shown to occur
	INFO                // observed, never judged
)

// String returns the word of l.
func (l Level) String() string { return [...]string{"MUST", "SHOULD", "MAY", "INFO"}[l%4] }

// Party is who a rule binds.
type Party uint8

const (
	Guarantee  Party = iota // binds the back end
	Obligation              // binds the program that uses it
)

// String returns the word of p.
func (p Party) String() string { return [...]string{"guarantee", "obligation"}[p%2] }

// Rule is one promise, in words and as a check.
type Rule struct {
	ID     string // group and number, such as ACC-4; never used again for something else
	Text   string // one sentence
	Level  Level
	Binds  Party
	Assume []string     // obligations whose possible breach voids the rule for the object concerned
	Needs  []Capability // without them the rule is skipped
	Axes   Axes         // the rule holds for targets that declare these values; others are skipped
	Sim    bool         // what the rule speaks of can only be observed in a simulated world
	// Profiles names the frozen lists that the rule stands in.
	Profiles []string
	Claims   []string // of the source document
	Sources  []string // by which the platform promises it
	Verified []string // where it was seen to hold, with version
	// Situations are the circumstances that the rule must have been seen in to count as exercised.
	Situations []string
	// Where says of a situation what a target must be able to do, or must declare, for it to come up: words, all of which have to be met, such as post, receives=n,
	// inline!=never, or cancel|cancel-all, of which one will do. Those that are not here come up everywhere.
	Where map[string]string
	// Alternatives are the outcomes that the rule allows, each of which some run produces.
	Alternatives []string

	at    []moment
	of    []Verb // the operations that it speaks of: shown one of another kind, it passes; nil is all, and posts
	odd   bool   // it has nothing to say of a matter that is plain: see matter.plain
	check func(*ledger, *matter) outcome
}

// moment is a point of a run at which rules are asked.
type moment uint8

const (
	atStart         moment = iota // a Start has returned: op, addr, noAddr
	atPacket                      // a wait has returned a packet: port, wait, packet, op or nil
	atWait                        // a wait has returned: port, wait
	atEmpty                       // it can be told whether the port was empty during a wait that ran out of time: port, wait, sure
	atPost                        // a post was taken out: port, post, wait, packet
	atCall                        // a call that starts nothing (see fold_connections.go) has returned: sock, verb, call, status, addr; context: from; shutdown: at = its side; listen: at = its backlog
	atCancel                      // a cancel has returned: sock, op or nil, call
	atAssociate                   // an association has returned: port, sock, call
	atPort                        // a call has returned that opens a port or a socket, closes a port, or posts: verb, call, status, port or sock
	atPlaced                      // a receive has found its place in the stream, or has none: sock, op, found
	atPeerRead                    // bytes, or the end, were read by a far end: peer, sock, op, found
	atMatch                       // an accepted socket was matched, or could not be, with a far end: sock, peer, op
	atSettledOp                   // an operation is unfinished though everything has settled: op
	atSettledPost                 // likewise a posted packet
	atSettledPeer                 // likewise a far end's connection that nobody accepted
	atSettledWait                 // likewise a wait on a closed port
	atEnter                       // a handler begins: sock, op, span
	atStarved                     // a thread is blocked for certain, and a posted packet is in its port: port, wait, op
	atBusy                        // a handler that does not block begins: port, at = such handlers of the port
	atAnswer                      // a call of a readiness back end has returned; this and what follows: ledger.ready.now
	atReadyWait                   // a wait on a poller has returned
	atReady                       // it has reported this event
	atMissing                     // it has not reported what was ready
	atRotation                    // it has reported one a second time while another was ready all the time
	atOwed                        // all is quiet, and this is ready
	atTried                       // a receive or an accept has been tried by a thread that was told of the file
	atHandled                     // a thread has come back from what it was told of
	atMail                        // a datagram was received: op or station, sock, found, got, sure = cut short
	atSettledMail                 // likewise one that a far end has not received: station, sock
	atOverdue                     // a wait found nothing, and this had had all the time to end: op, port, wait
	atLate                        // a buffer changed after its operation had ended: op
	atEvent                       // a wait for an event has returned: event, call, status; op = what must have signaled it, or has
	atAPC                         // an asynchronous procedure call runs inside a wait: port, wait, key = its token, sure = it was the next
	atOverlong                    // a wait has not returned though its time is up, for certain: port, wait
	atReadyOverlong               // likewise one on a poller
	atRested                      // a packet of an operation was taken: op, port, wait = the thread that slept, or, if sure, one to which it did not go though it was there
	atPassed                      // a thread has been blocked on a port all the while that a packet was there which another took: port, wait, op, or of a post call = from its start to its end, at = others that may have run
	atPeerEnd                     // a far end has read the end of the stream, or a reset: peer, sock, status
	atNoClient                    // a far end that listens has waited for a connection, and none came: op = the connect that was to make it
	atOwedEnd                     // all is quiet, and the far end of this has ended its stream, of which those who ask for rdhup and not for in have not been told
	atOwedConnect                 // all is quiet, and what has become of this connect has not been told
	atOwedInside                  // all is quiet, and this poller, which others watch, has something to report that nobody was told of
	moments
)

// verdict is what a check made of what it was shown.
type verdict uint8

const (
	notMine verdict = iota // the rule does not speak of this
	held
	broken
	voided  // an assumption was possibly broken
	unknown // the trace does not tell
)

// outcome is the answer of a check. Where the rule held, situation and alternative index its lists; no alternative is -1.
type outcome struct {
	verdict     verdict
	situation   int8
	alternative int8
	said        string // broken: what was seen and what was allowed
}

var pass = outcome{} // the rule does not speak of this

// ok says that the rule held in situation s.
func ok(s int) outcome { return outcome{verdict: held, situation: int8(s), alternative: -1} }

// okAs says that the rule held in situation s with alternative a.
func okAs(s, a int) outcome { return outcome{verdict: held, situation: int8(s), alternative: int8(a)} }

// void says that the rule's assumption was possibly broken.
var void = outcome{verdict: voided}

// dunno says that the trace does not tell.
var dunno = outcome{verdict: unknown}

// bad says that the rule was broken.
func bad(format string, args ...any) outcome {
	return outcome{verdict: broken, said: asOne.Replace(fmt.Sprintf(format, args...))}
}

// asOne says of one what is said of several, where no verb goes by how many there are.
var asOne = strings.NewReplacer(" 1 bytes", " 1 byte", " 1 packets", " 1 packet", " 1 datagrams", " 1 datagram", " 1 events", " 1 event", " 1 asynchronous procedure calls", " 1 asynchronous procedure call")

// Rules returns every rule, in the order of the groups. The values are shared; do not change them.
func Rules() []*Rule { return allRules }

// RuleByID returns the rule.
func RuleByID(id string) (*Rule, bool) {
	for _, r := range allRules {
		if r.ID == id {
			return r, true
		}
	}
	return nil, false
}

// Group is a family of rules.
type Group struct{ Name, Title string }

// Groups lists the families in the order of the book.
var Groups = []Group{
	{"KEY", "association and completion keys"},
	{"PKT", "packets, waiting and posting"},
	{"OPN", "the life of an operation and its buffer"},
	{"RCV", "receives on a stream"},
	{"SND", "sends on a stream"},
	{"DGM", "datagrams"},
	{"ACC", "accepting connections"},
	{"CON", "connecting"},
	{"CAN", "cancelling"},
	{"CLS", "closing"},
	{"THR", "threads, and one outstanding receive"},
	{"RDY", "readiness: what pollers tell"},
	{"DSC", "what the program owes"},
}

// windowsOnly are the profiles of a rule that only Windows promises.
var windowsOnly = []string{"windows"}

var allRules = collect(ruleWindowsCalls, ruleWindowsConnections, ruleWindowsHandles, ruleKey, rulePacket, ruleOperation, ruleRefusal, ruleReceive, ruleSend, ruleDatagram, ruleAccept, ruleConnect, ruleCancel, ruleClose, ruleThread, ruleRest, ruleReady, ruleReadyMore, ruleReadyTries, ruleReadyUntrue, ruleReadyRest, ruleDiscipline)

// collect puts the rules into the order of their groups and numbers.
func collect(parts ...[]*Rule) (all []*Rule) {
	for _, p := range parts {
		all = append(all, p...)
	}
	place := func(r *Rule) (group, number int) {
		name, n, _ := strings.Cut(r.ID, "-")
		number, _ = strconv.Atoi(n)
		return slices.IndexFunc(Groups, func(g Group) bool { return g.Name == name }), number
	}
	slices.SortFunc(all, func(a, b *Rule) int {
		ga, na := place(a)
		gb, nb := place(b)
		return cmp.Or(ga-gb, na-nb)
	})
	return all
}
