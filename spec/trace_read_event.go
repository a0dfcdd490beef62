package spec

import (
	"bytes"
	"math"
	"strconv"
	"time"
)

var (
	howWords  = []string{Pending.String(), Done.String(), RefusedAtStart.String()}
	sideWords = []string{SideReceive.String(), SideSend.String(), SideBoth.String()}
)

// The fields of an event and of a packet; the place is the bit by which a second one is told.
const (
	fieldQ = iota
	fieldE
	fieldID
	fieldTh
	fieldDo
	fieldR
	fieldSt
	fieldSpace
	fieldNative
	fieldSock
	fieldOp
	fieldPort
	fieldPeer
	fieldInto
	fieldTok
	fieldKey
	fieldSince
	fieldLen
	fieldN
	fieldEarly
	fieldSide
	fieldNet
	fieldRefuse
	fieldFlags
	fieldAddr
	fieldPackets
	fieldData
	fieldSize
	fieldGuard
	fieldAsk
	fieldReady
	fieldEv
	fieldSum
	fieldRuns
	fieldFrom
	fieldOff
	fieldRaw
	fieldTs
	fieldArgs
	fieldEvent
)

var fieldWords = []string{"q", "e", "id", "th", "do", "r", "st", "space", "native", "sock", "op", "port", "peer", "into", "tok", "key", "since",
	"len", "n", "early", "side", "net", "refuse", "flags", "addr", "packets", "data", "size", "guard", "ask", "ready", "ev", "sum", "runs", "from", "off", "raw", "ts", "args", "event"}

var fieldByWord = func() map[string]int {
	m := map[string]int{}
	for i, w := range fieldWords {
		m[w] = i
	}
	return m
}()

// field reads the name of a field.
func (d *decoder) field(had *uint64, of string) (int, bool) {
	d.next()
	from := d.at
	k := d.key()
	if d.err != nil {
		return 0, false
	}
	f, known := fieldByWord[string(k)]
	if !known {
		d.failAt(from, "unknown field %q of %s", k, of)
		return 0, false
	}
	if !d.once(had, f, from, k) {
		return 0, false
	}
	d.next()
	return f, true
}

func (d *decoder) id() uint32 { return uint32(d.natural(math.MaxUint32)) }

func (d *decoder) event() {
	if len(bytes.TrimSpace(d.b)) == 0 {
		d.fail("the line is empty")
		return
	}
	if !d.want('{') {
		return
	}
	d.trace.Events = append(d.trace.Events, Event{})
	e := &d.trace.Events[len(d.trace.Events)-1]
	a := aside{line: int32(d.line), how: -1, code: -1}
	var had uint64
	for first := true; d.more(&first, '}'); {
		f, known := d.field(&had, "an event")
		if !known {
			return
		}
		from := d.at
		switch f {
		case fieldQ:
			e.Q = d.natural(math.MaxUint64 - 1)
		case fieldE:
			e.Kind = EventKind(d.oneOf("event", eventWord[:]))
		case fieldID:
			e.Call = d.id()
		case fieldTh:
			e.Thread = d.thread()
		case fieldDo:
			e.Verb = Verb(d.oneOf("call", verbWord[:]))
		case fieldR:
			d.result(&a, from)
		case fieldSt:
			e.Status.Code = Code(d.oneOf("status", codeWord[:]))
			a.status, a.column = true, int32(from)
		case fieldSpace:
			e.Status.Space = Space(d.oneOf("space of native numbers", spaceWord[:]))
		case fieldNative:
			e.Status.Native = d.integer()
		case fieldSock:
			e.Sock = d.id()
		case fieldOp:
			e.Op = d.id()
		case fieldPort:
			e.Port = d.id()
		case fieldPeer:
			e.Peer = d.id()
		case fieldInto:
			e.Into = d.id()
		case fieldEvent:
			e.Event = d.id()
		case fieldTok:
			e.Token = d.hex()
		case fieldKey:
			e.Key = d.hex()
		case fieldSince:
			e.Since = d.natural(math.MaxUint64 - 1)
		case fieldLen:
			e.Len = int(d.natural(math.MaxInt))
		case fieldN:
			e.N = int(d.integer())
		case fieldEarly:
			e.Early = time.Duration(d.natural(math.MaxInt64))
		case fieldSide:
			e.Side = Side(d.oneOf("side", sideWords))
		case fieldNet:
			e.Net = Network(d.oneOf("network", networkWord[:]))
		case fieldRefuse:
			e.Refuse = d.truth()
		case fieldFlags:
			d.flags(e)
		case fieldArgs:
			e.Args = d.arguments()
		case fieldAddr:
			if e.NoAddr = d.untold(); !e.NoAddr {
				e.Addr = d.addr()
			}
		case fieldPackets:
			e.Packets = []PacketEvent{}
			d.list(func() { e.Packets = append(e.Packets, d.packet()) })
		case fieldData:
			e.Data = d.data()
		case fieldSum:
			e.Sum = d.sum()
		case fieldRuns:
			e.Data = d.runs()
		case fieldTs:
			a.ts = int64(d.natural(1 << 60))
		case fieldAsk:
			e.Ask = d.interest()
		case fieldReady:
			e.Ready = []Ready{}
			d.list(func() { e.Ready = append(e.Ready, d.ready()) })
		default:
			d.failAt(from, "unknown field %q of an event", fieldWords[f])
		}
	}
	d.end()
	d.complete(e, &a, had)
	d.side = append(d.side, a)
}

