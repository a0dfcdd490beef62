package engine

import (
	"fmt"
	"strings"

	"github.com/ioconform/ioconform/spec"
)

// ReadyAct is what a step of a program for pollers does.
type ReadyAct uint8

const (
	ReadyAdd      ReadyAct = iota // add descriptor Obj to a poller, asking for what Mask says
	ReadyModify                   // modify it
	ReadyRemove                   // remove it
	ReadyPoll                     // take up to N events, without waiting
	ReadyWait                     // take up to N events, waiting until nothing else can happen
	ReadyRecv                     // try to receive N bytes
	ReadySend                     // try to send N bytes
	ReadyAccept                   // try to accept
	ReadyOpen                     // open a stream socket
	ReadyConnect                  // try to connect: to the listener, or to nobody
	ReadyDup                      // duplicate a descriptor
	ReadyClose                    // close one
	ReadyShutdown                 // shut down a direction, or both
	ReadyNest                     // add one poller to the other, or remove it
	ReadyFarSend                  // the far end sends N bytes, or a datagram
	ReadyFarRead                  // it reads
	ReadyFarHalf                  // it ends its direction
	ReadyFarClose                 // it closes
	ReadyFarReset                 // it resets
	ReadyFarDial                  // another far end connects
	readyActs
)

var readyWord = [readyActs]string{
	"add", "modify", "remove", "poll", "wait", "recv", "send", "accept", "open", "connect", "dup", "close", "shutdown", "nest",
	"far-send", "far-read", "far-half", "far-close", "far-reset", "far-dial",
}

// String returns the word of a.
func (a ReadyAct) String() string { return readyWord[a%readyActs] }

// ReadyStep is one call. Obj is taken modulo the number of objects there are.
type ReadyStep struct {
	Thread uint8 // below Threads: a thread; else that of a far end
	Act    ReadyAct
	Obj    uint8
	Poller uint8
	Mask   spec.Interest
	N      uint16
}

// ReadyProgram is what threads and far ends do at once with pollers, after Sessions connections have been made and a
// datagram socket has been bound.
type ReadyProgram struct {
	Sessions int
	Pollers  int
	Threads  int
	Steps    []ReadyStep
}

// String shows the program.
func (p *ReadyProgram) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "sessions %d, pollers %d, threads %d\npar {\n", p.Sessions, p.Pollers, p.Threads)
	for _, s := range p.Steps {
		who := fmt.Sprintf("@t%d", s.Thread+1)
		if int(s.Thread) >= p.Threads {
			who = fmt.Sprintf("peer %d", int(s.Thread)-p.Threads+1)
		}
		fmt.Fprintf(&b, "  %-7s %s obj=%d poller=%d n=%d %s\n", who, s.Act, s.Obj, s.Poller, s.N, s.Mask)
	}
	b.WriteString("}\n")
	return b.String()
}

var (
	readyThreadActs = spread(map[ReadyAct]int{
		ReadyAdd: 20, ReadyModify: 10, ReadyRemove: 4, ReadyPoll: 14, ReadyWait: 14, ReadyRecv: 14, ReadySend: 5, ReadyAccept: 4,
		ReadyOpen: 2, ReadyConnect: 3, ReadyDup: 3, ReadyClose: 3, ReadyShutdown: 2, ReadyNest: 2,
	})
	readyFarActs = spread(map[ReadyAct]int{ReadyFarSend: 40, ReadyFarRead: 10, ReadyFarHalf: 6, ReadyFarClose: 4, ReadyFarReset: 4, ReadyFarDial: 8})
	readyMasks   = [...]spec.Interest{spec.In, spec.In, spec.In, spec.In | spec.Out, spec.Out, spec.In | spec.RdHup, 0, spec.RdHup | spec.Out}
	readyHow     = [...]spec.Interest{0, 0, 0, spec.Edge, spec.Edge, spec.OneShot, spec.OneShot | spec.Edge, spec.Exclusive, spec.Exclusive | spec.Edge}
	readyLengths = [...]uint16{1, 1, 2, 4, 4, 8, 16, 64, 300}
)

// GenerateReady draws a program of the given number of steps into p, whose memory it uses again.
func GenerateReady(p *ReadyProgram, seed uint64, steps int) {
	d := dice(seed ^ 0x5eed)
	p.Sessions = 1 + d.below(2)
	p.Pollers = 1 + d.below(2)
	p.Threads = 1 + d.below(3)
	p.Steps = p.Steps[:0]
	for range min(steps, MaxSteps) {
		s := ReadyStep{Thread: uint8(d.below(p.Threads + p.Sessions + 1)), Obj: uint8(d.below(256)), Poller: uint8(d.below(p.Pollers))}
		if int(s.Thread) < p.Threads {
			s.Act = readyThreadActs[d.below(len(readyThreadActs))]
		} else {
			s.Act = readyFarActs[d.below(len(readyFarActs))]
		}
		s.Mask = readyMasks[d.below(len(readyMasks))] | readyHow[d.below(len(readyHow))]
		s.N = readyLengths[d.below(len(readyLengths))]
		if s.Act == ReadyPoll || s.Act == ReadyWait {
			s.N = uint16(1 + d.below(4))
		}
		p.Steps = append(p.Steps, s)
	}
}
