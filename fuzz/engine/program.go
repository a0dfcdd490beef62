package engine

import (
	"fmt"
	"strings"
)

// Act is what a step does.
type Act uint8

const (
	Recv      Act = iota // start a receive of N bytes on socket Obj
	Send                 // start a send of N bytes on socket Obj
	Cancel               // cancel one of the latest six operations of all threads, by Obj: 0 is the latest
	CancelAll            // cancel everything on socket Obj
	Close                // close socket Obj
	ShutSend             // end the sending side of socket Obj
	ShutRecv             // end the receiving side
	Skip                 // skip on success, socket Obj
	Post                 // post a packet
	Poll                 // take up to N packets, without waiting
	Wait                 // take up to N packets, waiting until nothing else can happen
	Accept               // start an accept, for data if N > 0
	Dial                 // connect another far end, which is the thread's from then on
	PeerSend             // the thread's far end sends N bytes; so below, whatever Obj is
	PeerRead             // it reads up to N bytes
	PeerHalf             // it ends its direction
	PeerClose            // it closes
	PeerReset            // it resets
	acts
)

var actWord = [acts]string{
	"recv", "send", "cancel", "cancel-all", "close", "shut-send", "shut-recv", "skip", "post", "poll", "wait", "accept", "dial",
	"peer-send", "peer-read", "peer-half", "peer-close", "peer-reset",
}

// String returns the word of a.
func (a Act) String() string { return actWord[a%acts] }

// Step is one call. Obj is taken modulo the number of objects there are when the step runs, so that every program makes
// sense. The calls of far ends do not go by it: it says in the program's text whose they are.
type Step struct {
	Thread uint8 // below Program.Threads: a thread; else the thread of a far end, which does nothing but its calls
	Act    Act
	Obj    uint8
	N      uint32
}

// Bounds of what Generate draws, and of what an Executor runs.
const (
	MaxThreads  = 4
	MaxSessions = 3
	MaxSteps    = 256
)

// Program is what threads and far ends do at once, after Sessions connections have been made.
type Program struct {
	Sessions int // connected pairs to begin with, 1..MaxSessions
	Threads  int // 1..MaxThreads
	Limit    int // of the port, 0 = processors
	Steps    []Step
}

// String shows the program as the block of a scenario, with what every step does.
func (p *Program) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "sessions %d, threads %d, limit %d\npar {\n", p.Sessions, p.Threads, p.Limit)
	for _, s := range p.Steps {
		who := fmt.Sprintf("@t%d", s.Thread+1)
		if int(s.Thread) >= p.Threads {
			who = fmt.Sprintf("peer %d", int(s.Thread)-p.Threads+1)
		}
		fmt.Fprintf(&b, "  %-7s %s obj=%d n=%d\n", who, s.Act, s.Obj, s.N)
	}
	b.WriteString("}\n")
	return b.String()
}