// result reads what a call returned. What it means may only be known once the call has been read.
func (d *decoder) result(a *aside, from int) {
	t := d.text()
	a.answered, a.column = true, int32(from)
	a.how, a.code = int8(word(howWords, t)), int8(word(codeWord[:], t))
	if d.err == nil && a.how < 0 && a.code < 0 {
		d.failAt(from, "unknown answer %q", t)
	}
}

// complete checks that an event has what its kind needs.
func (d *decoder) complete(e *Event, a *aside, had uint64) {
	has := func(f int) bool { return had&(1<<f) != 0 }
	a.heir = e.Kind == ReturnEvent && !has(fieldDo)
	switch {
	case d.err != nil:
	case d.timed && (has(fieldQ) || !has(fieldTs)):
		d.failAt(0, "the events of this trace are ordered by time: each has a ts, and no q")
	case !d.timed && has(fieldTs):
		d.failAt(0, "the events of this trace are ordered by number: none has a ts")
	case !d.timed && !has(fieldQ):
		d.failAt(0, "the event has no number, q")
	case !has(fieldE):
		d.failAt(0, "the event does not say what it is, e")
	case e.Kind == ReturnEvent && has(fieldTh) != has(fieldDo):
		d.failAt(0, "a return names both thread and call, th and do, or neither")
	case e.Kind != ReturnEvent && !has(fieldTh):
		d.failAt(0, "the event names no thread, th")
	case e.Kind == CallEvent && !has(fieldDo):
		d.failAt(0, "the call does not say which it is, do")
	case e.Kind != ReturnEvent && (has(fieldR) || has(fieldSt)):
		d.failAt(0, "only a return has an answer")
	}
}

func (d *decoder) flags(e *Event) {
	d.list(func() {
		d.next()
		from := d.at
		t := d.text()
		for _, f := range flagWord {
			if string(t) == f.word {
				e.Flags |= f.flag
				return
			}
		}
		d.failAt(from, "unknown flag %q", t)
	})
}

func (d *decoder) packet() (p PacketEvent) {
	if !d.want('{') {
		return p
	}
	var had uint64
	for first := true; d.more(&first, '}'); {
		f, known := d.field(&had, "a packet")
		if !known {
			return p
		}
		from := d.at
		switch f {
		case fieldTok:
			p.Token = d.hex()
		case fieldKey:
			p.Key = d.hex()
		case fieldOp:
			p.Op = d.id()
		case fieldN:
			p.N = int(d.integer())
		case fieldSt:
			p.Status.Code = Code(d.oneOf("status", codeWord[:]))
		case fieldSpace:
			p.Status.Space = Space(d.oneOf("space of native numbers", spaceWord[:]))
		case fieldNative:
			p.Status.Native = d.integer()
		case fieldSock:
			p.Sock = d.id()
		case fieldAddr:
			if p.NoAddr = d.untold(); !p.NoAddr {
				p.Addr = d.addr()
			}
		case fieldSize:
			p.Size = int(d.integer())
		case fieldGuard:
			d.guard(&p, from)
		case fieldData:
			p.Data = d.data()
		case fieldSum:
			p.Sum = d.sum()
		case fieldRuns:
			p.Data = d.runs()
		default:
			d.failAt(from, "unknown field %q of a packet", fieldWords[f])
		}
	}
	if d.err == nil && (had&(1<<fieldTok) == 0 || had&(1<<fieldSt) == 0) {
		d.fail("a packet needs its token and its status, tok and st")
	}
	return p
}

// untold reads the word for an address that was not told, if it is that.
func (d *decoder) untold() bool {
	d.next()
	from := d.at
	if string(d.text()) == noAddrWord {
		return true
	}
	if d.err == nil {
		d.at = from
	}
	return false
}

// guard reads "ok", or "broken@7" for a buffer that was changed at byte 7, outside of what the packet claims.
func (d *decoder) guard(p *PacketEvent, from int) {
	t := d.text()
	if d.err != nil {
		return
	}
	if string(t) == guardWord[GuardIntact] {
		p.Guard = GuardIntact
		return
	}
	if at, isBroken := bytes.CutPrefix(t, []byte(guardWord[GuardBroken]+"@")); isBroken {
		if n, err := strconv.ParseUint(string(at), 10, 62); err == nil {
			p.Guard, p.At = GuardBroken, int(n)
			return
		}
	}
	d.failAt(from, `unknown guard %q; "ok" or "broken@N" is wanted`, t)
}
