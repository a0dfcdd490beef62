package spec

import (
	"net/netip"
	"strings"
	"time"
)

// Interest is a set of things that a poller is asked to watch, how it is to report them, and what it reports.
type Interest uint16

const (
	In        Interest = 1 << iota // there is something to receive, the end of the stream included, or a connection to accept
	Out                            // there is room to send
	Pri                            // urgent data
	RdHup                          // the far end will send no more, or we receive no more; only for those who ask
	Err                            // an error waits to be fetched; for all, asked for or not
	Hup                            // both directions are over, or there never was a connection; likewise
	Edge                           // report when something becomes so; without it, level-triggered, as long as it is so
	OneShot                        // report once, then nothing until modified
	Exclusive                      // of several pollers that watch the file wake one at least, not all

	// LevelTriggered, the absence of Edge, reports as long as it is so.
	LevelTriggered Interest = 0
	// Reported are the bits that events may have; the others are only asked for.
	Reported = In | Out | Pri | RdHup | Err | Hup
)

var interestWord = [...]string{"in", "out", "pri", "rdhup", "err", "hup", "edge", "oneshot", "exclusive"}

// Words returns the words of i in scenarios and traces, in the order of the bits.
func (i Interest) Words() (words []string) {
	for bit, w := range interestWord {
		if i&(1<<bit) != 0 {
			words = append(words, w)
		}
	}
	return words
}

// String returns the words of i, "none" where there are none.
func (i Interest) String() string {
	if i == 0 {
		return "none"
	}
	return strings.Join(i.Words(), " ")
}

// InterestByWord returns the bit that word stands for.
func InterestByWord(word string) (Interest, bool) {
	for bit, w := range interestWord {
		if w == word {
			return 1 << bit, true
		}
	}
	return 0, false
}

// InterestOf is what the words ask for; level and none are the absence of bits.
func InterestOf(words []string) (i Interest) {
	for _, w := range words {
		bit, _ := InterestByWord(w)
		i |= bit
	}
	return i
}

// interestNeeds is what a target has to declare to be asked for it; each is called what the bit is.
var interestNeeds = [...]struct {
	bit Interest
	can Capability
}{{RdHup, CanRdHup}, {Edge, CanEdge}, {OneShot, CanOneShot}, {Exclusive, CanExclusive}}

// Triggered is i as a poller of the target can be asked for it: edge-triggered, or else one-shot, where i is level-triggered and the target declares level=no.
func (a *About) Triggered(i Interest) Interest {
	switch {
	case !i.Level() || a.Axes.Get("level") != "no":
		return i
	case a.Can(CanEdge):
		return i | Edge
	}
	return i | OneShot
}

// Level reports whether i asks to be told as long as something is so: neither of changes alone nor once. That takes axis level=yes.
func (i Interest) Level() bool { return i&(Edge|OneShot) == 0 }

// Needs lists the capabilities that asking for i takes.
func (i Interest) Needs() (needs []Capability) {
	for _, x := range interestNeeds {
		if i&x.bit != 0 {
			needs = append(needs, x.can)
		}
	}
	return needs
}

// Ready is one event: the token under which something is watched, as it was last set, and what is the matter.
type Ready struct {
	Token  uint64
	Events Interest
}

// ReadyBackend is a readiness back end: something that tells when I/O is possible and leaves the I/O to its caller. All methods of ReadyBackend, Poller
// and Raw may be called concurrently. None blocks but Poller.Wait.
//
// Two names are kept apart as the kernel keeps them apart: a Raw is a descriptor; the file behind it is shared with those that Dup made of it, and
// ends with the last of them. What a poller watches belongs to the file and remembers the descriptor it was added by.
type ReadyBackend interface {
	// Poller makes a poller that watches nothing.
	Poller() (Poller, Status)
	// Socket makes an unbound socket that does not block.
	Socket(Network) (Raw, Status)
	// Close releases everything.
	Close() error
}

// File is what a poller can watch: a Raw, or, capability nested, another Poller of the same back end.
type File interface{ Close() Status }

// Poller watches files and tells which are ready.
type Poller interface {
	// Add begins to watch f. Of one that is ready already the next wait tells, edge-triggered or not. InUse if this poller watches f
	// already; a duplicate of f may be watched beside it.
	Add(f File, token uint64, ask Interest) Status
	// Modify replaces token and interest, arms a OneShot again, and looks anew whether f is ready. NotFound if f is not watched.
	Modify(f File, token uint64, ask Interest) Status
	// Remove ends it; what was not told yet is lost. NotFound if f is not watched.
	Remove(f File) Status
	// Wait takes between 1 and len(dst) events, waiting up to timeout for the first: negative is for ever, 0 does not wait. The count is
	// positive exactly if the status is OK; else the status is TimedOut, or Closed.
	Wait(dst []Ready, timeout time.Duration) (int, Status)
	// Close ends the poller. Whether waits that are under way end with it is not promised.
	Close() Status
}

// Raw is a descriptor of a socket on which everything is tried and nothing blocks. Closed is the answer of every call after Close.
type Raw interface {
	Bind(netip.AddrPort) Status
	Listen(backlog int) Status
	Local() (netip.AddrPort, Status)
	// Try tries an operation, Accept to SendTo without Disconnect. WouldBlock is an answer, not a failure: nothing was to be had, or a connect is
	// under way, of which a later Try of the same tells. Receiving 0 bytes with OK into a buffer is the end of the stream.
	Try(k Verb, buf []byte, to netip.AddrPort) (n int, from netip.AddrPort, accepted Raw, st Status)
	// Dup makes another descriptor of the same file.
	Dup() (Raw, Status)
	Shutdown(Side) Status
	// Close gives the descriptor up. With the last one of the file the file ends, and whatever watched it lets go.
	Close() Status
}
