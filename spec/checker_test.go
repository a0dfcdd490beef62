package spec

import (
	"slices"
	"testing"
)

// A checker that has judged one target judges the next by what that one is, however little the two differ.
func TestACheckerJudgesEachTargetByItself(t *testing.T) {
	trace := build(t, able(), port1+`
l peer-listen c1 refuse @90
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90
main socket s2 net=udp4
main bind s2 @0 -> @80
main associate p1 s2 key=10
c peer-bind c3 -> @1003
main recvfrom s2 o2 len=4
c peer-send c3 "ab" @80
main wait p1 -> o2 ok "ab" addr=@1003
main recvfrom s2 o3 len=4
main wait p1 -> o3 ok "ab" addr=@1003
main post p1 t7
main wait p1 -> t7
`+settled)
	for _, x := range []struct {
		what   string
		change func(*About)
	}{
		{"the world", func(a *About) { a.World = "real" }},
		{"the system", func(a *About) { a.OS = "windows 11" }},
		{"the network", func(a *About) { a.Path.NoDup = false }},
		{"a capability", func(a *About) {
			a.Capabilities = slices.DeleteFunc(a.Capabilities, func(c Capability) bool { return c == CanConnect })
		}},
		{"an axis", func(a *About) { a.Axes["queue"] = "any" }},
	} {
		other := trace.Clone()
		other.About = able()
		x.change(&other.About)
		old := NewChecker()
		before := old.Check(trace).Clone()
		got, want := old.Check(other).Counts, NewChecker().Check(other).Counts
		if !slices.Equal(got, want) {
			t.Errorf("%s is another: a checker that was used before judges it otherwise than a new one", x.what)
		}
		if slices.Equal(before.Counts, want) {
			t.Errorf("%s is another, and nothing of the trace shows it", x.what)
		}
		if again := old.Check(trace); !slices.Equal(again.Counts, before.Counts) {
			t.Errorf("%s is another: the first target is judged otherwise after it", x.what)
		}
	}
}

// A violation names what it is about: the operation, the socket, the port and the far end, as far as it is about one.
func TestAViolationNamesItsObjects(t *testing.T) {
	for _, x := range []struct {
		rule, text string
		want       []string
	}{
		{"KEY-1", served + "main recv s2 o2 len=4\nc peer-send c1 \"ab\"\nmain wait p1 -> o2 ok \"ab\" key=99\n", []string{"operation 2", "socket 2", "port 1", "far end 1"}},
		{"RCV-1", served + "main recv s2 o2 len=4\nc peer-send c1 \"ab\"\nmain wait p1 -> o2 ok \"xy\"\n", []string{"operation 2", "socket 2", "far end 1"}},
		{"PKT-4", port1 + "main post p1 t7 key=1\nmain wait p1 -> t7 key=2\n", []string{"port 1"}},
		{"KEY-4", port1 + "main socket s1\nmain associate p1 s1 key=1\nmain associate p1 s1 key=2\n", []string{"socket 1", "port 1"}},
	} {
		j := NewChecker().Check(build(t, able(), x.text))
		if len(j.Violations) != 1 || j.Violations[0].Rule.ID != x.rule {
			t.Errorf("%s: %v", x.rule, j.Violations)
			continue
		}
		if got := j.Violations[0].Objects; !slices.Equal(got, x.want) {
			t.Errorf("a violation of %s is about %q, want %q", x.rule, got, x.want)
		}
	}
}

// What was counted of a rule says held only if the rule held in each of its situations, and broken if it was broken once, whatever else was seen.
func TestWhatWasCountedIsSummedUp(t *testing.T) {
	r := &Rule{Situations: []string{"first", "second", "third"}}
	for _, x := range []struct {
		count   Count
		want    Verdict
		missing []string
	}{
		{Count{}, NotExercised, []string{"first", "second", "third"}},
		{Count{Checks: 1, Situations: 0b001}, NotExercised, []string{"second", "third"}},
		{Count{Checks: 2, Situations: 0b101, Unknown: 9, Voided: 9}, NotExercised, []string{"second"}},
		{Count{Checks: 3, Situations: 0b111, Unknown: 9}, Held, nil},
		{Count{Checks: 1, Situations: 0b111}, Held, nil},
		{Count{Checks: 3, Situations: 0b111, Broken: 1}, Broken, nil},
		{Count{Broken: 1}, Broken, []string{"first", "second", "third"}},
		{Count{Unknown: 1}, Unknown, []string{"first", "second", "third"}},
		{Count{Voided: 1}, NotExercised, []string{"first", "second", "third"}},
	} {
		if got := x.count.Verdict(r, nil); got != x.want {
			t.Errorf("%+v: %s, want %s", x.count, got, x.want)
		}
		if got := x.count.Missing(r, nil); !slices.Equal(got, x.missing) {
			t.Errorf("%+v: %q are missing, want %q", x.count, got, x.missing)
		}
	}
	both := Count{Checks: 1, Situations: 0b001, Unknown: 2}
	both.Add(Count{Checks: 2, Situations: 0b110, Voided: 3, Broken: 4, Alternatives: 1, Cells: 0b1000})
	if want := (Count{Checks: 3, Situations: 0b111, Unknown: 2, Voided: 3, Broken: 4, Alternatives: 1, Cells: 0b1000}); both != want {
		t.Errorf("together %+v, want %+v", both, want)
	}
}
