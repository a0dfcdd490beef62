package spec

import "strings"

// What a trace does not tell, nobody is accused of, and nobody is praised for: a rule that had something to judge, and could not, is unknown.

// cause is what a rule needs besides the calls of the program.
type cause struct {
	of    Verb // what it judges: rules of receives have nothing to judge where none has ended
	bytes bool // it compares what went through
	peer  bool // it needs to know what the far end did
}

// causes lists the rules that foreign traces often do not tell enough for.
var causes = map[string]cause{
	"RCV-1": {Receive, true, true}, "RCV-2": {Receive, true, true}, "RCV-3": {Receive, true, true}, "RCV-4": {Receive, true, true},
	"RCV-5": {Receive, false, true}, "RCV-6": {Receive, false, true}, "RCV-7": {Receive, false, true}, "RCV-8": {Receive, false, true},
	"SND-1": {Send, true, true}, "SND-2": {Send, true, true}, "SND-4": {Send, true, true}, "SND-7": {Send, false, true}, "SND-8": {Send, false, true},
	"ACC-1": {Accept, false, true}, "ACC-2": {Accept, false, true},
	"DGM-1": {ReceiveFrom, true, true}, "DGM-2": {ReceiveFrom, true, true}, "DGM-3": {ReceiveFrom, true, true}, "DGM-4": {ReceiveFrom, true, true},
	"DGM-5": {ReceiveFrom, true, true}, "DGM-6": {ReceiveFrom, true, true}, "DGM-7": {ReceiveFrom, true, true}, "DGM-8": {ReceiveFrom, true, true},
	"DGM-9": {ReceiveFrom, true, true}, "DGM-10": {ReceiveFrom, true, true}, "DGM-15": {ReceiveFrom, false, true},
}

// doubted is a rule that applies and is listed in causes.
type doubted struct {
	cause
	count *Count
}

// doubt counts as unknown what had something to judge and was not asked for want of events or bytes.
func (c *Checker) doubt() {
	l := c.ledger
	for _, x := range c.table.doubted {
		if l.went[x.of] && x.count.Checks+x.count.Unknown+x.count.Broken == 0 && (x.peer && !l.peers || x.bytes && !l.follows()) {
			x.count.Unknown++
		}
	}
}

// cannotBlame reports whether the trace lacks what the rule needs to be sure: what came may have been sent by somebody whom it does not
// mention, and what the program did at once it may have done one after the other.
func (l *ledger) cannotBlame(r *Rule) bool {
	return l.widened && r.Binds == Obligation || !l.peers && causes[r.ID].peer
}

// Why tells, of a rule that is unknown, what the trace lacks.
func (j Judgement) Why(r *Rule) string {
	x := causes[r.ID]
	switch {
	case x.peer && !j.Peers:
		return "no peer events"
	case x.bytes && (j.Data == DataNone || j.Data == ""):
		return "data level none"
	case r.Binds == Obligation && j.Widened:
		return "the calls are longer in the trace than they were"
	case x.bytes && j.Data == DataSum:
		return "no two cuts in the same place"
	case strings.HasPrefix(r.ID, "DGM-") && j.Data != DataBytes && j.Data != DataPattern:
		return "data level " + string(j.Data)
	}
	return "the trace does not tell"
}
