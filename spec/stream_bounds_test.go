package spec

import (
	"fmt"
	"strings"
	"testing"
)

// script writes the text of a trace that would be long.
type script struct{ strings.Builder }

func (s *script) line(format string, a ...any) { fmt.Fprintf(s, format+"\n", a...) }

// told returns what is told of the trace, with its bytes and with their sums.
func (s *script) told(t *testing.T, axes Axes) (bytes, sums string) {
	t.Helper()
	trace := build(t, sample{axes: axes}.about(), served+s.String())
	return listenToStreams(t, trace), listenToStreams(t, Resum(trace))
}

func expect(t *testing.T, what, got, want string) {
	t.Helper()
	if len(got)+len(want) > 1000 { // of what is long the end
		at := 0
		for at < min(len(got), len(want)) && got[at] == want[at] {
			at++
		}
		if got != want {
			t.Errorf("%s: from place %d on ...%.300s\nwant ...%.300s", what, at, got[at:], want[at:])
		}
	} else if got != want {
		t.Errorf("%s: %s\nwant: %s", what, got, want)
	}
}

// letters returns n bytes, of which no two are found a second time, up to 1352.
func letters(n int) string {
	var b strings.Builder
	for i := range (n + 1) / 2 {
		b.WriteByte(byte('A' + i/26%26))
		b.WriteByte(byte('a' + i%26))
	}
	return b.String()[:n]
}

// inTurn lists receives in their places, of n bytes each.
func inTurn(first, count, at, n int) string {
	var list []string
	for i := range count {
		list = append(list, fmt.Sprintf("o%d@%d", first+i, at+i*n))
	}
	return strings.Join(list, " ")
}

// Of the receives between two cuts those before the last are told up to a number, the latest.
func TestReceivesBetweenTwoCutsAreToldUpToANumber(t *testing.T) {
	const n = sumMost + 6
	s, all := script{}, letters(n)
	s.line("c peer-send c1 %q", all)
	for i := range n {
		s.line("main recv s2 o%d len=1\nmain wait p1 -> o%d %q", 2+i, 2+i, all[i:i+1])
	}
	bytes, sums := s.told(t, nil)
	expect(t, "bytes", bytes, inTurn(2, n, 0, 1))
	expect(t, "sums", sums, inTurn(2+5, sumMost+1, 5, 1))
}

// Bytes that come again are known as long as the sends that had them are remembered, in whichever way the trace tells of bytes.
func TestBytesThatComeAgainAreKnownForAWhile(t *testing.T) {
	for _, x := range []struct {
		sends, again int
		known        bool
	}{
		{4 * sumHistory, 0, true},
		{4 * sumHistory, 7, true},
		{4*sumHistory + 1, 0, false},
		{4*sumHistory + 1, 3 * sumHistory, false},
		{4*sumHistory + 1, 3*sumHistory + 1, true},
		{4*sumHistory + 1, 4*sumHistory - 3, true},
	} {
		s, all := script{}, letters(2*x.sends+2)
		for i := range x.sends {
			b := all[2*i : 2*i+2]
			s.line("c peer-send c1 %q\nmain recv s2 o%d len=2\nmain wait p1 -> o%d %q", b, 2+i, 2+i, b)
		}
		s.line("main recv s2 o9001 len=2\nmain wait p1 -> o9001 %q", all[2*x.again:2*x.again+2])
		s.line("c peer-send c1 %q\nmain recv s2 o9002 len=2\nmain wait p1 -> o9002 %[1]q", all[2*x.sends:])
		bytes, sums := s.told(t, nil)
		turn, at := inTurn(2, x.sends, 0, 2), 2*x.sends
		again := fmt.Sprintf("%s o9001@%d again from %d o9002@%d breaks RCV-3", turn, at, 2*x.again, at)
		expect(t, "bytes", bytes, again)
		if !x.known {
			again = fmt.Sprintf("%s o9001@%d altered o9002@%d breaks RCV-1", turn, at, at)
		}
		expect(t, fmt.Sprintf("sums, send %d of %d again", x.again, x.sends), sums, again)
	}
}

