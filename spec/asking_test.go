package spec

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Of an operation those rules are asked, and no others, that speak of its kind; of a matter without an operation, all.
func TestThoseAreAskedWhoSpeakOfAnOperation(t *testing.T) {
	about := able()
	var table askTable
	table.make(&about, make([]Count, len(allRules)))
	for at := range moments {
		for v := NoVerb; v <= SendTo; v++ {
			m := &matter{op: &op{verb: v, sock: &sock{}}, wait: &wait{}, port: &port{}, packet: &PacketEvent{}}
			m.op.started, m.wait.alertable = Is(Invalid), true // nothing about it is plain
			var got, want []string
			for _, x := range table.about(at, m) {
				got = append(got, x.rule.ID)
			}
			for _, r := range Rules() {
				if _, applies := r.Applies(&about); applies && slices.Contains(r.at, at) && (v == NoVerb || r.of == nil || slices.Contains(r.of, v)) {
					want = append(want, r.ID)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("at moment %d of %s are asked %v, and speak of it %v", at, v, got, want)
			}
		}
	}
}

// An answer is counted in the cell of its situation and its alternative, and in no other.
func TestAnAnswerIsCountedInItsCell(t *testing.T) {
	for _, r := range Rules() {
		for s, situation := range r.Situations {
			for a := -1; a < len(r.Alternatives); a++ {
				out, alternative := ok(s), ""
				if a >= 0 {
					out, alternative = okAs(s, a), r.Alternatives[a]
				}
				var n Count
				x := asked{count: &n, rule: r, width: r.width()}
				x.hold(out)
				want := Count{Checks: 1, Situations: 1 << s}
				if a >= 0 {
					want.Alternatives = 1 << a
				}
				for bit := range 64 {
					if at, as, is := r.Cell(bit); is && at == situation && as == alternative {
						want.Cells |= 1 << bit
					}
				}
				if n != want || n.Cells&(n.Cells-1) != 0 {
					t.Errorf("%s, %q, %q: %+v, want %+v", r.ID, situation, alternative, n, want)
				}
			}
		}
	}
}

// Of a trace with very many violations the first are told; all are counted.
func TestVeryManyViolationsAreCounted(t *testing.T) {
	const many = violationsMost + 3
	c := NewChecker()
	about := able()
	c.Begin(&Trace{About: about, Threads: []string{"main"}})
	q := uint64(0)
	feed := func(e Event) {
		q++
		e.Q = q
		c.Feed(&e)
	}
	feed(Event{Kind: CallEvent, Verb: OpenPort, Port: 1, Call: 1})
	feed(Event{Kind: ReturnEvent, Verb: OpenPort, Port: 1, Call: 1})
	for i := range uint32(many) {
		feed(Event{Kind: CallEvent, Verb: Wait, Port: 1, Len: 8, N: 100, Call: 2 + i})
		feed(Event{Kind: ReturnEvent, Verb: Wait, Port: 1, Call: 2 + i, Status: Is(Closed)})
	}
	j := c.End()
	i := slices.IndexFunc(Rules(), func(r *Rule) bool { return r.ID == "CLS-6" })
	if j.Counts[i].Broken != many || len(j.Violations) != violationsMost || j.Violations[0].Q != 4 {
		t.Errorf("%d violations of %s were counted and %d told, the first at event %d; there were %d, the first at event 4", j.Counts[i].Broken, Rules()[i].ID, len(j.Violations), j.Violations[0].Q, many)
	}
}

// What the trace does not tell, or the program has made void, is counted as that, each time.
func TestWhatCannotBeToldIsCounted(t *testing.T) {
	judgeAsShown(t, []shown{
		{sample: sample{name: "two operations of one token, whose packets may be exchanged", text: served + `
main recv s2 o2 len=4 tok=7
main recv s2 o3 len=4 tok=7
c peer-send c1 "ab"
main wait p1 -> o3 ok "ab"
c peer-send c1 "cd"
main wait p1 -> o2 ok "cd"
`, broken: "DSC-4"}, shows: map[string]string{"KEY-1": "void ×2"}},
		{sample: sample{name: "receives that stand in for each other as their program posts several", text: served + `
main recv s2 o2 len=4
main recv s2 o3 len=4
c peer-send c1 "ab"
main wait p1 -> o2 ok "ab"
main enter o2
c peer-send c1 "cd"
w1 wait p1 -> o3 ok "cd"
w1 enter o3
w1 leave o3
main leave o2
`}, shows: map[string]string{"THR-1": "void ×2"}},
	})
}

// Of a rule of which something was judged it is not said in the end that the trace did not tell, whatever the answer was.
func TestWhatWasJudgedIsNotDoubted(t *testing.T) {
	text := strings.ReplaceAll(served, "c peer-connect c1 @80\n", "") + "main recv s2 o2 len=4\nmain wait p1 -> o2 ok \"ab\"\n"
	i := slices.IndexFunc(Rules(), func(r *Rule) bool { return r.ID == "RCV-1" })
	for _, n := range []Count{{}, {Checks: 1}, {Unknown: 1}, {Broken: 1}, {Checks: 1, Unknown: 1}, {Checks: 2, Broken: 2}, {Unknown: 2, Broken: 2}, {Checks: 1, Unknown: 1, Broken: 2}, {Voided: 1}} {
		c := NewChecker()
		trace := build(t, able(), text)
		c.Begin(trace)
		for k := range trace.Events {
			c.Feed(&trace.Events[k])
		}
		c.counts[i] = n
		want := n
		if n.Checks == 0 && n.Unknown == 0 && n.Broken == 0 {
			want.Unknown = 1
		}
		if got := c.End().Counts[i]; got != want {
			t.Errorf("%+v became %+v, want %+v", n, got, want)
		}
	}
}

// Where calls are longer in the trace than they were, a program is not blamed for what it seems to have done at once, and a back end is for what it did.
func TestALongerTraceBlamesTheBackEndAlone(t *testing.T) {
	for _, s := range []struct{ text, broken, unknown string }{
		{served + "main recv s2 o2 len=4 tok=7\nmain recv s2 o3 len=4 tok=7\n", "", "DSC-4"},
		{port1 + "main wait p1 -> closed\n", "CLS-6", ""},
	} {
		trace := build(t, able(), s.text)
		trace.Widened = true
		j := NewChecker().Check(trace)
		ids, why := brokenBy(j)
		unknown := ""
		for i, n := range j.Counts {
			if n.Unknown != 0 {
				unknown += fmt.Sprint(Rules()[i].ID, strings.Repeat("?", n.Unknown-1))
			}
		}
		if got := strings.Join(ids, " "); got != s.broken || unknown != s.unknown {
			t.Errorf("broken: %q, unknown: %q, want %q and %q\n%s", got, unknown, s.broken, s.unknown, strings.Join(why, "\n"))
		}
	}
}
