package simnet

// Kind says what a choice is about. Sources that favour some choices (Lazy), or make some of them
// cost (DelaySearch), go by the kind; all others ignore it.
type Kind uint8

const (
	// KindThread: the current thread cannot go on (it blocked or ended); who runs next.
	KindThread Kind = iota
	// KindPreempt: the current thread could go on, and 0 means that it does.
	KindPreempt
	// KindYield: the current thread asked for somebody else; 0 is the next in turn.
	KindYield
	// KindData: an amount (how many bytes a delivery carries), or a choice of the user of the
	// world.
	KindData
	// KindFault: whether a fault switched on in Options.Faults or Options.Net strikes; 0 means no.
	KindFault
	// KindTime: which of several timers due at the same instant fires first.
	KindTime
)

var kindNames = [...]string{"thread", "preempt", "yield", "data", "fault", "time"}

// String returns the name of the kind in lower case.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "unknown"
}

// A Source takes every decision that a real machine would leave open. It is called from one thread
// at a time; it need not be safe for concurrent use.
type Source interface {
	// Pick returns a number in [0,n). 0 is always the dull choice: stay, take everything, no fault.
	// n is at least 2; a choice without alternatives is never asked for. A result outside [0,n) is
	// taken as 0.
	Pick(kind Kind, n int) int
}

// ActorKind tells the three kinds of actor apart.
type ActorKind uint8

const (
	ActorThread ActorKind = iota // ID is Thread.ID
	ActorLink                    // ID is the number of one direction of a connection, or of a flow of datagrams
	ActorTime                    // the clock moving on to the next timer; ID is 0
)

// An Actor is who takes a step: a thread, a network link, or the clock.
type Actor struct {
	Kind ActorKind
	ID   int
}

// An ActorSource is a Source that wants to know who stands behind the options of a scheduling
// choice: PCT needs it for its priorities, a preemption bound for counting per thread.
type ActorSource interface {
	Source
	// PickActor is asked instead of Pick for KindThread, KindPreempt and KindYield. actors holds
	// one actor for each option, in order; it belongs to the world and is valid during the call
	// only.
	PickActor(kind Kind, actors []Actor) int
}

// actorWanter is implemented by sources that wrap another one and need the actors only if that one
// does.
type actorWanter interface{ wantsActors() bool }

func actorSource(src Source) ActorSource {
	a, ok := src.(ActorSource)
	if !ok {
		return nil
	}
	if w, ok := src.(actorWanter); ok && !w.wantsActors() {
		return nil
	}
	return a
}
