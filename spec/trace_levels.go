package spec

import (
	"encoding/base64"
	"strconv"
)

// The data levels in the trace's text. At level bytes a run of bytes is "data":"…" in base64, at level sum "sum":"…" in 16 hex digits, at
// level pattern "runs":[{"from":"c1","off":0,"n":100},{"raw":"…"}]: o9 is operation 9 and c1 far end 1, whose ids seed their patterns; raw
// are bytes, in base64, that are nobody's pattern or too few to tell.

// content writes a run of bytes at the trace's level. stream tells the runs of one stream from those of another.
func (e *encoder) content(b []byte, s Sum, stream uint64) {
	switch e.trace.Data {
	case DataBytes:
		e.data(b)
	case DataSum:
		if s.Known() {
			e.line = append(e.line, `,"sum":"`...)
			e.line = append(e.line, s.String()...)
			e.line = append(e.line, '"')
		}
	case DataPattern:
		if b != nil {
			e.runs(b, stream)
		}
	}
}

// String returns the 16 hex digits of s in traces, "" if nobody looked.
func (s Sum) String() string {
	if !s.Known() {
		return ""
	}
	t := strconv.FormatUint(uint64(s&^sumKnown), 16)
	return "0000000000000000"[len(t):] + t
}

// The streams whose patterns are read: what a socket receives, and what a far end reads. A far end's pattern goes on from send to send, each
// operation has its own.
const (
	streamOfSocket = iota << 32
	streamOfPeer
	streamOfCall
)

// learn notes what an event tells of who sends what.
func (e *encoder) learn(v *Event) {
	if e.trace.Data != DataPattern || v.Kind != CallEvent || v.Data == nil {
		return
	}
	if e.said == nil {
		e.said = map[uint32]uint64{}
	}
	uid, from := v.Op, uint64(0)
	if v.Verb == PeerSend {
		uid, from = v.Peer, e.said[v.Peer]
		e.said[uid] += uint64(len(v.Data))
	}
	e.patterns.Sent(uid, from+uint64(len(v.Data)))
	e.patterns.next[streamOfCall] = patternAt{uid, from}
}

// streamOf tells the stream that the bytes of an event are of.
func (e *encoder) streamOf(v *Event) uint64 {
	if v.Kind == CallEvent {
		return streamOfCall
	}
	if v.Peer != 0 {
		return streamOfPeer | uint64(v.Peer)
	}
	if v.Sock == 0 && v.Kind == ReturnEvent {
		if c := e.calls[v.Call]; c != nil {
			return streamOfSocket | uint64(c.Sock)
		}
	}
	return streamOfSocket | uint64(v.Sock)
}

func (e *encoder) runs(b []byte, stream uint64) {
	if e.patterns.sent == nil {
		e.patterns.Sent(0, 0)
	}
	e.run = e.patterns.Runs(e.run[:0], stream, b)
	e.line = append(e.line, `,"runs":[`...)
	for i, r := range e.run {
		e.comma(i)
		if r.Raw != nil {
			e.line = append(e.line, `{"raw":"`...)
			e.line = base64.StdEncoding.AppendEncode(e.line, r.Raw)
			e.line = append(e.line, `"}`...)
			continue
		}
		e.line = append(e.line, `{"from":"`...)
		if _, isPeer := e.said[r.UID]; isPeer {
			e.line = append(e.line, 'c')
		} else {
			e.line = append(e.line, 'o')
		}
		e.line = strconv.AppendUint(e.line, uint64(r.UID), 10)
		e.line = append(e.line, `","off":`...)
		e.line = strconv.AppendUint(e.line, r.Off, 10)
		e.line = append(e.line, `,"n":`...)
		e.line = strconv.AppendInt(e.line, int64(r.N), 10)
		e.line = append(e.line, '}')
	}
	e.line = append(e.line, ']')
}

// level refuses what is not for the trace's level.
func (d *decoder) level(want DataLevel, field string, from int) bool {
	if d.err == nil && d.trace.Data != want {
		d.failAt(from, "%s belongs to data level %s, and the header says %s", field, want, d.trace.Data)
	}
	return d.err == nil
}

// sum reads the hash of a run of bytes.
func (d *decoder) sum() Sum {
	d.next()
	from := d.at
	t := d.text()
	if !d.level(DataSum, "a sum", from) {
		return 0
	}
	n, err := strconv.ParseUint(string(t), 16, 64)
	if err != nil || len(t) != 16 || n >= sumModulus {
		d.failAt(from, "%q is no sum: 16 hex digits, below 2^61-1, are wanted", t)
	}
	return Sum(n | sumKnown)
}

// runsMost bounds what the runs of one line may say, so that a short line does not ask for more memory than there is.
const runsMost = 64 << 20

// runs reads whose patterns a run of bytes is made of, and makes the bytes.
func (d *decoder) runs() []byte {
	d.next()
	from := d.at
	b := []byte{}
	d.list(func() {
		if !d.want('{') {
			return
		}
		var had uint64
		uid, off, n, raw := uint32(0), uint64(0), 0, []byte(nil)
		for first := true; d.more(&first, '}'); {
			f, known := d.field(&had, "a run")
			if !known {
				return
			}
			at := d.at
			switch f {
			case fieldFrom:
				t := d.text()
				if d.err != nil {
					return
				}
				id, err := uint64(0), error(nil)
				if len(t) > 1 && (t[0] == 'o' || t[0] == 'c') {
					id, err = strconv.ParseUint(string(t[1:]), 10, 32)
				}
				if id == 0 || err != nil {
					d.failAt(at, `a run is from an operation or a far end, such as "o9" or "c1"`)
				}
				uid = uint32(id)
			case fieldOff:
				off = d.natural(1 << 62)
			case fieldN:
				n = int(d.natural(runsMost))
			case fieldRaw:
				raw = d.base64()
			default:
				d.failAt(at, "unknown field %q of a run", fieldWords[f])
			}
		}
		if d.err == nil && had != 1<<fieldRaw && had&(1<<fieldRaw|1<<fieldFrom) != 1<<fieldFrom {
			d.fail("a run has either from, off and n, or raw")
		}
		if d.err == nil && len(b)+n+len(raw) > runsMost {
			d.fail("the runs are of more than %d bytes", runsMost)
		}
		if d.err != nil {
			return
		}
		b = append(b, raw...)
		at := len(b)
		b = append(b, make([]byte, n)...)
		Pattern(b[at:], uid, off)
	})
	if !d.level(DataPattern, "runs", from) {
		return nil
	}
	return b
}