// Of few receives between two cuts it is told that two of them have exchanged their bytes.
func TestExchangedBytesAreFoundAmongFewReceives(t *testing.T) {
	for n, want := range map[int]string{
		12: "o2@0 crossed o13 o90@24 breaks RCV-2",
		13: "o14@0 altered o90@26 breaks RCV-1",
	} {
		s, all := script{}, letters(2*n)
		s.line("c peer-send c1 %q", all)
		for i := range n {
			s.line("main recv s2 o%d len=2", 2+i)
		}
		for i := range n {
			k := i
			switch i {
			case 0:
				k = n - 1
			case n - 1:
				k = 0
			}
			s.line("main wait p1 -> o%d %q", 2+i, all[2*k:2*k+2])
		}
		s.line("c peer-send c1 \"zz\"\nmain recv s2 o90 len=2\nmain wait p1 -> o90 \"zz\"")
		_, sums := s.told(t, nil)
		expect(t, fmt.Sprint(n), sums, want)
	}
}

// atOnce starts receives of n bytes on so many threads that none has returned before all are called, and then another behind them.
func (s *script) atOnce(count, n int) {
	for i := range count {
		s.line("w%d> recv s2 o%d len=%d", i, 2+i, n)
	}
	for i := range count {
		s.line("w%d<", i)
	}
	s.line("main recv s2 o90 len=%d", n)
}

// Where the order of receives is not certain every order is tried, of a few.
func TestOrdersAreTriedOfFewReceives(t *testing.T) {
	turned := func(n int) string { // the receives take the sends from the last to the first
		var list []string
		for i := range n {
			list = append(list, fmt.Sprintf("o%d@%d", n+1-i, 2*i))
		}
		return strings.Join(list, " ")
	}
	for n, sum := range map[int]string{
		sumOrders:     turned(sumOrders) + fmt.Sprintf(" o90@%d", 2*sumOrders),
		sumOrders + 1: "o90 untold",
	} {
		s, all := script{}, letters(2*n)
		s.atOnce(n, 2)
		s.line("c peer-send c1 %q\nc peer-send c1 \"zz\"", all)
		for i := range n {
			s.line("main wait p1 -> o%d %q", 2+i, all[2*(n-1-i):2*(n-i)])
		}
		s.line("main wait p1 -> o90 \"zz\"")
		bytes, sums := s.told(t, nil)
		expect(t, "bytes", bytes, turned(n)+fmt.Sprintf(" o90@%d", 2*n))
		expect(t, "sums", sums, sum)
	}
	for n, want := range map[int]string{
		orderMost:     inTurn(2, orderMost+1, 0, 1),
		orderMost + 1: "o90 untold",
	} {
		s := script{}
		s.atOnce(n, 1)
		for i := range n - 1 {
			s.line("main wait p1 -> o%d \"a\"", 2+i)
		}
		s.line("c peer-send c1 %q\nmain wait p1 -> o%d \"a\"", strings.Repeat("a", n), n+1)
		s.line("c peer-send c1 \"b\"\nmain wait p1 -> o90 \"b\"")
		bytes, _ := s.told(t, nil)
		expect(t, "bytes", bytes, strings.ReplaceAll(want, fmt.Sprintf("o%d@", n+2), "o90@"))
	}
}

// A receive without its place waits for others that may explain it, while there are few.
func TestReceivesWaitForTheirPlaceWhileTheyAreFew(t *testing.T) {
	for n, want := range map[int]string{64: "/", 65: "o2@0 left out from 4 /"} {
		s := script{}
		for i := range n {
			s.line("main recv s2 o%d len=4", 2+i)
		}
		s.line("c peer-send c1 \"abcd\"\nc peer-send c1 \"efgh\"\nmain wait p1 -> o2 \"efgh\"\nmain pause")
		bytes, sums := s.told(t, nil)
		if n > 64 {
			want += " breaks RCV-3"
		}
		expect(t, fmt.Sprintf("bytes of %d", n), bytes, want)
		expect(t, fmt.Sprintf("sums of %d", n), sums, want)
	}
	for n, want := range map[int]string{streamMost / 4: "", streamMost/4 + 1: "o9999 untold"} {
		s := script{}
		s.line("w> recv s2 o2 len=1")
		for i := range n - 1 {
			s.line("main recv s2 o%d len=1", 3+i)
		}
		s.line("c peer-send c1 \"a\"\nc peer-send c1 \"a\"\nmain wait p1 -> o4 \"a\"")
		s.line("main recv s2 o9999 len=1\nmain wait p1 -> o9999 \"b\"")
		bytes, sums := s.told(t, nil)
		expect(t, fmt.Sprintf("bytes of %d", n), bytes, want)
		expect(t, fmt.Sprintf("sums of %d", n), sums, want)
	}
}

