package simnet

// ByteSource is the source behind Bytes.
type ByteSource struct {
	data []byte
	pos  int
}

// Bytes returns a source that turns fuzz bytes into choices, one byte a choice with up to 256
// options and two bytes above that. Past the end every choice is 0, so every input is valid and a
// shorter one is a duller one.
func Bytes(data []byte) *ByteSource { return &ByteSource{data: data} }

// Seed starts the source again with other bytes, which it keeps but never changes.
func (s *ByteSource) Seed(data []byte) { s.data, s.pos = data, 0 }

// Pick implements Source.
func (s *ByteSource) Pick(_ Kind, n int) int {
	if s.pos >= len(s.data) {
		return 0
	}
	v := int(s.data[s.pos])
	s.pos++
	if n <= 256 {
		return v * n >> 8
	}
	v <<= 8
	if s.pos < len(s.data) {
		v |= int(s.data[s.pos])
		s.pos++
	}
	return int(uint64(v) * uint64(n) >> 16)
}

// Replayed is the source behind Replay.
type Replayed struct {
	picks    []uint32
	pos      int
	mismatch int
}

// Replay returns a source that repeats recorded picks. Past the end every choice is 0. A pick that
// does not fit, because the program is not the one that was recorded, is taken as 0 and reported by
// Mismatch.
func Replay(picks []uint32) *Replayed { return &Replayed{picks: picks, mismatch: -1} }

// Seed starts the source again with other picks, which it keeps but never changes.
func (s *Replayed) Seed(picks []uint32) { s.picks, s.pos, s.mismatch = picks, 0, -1 }

// Pick implements Source.
func (s *Replayed) Pick(_ Kind, n int) int {
	if s.pos >= len(s.picks) {
		return 0
	}
	v := s.picks[s.pos]
	s.pos++
	if uint64(v) >= uint64(n) {
		if s.mismatch < 0 {
			s.mismatch = s.pos - 1
		}
		return 0
	}
	return int(v)
}

// Mismatch reports the index of the first pick that did not fit, if there was one.
func (s *Replayed) Mismatch() (index int, ok bool) { return s.mismatch, s.mismatch >= 0 }

// Used returns how many picks have been taken so far; less than the length of the recording when
// the run ended earlier than the recorded one.
func (s *Replayed) Used() int { return s.pos }

// Recording wraps a source and keeps the picks taken, to be given to Replay.
type Recording struct {
	src    Source
	actors ActorSource
	picks  []uint32
}

// Record returns a recording of src.
func Record(src Source) *Recording {
	r := new(Recording)
	r.Seed(src)
	return r
}

// Seed starts a new recording of src. The memory of the earlier one is used again: a slice returned
// by Picks before is overwritten.
func (r *Recording) Seed(src Source) {
	r.src, r.actors, r.picks = src, actorSource(src), r.picks[:0]
}

// Picks returns the picks taken so far. The slice belongs to the recording until the next Seed.
func (r *Recording) Picks() []uint32 { return r.picks }

// Pick implements Source.
func (r *Recording) Pick(kind Kind, n int) int {
	return r.keep(r.src.Pick(kind, n), n)
}

// PickActor implements ActorSource. The world calls it only if the source recorded wants the
// actors.
func (r *Recording) PickActor(kind Kind, actors []Actor) int {
	return r.keep(r.actors.PickActor(kind, actors), len(actors))
}

func (r *Recording) wantsActors() bool { return r.actors != nil }

func (r *Recording) keep(v, n int) int {
	if uint(v) >= uint(n) {
		v = 0 // what the world will take it for
	}
	r.picks = append(r.picks, uint32(v))
	return v
}
