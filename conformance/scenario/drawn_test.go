package scenario

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A script that was drawn as a tree, line by line, is printed and read back as the same tree, and printed again it is the same text.
//
//	go test ./conformance/scenario -run Drawn -rapid.checks 10000
func TestDrawnScriptsAreReadAsTheyWerePrinted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawScript(t)
		text := Print(&d.file)
		again, err := ParseWith("f", text, known)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if twice := Print(again); string(twice) != string(text) {
			t.Fatalf("printed as\n%s\nthen as\n%s", text, twice)
		}
		if got := without(again); !reflect.DeepEqual(got, d.file.Lines) {
			t.Fatalf("another tree: %s\n%s", firstNode(got, d.file.Lines), text)
		}
		Lint(again)
	})
}

func firstNode(got, want []Node) string {
	for i := range want {
		if i >= len(got) || !reflect.DeepEqual(got[i], want[i]) {
			return fmt.Sprintf("line %d: %#v, want %#v", i+1, got[min(i, len(got)-1)], want[i])
		}
	}
	return "there is more"
}

// One word of the language that is written otherwise makes a script wrong, and the error says where: in that line.
func TestDrawnScriptsWithAWrongWordAreRefusedWhereItStands(t *testing.T) {
	words := Words()
	rapid.Check(t, func(t *rapid.T) {
		d := drawScript(t)
		lines := strings.Split(string(Print(&d.file)), "\n")
		at := rapid.IntRange(0, len(lines)-1).Draw(t, "line")
		code, _, _ := strings.Cut(lines[at], "#")
		toks, _ := lex(code, nil)
		toks = slices.DeleteFunc(toks, func(x token) bool {
			return !x.word || !slices.Contains(words, x.text) && !slices.Contains(words, x.text+"=")
		})
		if len(toks) == 0 {
			t.Skip("no word of the language in that line")
		}
		x := rapid.SampledFrom(toks).Draw(t, "word")
		behind := x.col - 1 + len(x.text)
		lines[at] = lines[at][:behind] + "q" + lines[at][behind:]
		text := strings.Join(lines, "\n")
		_, err := ParseWith("f", []byte(text), known)
		e, isError := err.(*Error)
		switch {
		case !isError:
			t.Fatalf("%q in line %d: %v\n%s", x.text+"q", at+1, err, text)
		case e.Line != at+1 || e.Col < 1 || e.Col > len(lines[at])+1 || e.Msg == "":
			t.Fatalf("%q in line %d, column %d: %v\n%s", x.text+"q", at+1, x.col, err, text)
		case !strings.HasPrefix(e.Error(), fmt.Sprintf("f:%d:%d: ", e.Line, e.Col)):
			t.Fatalf("the error does not begin with its place: %v", e)
		}
	})
}

// script is what has been drawn, and which names there are.
type script struct {
	*rapid.T
	file  File
	names map[kind][]string
	next  int
}

func drawScript(t *rapid.T) *script {
	d := &script{T: t, names: map[kind][]string{}}
	if rapid.Bool().Draw(t, "headers") {
		d.file.Lines = append(d.file.Lines,
			&Comment{Text: "# ACC-4: " + rapid.StringMatching(`[a-z ,.#]{0,12}[a-z]`).Draw(t, "title")},
			&Header{Word: "rules", Words: []string{"ACC-4"}}, &Header{Word: "axes", Words: []string{"fill=" + rapid.SampledFrom([]string{"fifo", "any"}).Draw(t, "axis")}}, &Blank{})
	}
	d.add(&SessionLine{Name: d.introduce(kSocket)})
	d.names[kPort], d.names[kListener], d.names[kPeer] = []string{"P"}, []string{"L"}, []string{"c"}
	t.Repeat(map[string]func(*rapid.T){
		"open": d.open, "start": d.start, "control": d.control, "wait": d.wait, "far end": d.peer, "readiness": d.ready, "mark": d.mark, "block": d.block,
		"blank": func(*rapid.T) { d.file.Lines = append(d.file.Lines, &Blank{}) },
	})
	return d
}

