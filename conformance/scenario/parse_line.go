package scenario

import (
	"slices"
	"strconv"
	"strings"
)

// scriptLine parses thread, misuse, action, result, guard and "&".
func (p *parser) scriptLine() *Line {
	l := &Line{Pos: p.pos(p.peek()), Comment: p.comment}
	if p.accept("@") {
		t := p.next()
		if !t.word || !goodName(t.text) {
			p.fail(p.pos(t), `expected the name of a thread behind "@", found %v`, t)
		} else if t.text == "main" {
			p.fail(p.pos(t), `lines of the main thread have no "@" in front`)
		}
		if p.ended[t.text] {
			p.fail(p.pos(t), "thread %v has ended", t)
		}
		l.Thread = t.text
		p.turn(t.text)
	}
	misuse := p.peek()
	l.Misuse = p.accept("misuse")
	t := p.next()
	v := verbByWord[t.text]
	if v == nil {
		p.unknownVerb(t)
		return l
	}
	if l.Misuse && !v.Misuse {
		p.fail(p.pos(misuse), "%q cannot break an obligation: leave out %q", v.Word, "misuse")
	}
	l.Action = p.action(v, l)
	behind := v.Word
	if p.accept("->") {
		behind = "its result"
		if p.anyAnswer {
			p.fail(p.pos(p.toks[p.at-1]), `a line of a script with "answers any" expects nothing: leave out "->" and what follows`)
		}
		if v.Answer == NoAnswer {
			p.fail(p.pos(p.toks[p.at-1]), `%q has no result: nothing to expect behind "->"`, v.Word)
		}
		l.Result = p.result(v)
	}
	if p.peek().text == "if" {
		l.Guard = p.guard()
		behind = "its guard"
	}
	if amp := p.peek(); p.accept("&") {
		l.Background = true
		if _, peer := l.Action.(*PeerLine); l.Thread != "" {
			p.threads[l.Thread] = true
		} else if !peer {
			p.fail(p.pos(amp), `a line in the background needs a thread of its own: put "@w1" or the like in front`)
		}
		behind = `"&"`
	}
	if _, apc := l.Action.(*APCLine); apc && l.Thread == "" {
		p.fail(l.Pos, `"apc" needs a thread of its own: "@t1 apc x"`)
	}
	if _, exit := l.Action.(*ExitLine); exit {
		p.exits(l)
	}
	if t := p.peek(); t.text != "" {
		p.fail(p.pos(t), "unexpected %v behind %s: expected %s", t, quoted(behind), p.couldFollow(v, l))
	}
	return l
}

// exits notes that a thread has ended.
func (p *parser) exits(l *Line) {
	switch {
	case l.Thread == "":
		p.fail(l.Pos, `"exit" needs the thread that ends: "@w1 exit"`)
	case p.inside > 0:
		p.fail(l.Pos, `"exit" stands outside of blocks: a thread ends once`)
	case l.Background || l.Guard != nil:
		p.fail(l.Pos, `"exit" takes neither guard nor "&"`)
	}
	p.ended[l.Thread] = true
}

func quoted(what string) string {
	if strings.ContainsAny(what, ` "`) {
		return what
	}
	return strconv.Quote(what)
}

// couldFollow lists what the line might have gone on with.
func (p *parser) couldFollow(v *Verb, l *Line) string {
	var could []string
	if l.Result == nil && l.Guard == nil && !l.Background {
		for _, o := range lineOptions(v, l.Action) {
			could = append(could, o.Key+"=")
		}
		if v.Answer != NoAnswer {
			could = append(could, `"->"`)
		}
	}
	if l.Guard == nil && !l.Background {
		could = append(could, `"if="`)
	}
	if _, peer := l.Action.(*PeerLine); !l.Background && (peer || l.Thread != "") {
		could = append(could, `"&"`)
	}
	if len(could) == 0 {
		return "the end of the line"
	}
	return strings.Join(could, ", ") + " or the end of the line"
}

