package engine

import (
	"strings"
	"testing"

	"github.com/ioconform/ioconform/conformance/scenario"
)

func lines(t *testing.T, text string) []scenario.Node {
	t.Helper()
	f, err := scenario.Parse("f", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return steps(f.Lines)
}

func text(nodes []scenario.Node) string { return string(scenario.Print(&scenario.File{Lines: nodes})) }

// What is done to several things becomes a repeat, and what is done to one of them only stays.
func TestWhatIsDoneToManyAlikeBecomesARepeat(t *testing.T) {
	nodes := lines(t, "poller E1\ntcp s1\nadd s1 to E1 in\ntcp s2\ntcp s3\nadd s2 to E1 in\nadd s3 to E1 edge\nwait E1\n")
	kinds := alike(nodes)
	if len(kinds) != 2 || len(kinds[0]) != 3 || len(kinds[1]) != 2 {
		t.Fatalf("alike are %v, want 3 sockets and 2 that are added", kinds)
	}
	got := text(rolled(nodes, kinds, false, false, false))
	want := "poller E1\nrepeat 2 {\n  tcp s1\n  add s1 to E1 in\n}\ntcp s3\nadd s3 to E1 edge\nwait E1\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if got := text(rolled(nodes, kinds, true, true, false)); !strings.Contains(got, "repeat 3 {\n  tcp s1\n  add s1 to E1 in\n}\nadd s3 to E1 edge") {
		t.Errorf("as often as there are of that of which there are most, in the place of the last:\n%s", got)
	}
}

// What the lines behind a repeat are about is the last of the things that it brings.
func TestARepeatBringsWhatIsNamedBehindIt(t *testing.T) {
	nodes := lines(t, "port P\nudp u1\nassociate u1 to P key=1\nudp u2\nassociate u2 to P key=2\nrecvfrom m on u2 len=1\n")
	if got := text(rolled(nodes, alike(nodes), false, false, true)); got != "port P\nrepeat 2 {\n  udp u2\n  associate u2 to P key=2\n}\nrecvfrom m on u2 len=1\n" {
		t.Errorf("got\n%s", got)
	}
}

// Names and threads are counted from 1 in the order in which they come; numbers with a letter behind are none, and those that sessions share stay.
func TestPlainNames(t *testing.T) {
	nodes := lines(t, "session s3 peer=c7\nrecv r9 on s3 len=4\nsend w4 on s3 len=140k\n@w4 wait P 5ms &\n@w2 wait P &\nrecv r4 on s3 len=4\naccept a2 on L\ncancel all a2.sock\n")
	got, ok := plainNames(nodes)
	want := "session s\nrecv r1 on s len=4\nsend w on s len=140k\n@t1 wait P 5ms &\n@t2 wait P &\nrecv r2 on s len=4\naccept a on L\ncancel all a.sock\n"
	if !ok || text(got) != want {
		t.Errorf("%v, got\n%swant\n%s", ok, text(got), want)
	}
}
