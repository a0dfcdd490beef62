package spec

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/simnet/simtest"
)

// leveled are the forms in which a trace may come.
func leveled(t testing.TB, trace *Trace) map[string]*Trace {
	t.Helper()
	pattern := trace.Clone()
	pattern.Data = DataPattern
	forms := map[string]*Trace{"bytes": trace, "sum": Resum(trace), "none": Forget(trace), "pattern": pattern, "tokens": tokensOnly(trace), "no peers": withoutPeers(trace)}
	for name, form := range forms {
		if name == "bytes" {
			continue
		}
		file := write(t, form)
		back, err := ReadTrace(name, bytes.NewReader(file))
		if err != nil {
			t.Fatalf("%v\n%s", err, file)
		}
		forms[name] = back
	}
	return forms
}

// tokensOnly is what a recorder writes that knows nothing of operations.
func tokensOnly(trace *Trace) *Trace {
	c := trace.Clone()
	for i := range c.Events {
		e := &c.Events[i]
		e.Op = 0
		for j := range e.Packets {
			e.Packets[j].Op = 0
		}
	}
	return c
}

// withoutPeers is what a recorder writes that sees one end of the connections only.
func withoutPeers(trace *Trace) *Trace {
	c := trace.Clone()
	c.Events = slices.DeleteFunc(c.Events, func(e Event) bool { return e.Verb.OfPeer() })
	return c
}

// In whatever form a good trace comes, nobody is accused.
func TestNobodyIsAccusedBecauseOfALevel(t *testing.T) {
	simtest.OneGoroutine(t)
	c := NewChecker()
	checks := map[string]int{}
	for i := 0; i < tracesToJudge(); i += traceStep() {
		for name, form := range leveled(t, drawn(i)) {
			j := c.Check(form)
			if ids, why := brokenBy(j); len(ids) > 0 {
				t.Fatalf("seed %d, %s: %s\n%s", i, name, why[0], write(t, form))
			}
			for k, r := range Rules() {
				checks[name+" "+r.ID] += j.Counts[k].Checks
			}
		}
	}
	for _, id := range []string{"RCV-1", "RCV-2", "RCV-3", "RCV-4", "SND-1", "SND-2", "SND-4"} {
		line := id
		for _, name := range []string{"bytes", "pattern", "sum", "tokens", "none", "no peers"} {
			line += fmt.Sprintf("  %s %d", name, checks[name+" "+id])
		}
		t.Log(line)
		if checks["sum "+id] == 0 && checks["bytes "+id] > 1000/traceStep() || checks["pattern "+id] != checks["bytes "+id] {
			t.Errorf("%s is not exercised at every level", id)
		}
	}
}

// The good samples stay good, and the doctored ones are accused of the same, or of nothing where the level does not tell.
func TestSamplesAtEveryLevel(t *testing.T) {
	simtest.OneGoroutine(t)
	c := NewChecker()
	same := map[string]int{}
	for i, s := range slices.Concat(goodSamples, legalSamples, goodHandles, doctoredSamples, doctoredHandles) {
		if i%simtest.Every(5) != 0 {
			continue
		}
		for name, form := range leveled(t, build(t, s.about(), s.text)) {
			ids, why := brokenBy(c.Check(form))
			if got := strings.Join(ids, " "); got == s.broken {
				same[name]++
			} else if got != "" && !foreignName(name, s.broken, got) {
				t.Errorf("%s, %s: broken %q, want %q\n%s", s.name, name, got, s.broken, strings.Join(why, "\n"))
			} else if name == "pattern" {
				t.Errorf("%s, %s: broken %q, want %q", s.name, name, got, s.broken)
			}
		}
	}
	t.Log(same)
}

// foreignName reports whether a fault of a stream, told with less, may be called by another name: part of the rules that are
// broken, or another of the same group.
func foreignName(form, want, got string) bool {
	for _, id := range strings.Fields(got) {
		if !strings.Contains(want, id[:4]) {
			return false
		}
	}
	return true
}

