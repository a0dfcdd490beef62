// Package adapter judges back ends in other processes and languages: the protocol that an adapter speaks, the host that speaks with it, and, for back ends
// in Go, the adapter's side.
//
// # What it promises
//
// An adapter can do nothing to the run but lose its own case. A crash, a hang, garbage, a flood, an answer that was not asked for, and a declaration
// that is not so end the process, with everything that it started, and are reported as a Fault, which says whose mistake it is; the next
// case has a new process. Memory is bounded whatever it writes. The back end's behaviour is never blamed for that: from the fault on, nothing is recorded, and the
// calls that were under way stay open in the trace.
//
// What an answer can mean is checked against the tables; what it says is passed on, for the rules to judge. Time is counted in rounds of the world's
// canary, so that a slow machine makes no fault.
//
// # What it does not promise
//
// A process that an adapter starts in a session of its own outlives it. On Windows, nothing of this has run.
//
// # Where to begin
//
// PROTOCOL.md, for those who write an adapter. The tables from which it is made: message.go (fields), table.go (messages). Then encode.go, decode.go, schema.go,
// document.go. The host: pool.go (processes, one a case), backend.go and socket.go (what the suite sees; of pollers ready.go), conn.go (requests and answers), watchdog.go, fault.go,
// process.go. The other side: serve.go, serve_ready.go.
package adapter

//go:generate go test -run TestTheProtocolIsWrittenDown -update .