// add adds a line, with what may stand around an action.
func (d *script) add(a Action) *Line {
	l := &Line{Action: a}
	v := verbByWord[a.Word()]
	if _, peer := a.(*PeerLine); !peer && rapid.IntRange(0, 3).Draw(d.T, "thread") == 3 {
		l.Thread = rapid.SampledFrom([]string{"w1", "w2"}).Draw(d.T, "which")
	}
	l.Misuse = v.Misuse && rapid.IntRange(0, 7).Draw(d.T, "misuse") == 7
	if v.Answer == StatusAnswer && rapid.IntRange(0, 2).Draw(d.T, "result") == 2 {
		l.Result = &Result{Kind: Reply, Outcome: d.outcome([]string{"ok", "closed", "notfound", "invalid", "reset"}, false)}
	}
	if ops := d.names[kOp]; len(ops) > 0 && rapid.IntRange(0, 5).Draw(d.T, "guard") == 5 {
		l.Guard = &Guard{rapid.SampledFrom(ops).Draw(d.T, "of"), rapid.SampledFrom([]string{"pending", "done", "aborted"}).Draw(d.T, "status")}
	}
	if l.Thread != "" && rapid.IntRange(0, 5).Draw(d.T, "background") == 5 {
		l.Background = true
	}
	if rapid.IntRange(0, 9).Draw(d.T, "comment") == 9 {
		l.Comment = "# " + rapid.StringMatching(`[a-z#@:]{1,8}`).Draw(d.T, "text")
	}
	d.file.Lines = append(d.file.Lines, l)
	return l
}

func (d *script) introduce(k kind) string {
	d.next++
	name := fmt.Sprintf("n%d", d.next)
	d.names[k] = append(d.names[k], name)
	return name
}

// name draws one that is there, of any of the kinds.
func (d *script) name(kinds kind) string {
	var have []string
	for k := kind(1); k <= kAny; k <<= 1 {
		if kinds&k != 0 {
			have = append(have, d.names[k]...)
		}
	}
	if len(have) == 0 {
		d.Skip("no such name")
	}
	return rapid.SampledFrom(have).Draw(d.T, "name")
}

func (d *script) num(low, high uint64) Num {
	n := Num{N: rapid.Uint64Range(low, high).Draw(d.T, "number"), Form: rapid.SampledFrom([]Form{Decimal, Hex, Kilo}).Draw(d.T, "form")}
	if n.Form == Kilo && (n.N<<10 > high || n.N<<10>>10 != n.N) {
		n.Form = Decimal
	} else if n.Form == Kilo {
		n.N <<= 10
	}
	return n
}

// opts draws options, those that must be there and some others.
func (d *script) opts(options []Option) (opts Opts) {
	for _, o := range options {
		if !o.Must && rapid.IntRange(0, 2).Draw(d.T, o.Key) < 2 || o.Brings != "" || o.Key == "packet" {
			continue
		}
		v := Value{Takes: o.Takes}
		switch o.Takes {
		case TakesNumber:
			if v.Num = d.num(o.Min, o.Max); o.Key == "ip" {
				v.Num = Num{N: rapid.SampledFrom([]uint64{4, 6}).Draw(d.T, "ip")}
			}
		case TakesTime:
			v.Time = d.time()
		case TakesName:
			if v.Word = ""; !d.has(o.kinds) {
				continue
			}
			v.Word = d.name(o.kinds)
		case TakesChoice:
			v.Word = rapid.SampledFrom(list(o.Words)).Draw(d.T, "choice")
		case TakesYes:
			v.Word = rapid.SampledFrom([]string{"yes", "no"}).Draw(d.T, "yes")
		}
		opts = append(opts, Opt{o.Key, v})
	}
	return opts
}

func (d *script) has(kinds kind) bool {
	for k, names := range d.names {
		if k&kinds != 0 && len(names) > 0 {
			return true
		}
	}
	return false
}

func (d *script) time() time.Duration {
	return time.Duration(rapid.IntRange(1, 2000).Draw(d.T, "time")) * rapid.SampledFrom([]time.Duration{time.Microsecond, time.Millisecond, time.Second}).Draw(d.T, "unit")
}