// The search for an order is given up where too many would have to be tried; then nobody is accused.
func TestTheSearchForAnOrderIsGivenUp(t *testing.T) {
	for n, want := range map[int]string{
		5:  "o2@0 o3@1 o4@2 o5@3 o6@4 altered o90@5 breaks RCV-1",
		12: "o90 untold",
	} {
		s := script{}
		s.atOnce(n, 1)
		s.line("c peer-send c1 %q", strings.Repeat("a", n))
		for i := range n {
			s.line("main wait p1 -> o%d %q", 2+i, map[bool]string{true: "X", false: "a"}[i == n-1])
		}
		s.line("c peer-send c1 \"b\"\nmain wait p1 -> o90 \"b\"")
		bytes, _ := s.told(t, nil)
		expect(t, fmt.Sprintf("bytes of %d", n), bytes, want)
	}
}

// Of sends that the far end has not read whole the sums are compared while they are not too many.
func TestSendsAreComparedWhileTheyAreFew(t *testing.T) {
	for n, want := range map[int]string{streamMost: "sent o2 sent o3", streamMost + 1: ""} {
		s := script{}
		for i := range n {
			s.line("main send s2 o%d \"ab\"", 2+i)
		}
		s.line("c peer-read c1 -> \"a\"\nc peer-read c1 -> \"bab\"")
		_, sums := s.told(t, nil)
		expect(t, fmt.Sprint(n), sums, want)
	}
	for n, want := range map[int]string{sumOrders: "sent o2 crossed o3 breaks SND-2", sumOrders + 1: "sent o2 altered breaks SND-1"} {
		s := script{}
		for i := range n {
			s.line("main send s2 o%d %q", 2+i, letters(4 * n)[4*i:4*i+4])
		}
		s.line("c peer-read c1 -> %q", letters(8)[4:])
		_, sums := s.told(t, nil)
		expect(t, fmt.Sprint(n), sums, want)
	}
}

// Of a long stream the latest bytes are remembered, and what comes next is told as at its beginning.
func TestALongStream(t *testing.T) {
	const piece = 1000
	s, fill := script{}, func(k int) string { return strings.Repeat(letters(2 * (k + 1))[2*k:], piece/2) }
	for i := range 30 {
		s.line("c peer-send c1 %q\nmain recv s2 o%d len=1000\nmain wait p1 -> o%d %[1]q", fill(i), 2+i, 2+i)
	}
	want := inTurn(2, 30, 0, piece)
	receive := func(op int, b, how string) {
		s.line("main recv s2 o%d len=1000\nmain wait p1 -> o%d %q", op, op, b)
		want += fmt.Sprintf(" o%d%s", op, how)
	}
	receive(40, fill(29), "@30000 again from 29000")
	receive(41, fill(2), "@30000 altered")
	s.line("c peer-send c1 \"klmnopqrklmn\"")
	receive(42, "mn", "@30000 left out from 30002")
	receive(43, "opXr", "@30004 altered")
	s.line("w1> recv s2 o44 len=4\nw2> recv s2 o45 len=4\nw1<\nw2<")
	s.line("main wait p1 -> o44 \"mn\"\nmain wait p1 -> o45 \"kl\"")
	want += " o45@30008 o44@30010"
	bytes, _ := s.told(t, nil)
	expect(t, "bytes", bytes, want+" breaks RCV-1 RCV-3")
}