func lineOptions(v *Verb, a Action) []Option {
	switch a := a.(type) {
	case *PeerLine:
		return peerVerbByWord[a.Verb].Options
	case *TryLine:
		return tryOptions[a.Verb]
	}
	return v.Options
}

// turn notes that a thread, or a peer, has a line in the schedule around.
func (p *parser) turn(name string) {
	if p.used != nil {
		p.used[name] = true
	}
}

func (p *parser) unknownVerb(t token) {
	switch {
	case t.text == "":
		p.fail(p.pos(t), "expected a verb, found %v", t)
	case t.text == "{" || slices.Contains(blockWords[:], t.text):
		p.fail(p.pos(t), "a block takes neither thread nor %q: found %v, expected a verb", "misuse", t)
	case peerVerbByWord[t.text] != nil:
		p.fail(p.pos(t), "%v is what a peer does: write %q", t, peerVerbByWord[t.text].Example)
	default:
		words := append(verbWords(Verbs, ""), append(list(HeaderWords), blockWords[:]...)...)
		near := nearest(t.text, words)
		if wrong := nearest(t.text, keys(otherwise)); near == "" && wrong != "" {
			near = "; did you mean " + strconv.Quote(otherwise[strings.Split(wrong, `"`)[1]]) + "?"
		}
		if near == "" {
			near = "; the verbs are " + strings.Join(verbWords(Verbs, ""), ", ")
		}
		p.fail(p.pos(t), "unknown verb %v%s", t, near)
	}
}

func (p *parser) action(v *Verb, l *Line) Action {
	switch v.Group {
	case GroupOpen:
		return p.open(v)
	case GroupStart:
		return p.start(v, l.Misuse)
	case GroupControl:
		return p.control(v)
	case GroupPeers:
		return p.peer()
	case GroupPools:
		return p.pool(v)
	case GroupReady:
		return p.ready(v)
	}
	switch v.Word {
	case "wait":
		return p.wait()
	case "await":
		return p.await()
	case "join":
		if l.Thread == "" {
			p.fail(l.Pos, `"join" needs the thread it waits for: "@w1 join"`)
		} else if !p.threads[l.Thread] {
			p.fail(l.Pos, `thread %q has no line in the background ("&") to join%s`, l.Thread, nearest(l.Thread, keys(p.threads)))
		}
		return &JoinLine{}
	}
	return p.mark(v)
}

// guard parses if=NAME.STATUS.
func (p *parser) guard() *Guard {
	p.next()
	p.expect("=", `behind "if"`)
	t := p.next()
	dot := strings.LastIndexByte(t.text, '.')
	if !t.word || dot < 0 {
		p.fail(p.pos(t), "expected a guard such as if=r1.pending, found %v", t)
		return nil
	}
	g := &Guard{t.text[:dot], t.text[dot+1:]}
	if !has(Statuses, g.Status) {
		p.fail(Pos{p.line, t.col + dot + 1}, "unknown status %q%s", g.Status, nearStatus(g.Status))
	}
	p.refs = append(p.refs, ref{name: g.Name, kind: kOp | kPacket, pos: p.pos(t)})
	return g
}

// introduce takes a new name.
func (p *parser) introduce(k kind) string {
	t := p.next()
	p.newName(t, k, ref{})
	return t.text
}

func (p *parser) newName(t token, k kind, r ref) {
	switch {
	case !t.word || t.text == "":
		p.fail(p.pos(t), "expected a name for the %v, found %v", k, t)
	case !goodName(t.text):
		p.fail(p.pos(t), "%v is not a name: a letter, then letters, digits, _ and -", t)
	case reserved[t.text]:
		p.fail(p.pos(t), "%v is a word of the language, so it cannot name %s", t, k.a())
	}
	r.name, r.kind, r.pos, r.role = t.text, k, p.pos(t), introduces
	p.refs = append(p.refs, r)
}