// outcome draws alternatives; of starts a refusal has a reason.
func (d *script) outcome(statuses []string, sized bool) (o Outcome) {
	for _, status := range rapid.SliceOfNDistinct(rapid.SampledFrom(statuses), 1, 3, rapid.ID[string]).Draw(d.T, "statuses") {
		a := Alternative{Status: status}
		if status == "refused" && rapid.Bool().Draw(d.T, "reason") {
			a.Reason = "reset"
		}
		if sized && (status == "ok" || status == "done") && rapid.Bool().Draw(d.T, "bytes") {
			low := d.num(0, 1000)
			a.Bytes = &Range{low, low}
			if rapid.Bool().Draw(d.T, "range") {
				a.Bytes.Hi = Num{N: low.N + rapid.Uint64Range(1, 9).Draw(d.T, "more")}
			}
		}
		o = append(o, a)
	}
	return o
}

func (d *script) open(*rapid.T) {
	word := rapid.SampledFrom([]string{"port", "listen", "tcp", "udp", "event", "poller", "associate"}).Draw(d.T, "verb")
	opts := func() Opts { return d.opts(verbByWord[word].Options) }
	switch word {
	case "port":
		o := opts()
		d.add(&PortLine{d.introduce(kPort), o})
	case "listen":
		l := &ListenLine{Port: d.name(kPort), Opts: opts()}
		l.Name = d.introduce(kListener)
		d.add(l)
	case "tcp", "udp":
		o := opts()
		d.add(&SocketLine{word, d.introduce(kSocket), o})
	case "event":
		d.add(&EventLine{d.introduce(kEvent)})
	case "poller":
		d.add(&PollerLine{d.introduce(kPoller)})
	case "associate":
		d.add(&AssociateLine{d.name(kSocket), d.name(kPort), opts()})
	}
}

func (d *script) start(*rapid.T) {
	l := &StartLine{Verb: rapid.SampledFrom([]string{"accept", "connect", "disconnect", "recv", "send", "recvfrom", "sendto"}).Draw(d.T, "verb")}
	l.On = d.name(kSocket)
	switch l.Verb {
	case "accept":
		l.On = d.name(kListener)
	case "connect":
		l.To = d.name(kListener)
	case "sendto":
		l.To = d.name(kSocket)
	}
	l.Opts = d.opts(verbByWord[l.Verb].Options)
	if l.Verb == "accept" {
		switch rapid.IntRange(0, 2).Draw(d.T, "socket") {
		case 1:
			l.Into = d.name(kSocket)
		case 2:
			l.As = d.introduce(kSocket)
		}
	}
	l.Name = d.introduce(kOp)
	line := d.add(l)
	if rapid.Bool().Draw(d.T, "answer") {
		line.Result = &Result{Kind: Reply, Outcome: d.outcome([]string{"pending", "done", "refused"}, true)}
	}
	if line.Guard != nil && line.Guard.Name == l.Name {
		line.Guard = nil // it is not there before its line
	}
}

func (d *script) control(*rapid.T) {
	switch rapid.SampledFrom([]string{"cancel", "cancel all", "shutdown", "close", "skip", "post", "name", "dup", "context"}).Draw(d.T, "verb") {
	case "cancel":
		d.add(&CancelLine{Name: d.name(kOp)})
	case "cancel all":
		d.add(&CancelLine{All: true, Name: d.name(kSocket)})
	case "shutdown":
		d.add(&ShutdownLine{d.name(kSocket), rapid.SampledFrom(list(Sides)).Draw(d.T, "side")})
	case "close":
		d.add(&CloseLine{d.name(kSocket | kPort | kListener | kPoller)})
	case "skip":
		d.add(&SkipLine{d.name(kSocket)})
	case "post":
		port, opts := d.name(kPort), d.opts(verbByWord["post"].Options)
		l := d.add(&PostLine{d.introduce(kOp), port, opts})
		l.Guard = nil
	case "name":
		d.add(&NameLine{rapid.SampledFrom([]string{"name", "peername"}).Draw(d.T, "which"), d.name(kSocket)})
	case "dup":
		of := d.name(kSocket)
		d.add(&DupLine{of, d.introduce(kSocket)})
	case "context":
		d.add(&ContextLine{d.name(kSocket), d.name(kListener)})
	}
}