// timed rewrites a trace file so that its events carry times: those of the order, wrong by up to eps.
func timed(file []byte, eps int64, rng *rand.Rand) []byte {
	out := bytes.Replace(file, []byte(`"order":"q"`), []byte(`"order":"time","eps":`+strconv.FormatInt(eps, 10)), 1)
	lines := bytes.SplitAfter(out, []byte("\n"))
	now := int64(1_000_000)
	off := map[string]int64{} // of each thread's clock
	calls := map[string]string{}
	for i, line := range lines {
		if i == 0 || len(line) == 0 {
			continue
		}
		comma := bytes.IndexByte(line, ',')
		field := func(name string) string {
			_, rest, found := bytes.Cut(line, []byte(`"`+name+`":`))
			if !found {
				return ""
			}
			return string(rest[:bytes.IndexAny(rest, ",}")])
		}
		th := field("th")
		if id := field("id"); th != "" {
			calls[id] = th
		} else {
			th = calls[id]
		}
		if _, there := off[th]; !there {
			off[th] = rng.Int64N(2*eps+1) - eps
		}
		now += rng.Int64N(2*eps + 2)
		if strings.Contains(field("e"), "settle") {
			now += 10 * eps
		}
		lines[i] = append([]byte(`{"ts":`+strconv.FormatInt(now+off[th], 10)), line[comma:]...)
		if strings.Contains(field("e"), "settle") {
			now += 10 * eps
		}
	}
	return bytes.Join(lines, nil)
}

// A good trace of recorders whose clocks differ is accused of nothing.
func TestTracesOrderedByTime(t *testing.T) {
	c := NewChecker()
	checks, settled, broken, wrong := 0, 0, 0, 0
	for i := 0; i < tracesToJudge(); i += traceStep() {
		rng := rand.New(rand.NewPCG(uint64(i), 5))
		trace := drawn(i)
		eps := []int64{0, 1, 50, 1000}[i%4]
		read := func(trace *Trace) *Trace {
			file := timed(write(t, trace), eps, rng)
			back, err := ReadTrace("time", bytes.NewReader(file))
			if err != nil {
				t.Fatalf("seed %d: %v\n%s", i, err, file)
			}
			return back
		}
		back := read(trace)
		j := c.Check(back)
		if ids, why := brokenBy(j); len(ids) > 0 {
			t.Fatalf("seed %d: %s\n%s", i, why[0], write(t, back))
		}
		if j.Settled {
			settled++
		}
		for k := range j.Counts {
			checks += j.Counts[k].Checks
		}
		again, err := ReadTrace("again", bytes.NewReader(write(t, back)))
		if err != nil || !again.Widened {
			t.Fatalf("seed %d: written with numbers and read again: %v", i, err)
		}
		if bad, what := doctored(trace, rng); strings.Contains(what, "twice") || what == "a token" {
			if bad.Validate() != nil {
				continue
			}
			wrong++
			if ids, _ := brokenBy(c.Check(read(bad))); len(ids) > 0 {
				broken++
			}
		}
	}
	t.Logf("%d checks; %d traces settled; %d of %d doctored ones broken", checks, settled, broken, wrong)
	if settled == 0 || broken < wrong/2 {
		t.Error("hardly anything is judged")
	}
}

func TestWhatIsNoTraceOrderedByTime(t *testing.T) {
	const header = `{"ioconform":"trace","v":1,"order":"time","eps":10}` + "\n"
	for _, x := range []struct{ name, file, want string }{
		{"a number", header + `{"q":1,"e":"call","id":1,"th":"a","do":"port","port":1}`, "ordered by time"},
		{"a return before its call", header + `{"ts":50,"e":"call","id":1,"th":"a","do":"port","port":1}` + "\n" + `{"ts":40,"e":"ret","id":1,"r":"ok","port":1}`, "returns at 40"},
		{"two calls at once", header + `{"ts":50,"e":"call","id":1,"th":"a","do":"port","port":1}` + "\n" + `{"ts":60,"e":"call","id":2,"th":"a","do":"port","port":2}`, "while another is open"},
		{"times without order", `{"ioconform":"trace","v":1,"order":"q"}` + "\n" + `{"ts":50,"e":"call","id":1,"th":"a","do":"port","port":1}`, "none has a ts"},
	} {
		_, err := ReadTrace("f", strings.NewReader(x.file+"\n"))
		if err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v, want %q", x.name, err, x.want)
		}
	}
}