// name takes a name that something else introduces.
func (p *parser) name(k kind) string {
	t := p.next()
	p.oldName(t, k)
	return t.text
}

func (p *parser) oldName(t token, k kind) {
	base := strings.TrimSuffix(t.text, ".sock")
	switch {
	case !t.word:
		p.fail(p.pos(t), "expected the name of %s, found %v", k.a(), t)
	case !goodName(base):
		p.fail(p.pos(t), "%v is not a name: expected the name of %s", t, k.a())
	}
	p.refs = append(p.refs, ref{name: t.text, kind: k, pos: p.pos(t), any: true})
}

// number takes a number between the bounds.
func (p *parser) number(what string, low, high uint64) Num {
	t := p.next()
	n, ok := number(t.text)
	if !ok {
		p.fail(p.pos(t), "expected %s, a number, found %v", what, t)
	}
	p.bounds(t, n, low, high)
	return n
}

func (p *parser) bounds(t token, n Num, low, high uint64) {
	if n.N < low || n.N > high {
		p.fail(p.pos(t), "%s is out of range: expected %d to %d", t.text, low, high)
	}
}

// word takes one of a table.
func (p *parser) word(what string, table []Word) string {
	t := p.next()
	if !has(table, t.text) {
		p.fail(p.pos(t), "expected %s (%s), found %v%s", what, strings.Join(list(table), ", "), t, nearest(t.text, list(table)))
	}
	return t.text
}

// time takes a time.
func (p *parser) time(o string) (t token, ok bool) {
	t = p.next()
	if _, ok = duration(t.text); !ok {
		p.fail(p.pos(t), "expected %s such as 10us, 5ms or 2s, at most an hour, found %v", o, t)
	}
	return t, ok
}

// options takes every key=value up to a guard.
func (p *parser) options(of string, takes []Option) Opts {
	var opts Opts
	for p.peek().word && p.at+1 < len(p.toks) && p.toks[p.at+1].text == "=" && p.peek().text != "if" {
		key := p.next()
		p.next()
		i := slices.IndexFunc(takes, func(o Option) bool { return o.Key == key.text })
		if i < 0 {
			p.unknownOption(key, of, takes)
			return opts
		}
		if opts.Has(key.text) {
			p.fail(p.pos(key), "option %q is given twice", key.text)
		}
		opts = append(opts, Opt{key.text, p.value(takes[i])})
	}
	for _, o := range takes {
		if o.Must && !opts.Has(o.Key) {
			p.fail(p.pos(p.peek()), "%q needs %s=, found %v", of, o.Key, p.peek())
		}
	}
	return opts
}

func (p *parser) unknownOption(key token, of string, takes []Option) {
	var words []string
	for _, o := range takes {
		words = append(words, o.Key)
	}
	if len(words) == 0 {
		p.fail(p.pos(key), "unknown option %v: %q takes none", key, of)
		return
	}
	p.fail(p.pos(key), "unknown option %v: %q takes %s%s", key, of, strings.Join(words, ", "), nearest(key.text, words))
}

func (p *parser) value(o Option) Value {
	v := Value{Takes: o.Takes}
	switch o.Takes {
	case TakesNumber:
		v.Num = p.number("the value of "+o.Key+"=", o.Min, o.Max)
		if o.Key == "ip" && v.Num.N == 5 {
			p.fail(p.pos(p.toks[p.at-1]), "ip=5 does not exist: expected 4 or 6")
		}
	case TakesTime:
		if t, ok := p.time("the value of " + o.Key + "="); ok {
			v.Time, _ = duration(t.text)
		}
	case TakesChoice:
		v.Word = p.word("the value of "+o.Key+"=", o.Words)
	case TakesYes:
		v.Word = p.word("the value of "+o.Key+"=", yesNo)
	case TakesName:
		if o.Brings != "" {
			v.Word = p.introduce(o.kinds)
		} else {
			v.Word = p.name(o.kinds)
		}
	}
	return v
}

var yesNo = []Word{{"yes", ""}, {"no", ""}}
