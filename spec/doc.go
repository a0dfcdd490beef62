// Package spec is the contract of asynchronous back ends: what one is, what can be observed of it, and what must hold.
//
// # What it promises
//
// A Checker reads a trace, that is, the calls and returns of a program, and says which rules the back end broke. It never
// accuses a correct one: it concludes that something happened before something else only if the call of the one had returned before the other
// was made, and that something is missing only at a mark that says that everything has settled. Where the trace does not tell,
// the verdict is unknown, and a rule of which not all situations were seen that can come up in the target is not exercised; neither counts as held. The same trace
// gives the same judgement, down to the words, on every machine.
//
// The verdicts do not depend on accidents of recording. Exchanging two events that no precedence connects changes none; making the
// interval between a call and its return longer never turns a rule that was held into a broken one; a trace that ends earlier breaks
// no more rules. These are tests.
//
// A checker judges a trace in one pass, in the space of what is open at once, with no allocation per event.
//
// # What it does not promise
//
// It does not find every fault. Bytes that may be those of two operations are not told apart, and then nothing is said of them. Rules speak of
// what a program can see; what a back end does inside, or how fast, is no matter of theirs. A rule that only holds where the order of
// blocked threads is known is judged in a simulated world alone.
//
// It does not run anything: programs, worlds and back ends are brought by those who import it. It imports the standard library only.
//
// # Where to begin
//
// The contract: contract.go (ports, sockets, operations), status.go, axes.go (where correct back ends differ),
// world.go (threads, time and the far end); poller.go for readiness.
//
// What is observed: verb.go and trace.go (the events), record.go (writing them down while a program runs), trace_json.go and
// trace_read.go (the file format), validate.go (what makes a trace malformed).
//
// The judgement: rule.go (what a rule is), then the rules, a file for each group: rules_packet.go is a good one to begin
// with. RULES.md is the book made of them. checker.go judges, ask.go says which rules are asked when, plain.go when most are spared.
//
// What the rules are asked about: ledger.go (a page for each object, with intervals), fold.go and fold_return.go (how an event is entered),
// stream_receive.go and stream_send.go (whose bytes are whose), meet.go (which socket and which far end are one connection); index.go and pages.go (how
// pages are found, and used again).
package spec

//go:generate go test -run TestTheBookOfRulesIsUpToDate -update .
//go:generate go run ../cmd/conform claims model epoll-sim poller-sim --format markdown -o CLAIMS.md
