package spec

// ending is how an operation left the ledger.
type ending uint8

const (
	neverStarted ending = iota
	packetTaken
	wasRefused
	wasSkipped
	eventSeen // without a packet; its event was seen, or it was done at its start
)

// The sets of recentEnds: a token is kept until recentWays others of its set have come, so that of the latest 4096
// hardly any is missing. What is forgotten is taken for never started, which is a fault as well.
const (
	recentSets = 1 << 11
	recentWays = 8
)

// recentEnds remembers how the latest operations ended, to tell a packet that comes twice from one that was never due. Entries of
// an earlier trace are told by their generation, because clearing the table would cost more than judging a short trace.
type recentEnds struct {
	generation uint32
	tokens     [recentSets][recentWays]recentToken
	next       [recentSets]uint8
	ids        [4096]recentID
}

type recentToken struct {
	token      uint64
	generation uint32
	why        ending
}

type recentID struct{ id, generation uint32 }

func (e *recentEnds) reset() {
	if e.generation++; e.generation == 0 { // once in four thousand million traces
		*e = recentEnds{generation: 1}
	}
}

// set spreads tokens that are addresses as well as those that are small numbers.
func (e *recentEnds) set(token uint64) uint64 { return token * 0x9e3779b97f4a7c15 >> (64 - 11) }

// add notes the end of an operation; id is 0 for a post.
func (e *recentEnds) add(token uint64, id uint32, why ending) {
	if id != 0 {
		e.ids[id%uint32(len(e.ids))] = recentID{id, e.generation}
	}
	k := e.set(token)
	set := &e.tokens[k]
	for i := range set {
		if set[i].token == token && set[i].generation == e.generation {
			set[i].why = why
			return
		}
	}
	set[e.next[k]] = recentToken{token, e.generation, why}
	e.next[k] = (e.next[k] + 1) % recentWays
}

// of tells how the latest operation with the token ended.
func (e *recentEnds) of(token uint64) ending {
	set := &e.tokens[e.set(token)]
	for i := range set {
		if set[i].token == token && set[i].generation == e.generation {
			return set[i].why
		}
	}
	return neverStarted
}

// ended reports whether the operation is known to have ended.
func (e *recentEnds) ended(id uint32) bool {
	return id != 0 && e.ids[id%uint32(len(e.ids))] == recentID{id, e.generation}
}
