package spec

// Pattern fills b with the bytes that source uid sends from position at on. Three bytes of four count upwards in a stride of the
// source's own, so that even receives of a single byte have their place among their neighbours; the fourth is a hash
// of the source and the place, by which most runs of eight bytes are told from those that would be the same: 256 bytes on, or of a source with that stride.
func Pattern(b []byte, uid uint32, at uint64) {
	stride, x := byte(uid*2+1), patternStep(uid, at)
	for i := range min(len(b), 256) {
		b[i] = x
		x += stride
	}
	for i := 256; i < len(b); { // what counts comes round every 256 bytes
		i += copy(b[i:], b[:i])
	}
	skip := 3 - at%4
	h := patternMix(uid, at+skip)
	for i := int(skip); i < len(b); i += 4 {
		b[i] = byte(h >> 56)
		h += patternFour
	}
}

// The hash of a place is the highest byte of a product, and so that of four places on is found by an addition.
const (
	patternOdd  = 0x9E3779B97F4A7C15
	patternFour = patternOdd * 4 % (1 << 64)
)

func patternMix(uid uint32, at uint64) uint64 { return (at ^ uint64(uid)<<40) * patternOdd }

func patternStep(uid uint32, at uint64) byte { return byte(at)*byte(uid*2+1) + byte(uid*37) }

// patternByte is the byte that source uid sends at a position.
func patternByte(uid uint32, at uint64) byte {
	if at%4 == 3 {
		return byte(patternMix(uid, at) >> 56)
	}
	return patternStep(uid, at)
}

// A trace at data level pattern says of every run of bytes which source's pattern it is and from where on. In memory such a trace
// has the bytes themselves, because they follow from the runs: that level saves room in files and is judged as bytes are.

// patternLeast is the length of the shortest run that is told by its source and place. What is shorter stands in the trace
// as it is: it is compared, not decoded.
const patternLeast = 8

// PatternRun is a part of a run of bytes: N bytes of a source's pattern from a position on or, if Raw is not nil, bytes that are
// of no source that is known, or too few to tell.
type PatternRun struct {
	UID uint32
	Off uint64
	N   int
	Raw []byte
}

// PatternReader finds out whose pattern bytes are. The zero value knows no source. What it finds is always exact: generating the runs again
// gives the same bytes.
type PatternReader struct {
	sent  map[uint32]uint64    // how far each source has got
	alike [256][]uint32        // the sources by the lowest byte of their uid
	next  map[uint64]patternAt // what is expected in each stream
}

type patternAt struct {
	uid uint32
	at  uint64
}

// Sent tells that source uid has sent its pattern up to a position.
func (r *PatternReader) Sent(uid uint32, to uint64) {
	if r.sent == nil {
		r.sent, r.next = map[uint32]uint64{}, map[uint64]patternAt{}
	}
	was, known := r.sent[uid]
	if !known {
		r.alike[byte(uid)] = append(r.alike[byte(uid)], uid)
	}
	r.sent[uid] = max(was, to)
}

// Runs appends to list whose bytes b are. The number of the stream that they come from helps to guess: each has gone on where it stopped more
// often than not.
func (r *PatternReader) Runs(list []PatternRun, stream uint64, b []byte) []PatternRun {
	raw := 0 // bytes before b[0] that are of nobody
	flush := func(at int) {
		if raw > 0 {
			list = append(list, PatternRun{N: raw, Raw: b[at-raw : at]})
			raw = 0
		}
	}
	for i := 0; i < len(b); {
		p, known := r.next[stream]
		n := 0
		if known {
			n = r.same(p, b[i:])
		}
		if n < patternLeast {
			if q, m := r.search(b[i:]); m >= patternLeast {
				p, n = q, m
			}
		}
		switch {
		case n >= patternLeast:
			flush(i)
			list = append(list, PatternRun{UID: p.uid, Off: p.at, N: n})
		case n > 0 && n == len(b)-i: // the rest is too short to be told, and as it should be
			raw += n
		default:
			i, n = i+1, 0
			raw++
			continue
		}
		i += n
		r.next[stream] = patternAt{p.uid, p.at + uint64(n)}
	}
	flush(len(b))
	return list
}

// same counts the bytes of b that are those of p, up to where its source has got.
func (r *PatternReader) same(p patternAt, b []byte) int {
	most := r.sent[p.uid]
	n := 0
	for n < len(b) && p.at+uint64(n) < most && patternByte(p.uid, p.at+uint64(n)) == b[n] {
		n++
	}
	return n
}

// search synchronises: from eight bytes it takes the stride, which tells the source but for the high bits of its uid, and the position
// but for its high bits; what is left is tried.
func (r *PatternReader) search(b []byte) (best patternAt, length int) {
	if len(b) < patternLeast {
		return best, 0
	}
	for phase := range uint64(4) { // position of b[0] mod 4
		k := uint64(0) // two bytes in a row that count
		for (phase+k)%4 == 3 || (phase+k+1)%4 == 3 {
			k++
		}
		stride := b[k+1] - b[k]
		if stride%2 == 0 {
			continue
		}
		inverse := stride // of an odd number mod 256, by Newton's method
		for range 3 {
			inverse *= 2 - stride*inverse
		}
		for _, low := range [...]byte{stride >> 1, stride>>1 | 0x80} {
			at := uint64((b[k]-low*37)*inverse - byte(k))
			if at%4 != phase {
				continue
			}
			for _, uid := range r.alike[low] {
				for p := (patternAt{uid, at}); p.at < r.sent[uid]; p.at += 256 {
					if n := r.same(p, b); n > length {
						if best, length = p, n; n == len(b) {
							return best, length
						}
					}
				}
			}
		}
	}
	return best, length
}