func (d *script) wait(*rapid.T) {
	w := &WaitLine{Port: d.name(kPort)}
	switch rapid.IntRange(0, 2).Draw(d.T, "how long") {
	case 1:
		w.Timed, w.Timeout = true, d.time()
	case 2:
		w.Forever = true
	}
	w.Alertable = rapid.IntRange(0, 4).Draw(d.T, "alertable") == 4
	if rapid.Bool().Draw(d.T, "max") {
		w.Max = d.num(1, 64)
	}
	var packets []Packet
	if ops := d.names[kOp]; len(ops) > 0 {
		for _, op := range rapid.SliceOfNDistinct(rapid.SampledFrom(ops), 0, 3, rapid.ID[string]).Draw(d.T, "packets") {
			p := Packet{Name: op}
			if rapid.IntRange(0, 3).Draw(d.T, "outcome") > 0 {
				p.Outcome = d.outcome([]string{"ok", "aborted", "reset"}, true)
			}
			packets = append(packets, p)
		}
	}
	l := d.add(w)
	switch kind := rapid.SampledFrom([]ResultKind{Reply, Nothing, One, Set, Sequence}).Draw(d.T, "result"); {
	case kind == Reply:
		l.Result = &Result{Kind: Reply, Outcome: d.outcome([]string{"timedout", "abandoned", "closed"}, false)}
	case kind == Nothing:
		l.Result = &Result{Kind: Nothing}
	case kind == One && len(packets) > 0:
		l.Result = &Result{Kind: One, Packets: packets[:1]}
	case kind != One && len(packets) > 0:
		l.Result = &Result{Kind: kind, Packets: packets}
	}
}

func (d *script) peer(*rapid.T) {
	word := rapid.SampledFrom([]string{"connects", "listens", "refuses", "sends", "reads", "half-closes", "closes", "resets", "ping-pongs"}).Draw(d.T, "verb")
	l := &PeerLine{Verb: word, Opts: d.opts(peerVerbByWord[word].Options)}
	bytes := d.num(1, 1000)
	switch word {
	case "connects":
		l.To = d.name(kListener)
		l.Peer = d.introduce(kPeer)
	case "listens", "refuses":
		l.Peer = d.introduce(kPeer)
	default:
		l.Peer = d.name(kPeer)
	}
	switch word {
	case "sends", "ping-pongs":
		l.Bytes = &Range{bytes, bytes}
	case "reads":
		if l.What = rapid.SampledFrom([]string{"", "eof", "reset", "nothing"}).Draw(d.T, "what"); l.What == "" {
			l.Bytes = &Range{bytes, Num{N: bytes.N + rapid.Uint64Range(1, 9).Draw(d.T, "more")}}
		}
	}
	d.add(l)
}

func (d *script) ready(*rapid.T) {
	verb := rapid.SampledFrom([]string{"add", "modify", "remove"}).Draw(d.T, "verb")
	l := &InterestLine{Verb: verb, Name: d.name(kSocket), Poller: d.name(kPoller)}
	if verb != "remove" {
		l.Flags = rapid.SliceOfNDistinct(rapid.SampledFrom(list(Flags)), 1, 4, rapid.ID[string]).Draw(d.T, "flags")
	}
	d.add(l)
}

func (d *script) mark(*rapid.T) {
	switch rapid.SampledFrom([]string{"settle", "time", "observe"}).Draw(d.T, "verb") {
	case "settle":
		d.add(&SettleLine{})
	case "time":
		d.add(&TimeLine{d.time()})
	case "observe":
		d.add(&ObserveLine{rapid.SampledFrom([]string{"overlap", "reuse"}).Draw(d.T, "what"), d.name(kSocket)})
	}
}

// block puts the latest line into a block.
func (d *script) block(*rapid.T) {
	last := len(d.file.Lines) - 1
	l, ok := d.file.Lines[last].(*Line)
	if !ok {
		d.Skip("no line")
	}
	b := &Block{Kind: rapid.SampledFrom([]BlockKind{Par, Repeat}).Draw(d.T, "kind"), Lines: []Node{l}}
	if b.Kind == Repeat {
		b.Times = d.num(1, 1000)
	}
	d.file.Lines[last] = b
}
