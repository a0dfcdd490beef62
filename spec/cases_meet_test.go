package spec

import (
	"strings"
	"testing"
)

// How a socket and its far end find each other, and what becomes of those that do not, in small traces.
func TestTheTwoEndsMeet(t *testing.T) { judgeAsShown(t, meetings) }

// waiting has an accept, o2, that is still pending when a second far end, c2, has connected and all is quiet.
const waiting = "main accept s1 o2\nd peer-connect c2 @80\n" + settled

var meetings = []shown{
	{sample: sample{name: "an accept that does not tell who came has the one who waits", text: listener + `
main accept s1 o1
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s2
main accept s1 o2
` + settled}},
	{sample: sample{name: "an accept that tells neither who came nor to which socket has the one who waits", text: listener + `
main accept s1 o1
c peer-connect c1 @80
main wait p1 -> o1 ok addr=@1001
main accept s1 o2
` + settled, broken: "ACC-6"}},
	{sample: sample{name: "an accept that tells of a far end that connected elsewhere", text: listener + `
main socket s3
main listen s3 @81 backlog=16
main accept s1 o1
d peer-connect c2 @81
c peer-connect c1 @80
main wait p1 -> o1 ok addr=@1002
`, broken: "ACC-2 ACC-6"}},
	{sample: sample{name: "an accept that delivers a socket that the program had opened", text: listener + `
main socket s3
main accept s1 o1
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s3 addr=@1001
`, broken: "ACC-6"}},
	{sample: sample{name: "an accept into one socket that delivers another", text: listener + `
main socket s3
main socket s4
main accept s1 o1 into=s3
c peer-connect c1 @80
main wait p1 -> o1 ok sock=s4 addr=@1001
`, broken: "ACC-6"}},
	{sample: sample{name: "an accept that delivers a socket that is there already", text: served + `
main accept s1 o2
d peer-connect c2 @80
main wait p1 -> o2 ok sock=s2 addr=@1002
`, broken: "ACC-6"}},
	{sample: sample{name: "a far end that gave up and was accepted all the same leaves the next to the next accept", broken: "ACC-3", text: listener + `
main accept s1 o1
c peer-connect c1 @80 -> timedout
main wait p1 -> o1 ok sock=s2 addr=@1001
` + waiting}},
	{sample: sample{name: "a far end that gave up, and was accepted into a socket that is not told, leaves the next to the next accept", broken: "ACC-3 ACC-6", text: listener + `
main accept s1 o1
c peer-connect c1 @80 -> timedout
main wait p1 -> o1 ok addr=@1001
` + waiting}},
	{sample: sample{name: "a far end that is accepted before its connect returns leaves the next to the next accept", broken: "ACC-3", text: listener + `
main accept s1 o1
c> peer-connect c1 @80
main wait p1 -> o1 ok sock=s2 addr=@1001
c<
` + waiting}},
	{sample: sample{name: "of two far ends of one address, one after the other, either may have been accepted", text: listener + `
c peer-connect c1 @80 -> @1001
c peer-abort c1
d peer-connect c2 @80 -> @1001
main accept s1 o1
main wait p1 -> o1 ok sock=s2 addr=@1001
`}, shows: map[string]string{"ACC-2": "unknown ×1"}},
	{sample: sample{name: "bytes of a far end that has left come before the end", broken: "RCV-4", text: listener + `
c peer-connect c1 @80
c peer-send c1 "ab"
c peer-close c1
main accept s1 o1
main wait p1 -> o1 ok sock=s2 addr=@1001
main associate p1 s2 key=20
main recv s2 o2 len=4
main wait p1 -> o2 ok ""
`}},
	{sample: sample{name: "a far end that leaves without having read what the connect carried resets", text: port1 + `
l peer-listen c1 @90
main socket s1
main bind s1 @0
main associate p1 s1 key=20
main connect s1 o1 @90 "hello"
l peer-accept c2 -> @5000
l peer-close c2
main wait p1 -> o1 ok n=5 addr=@5000
main recv s1 o2 len=4
main wait p1 -> o2 reset
`}},
}

// In a trace whose calls are longer than they were a socket may seem to be used before the accept that brings it.
func TestASocketMayBeUsedBeforeItIsAcceptedInALongerTrace(t *testing.T) {
	trace := build(t, able(), listener+`
main accept s1 o1
c peer-connect c1 @80
w1> wait p1
w2> associate p1 s2 key=20
w1< -> o1 ok sock=s2 addr=@1001
w2<
w2 recv s2 o2 len=4
c peer-send c1 "ab"
w1 wait p1 -> o2 ok "ab"
`)
	trace.Widened = true
	j := NewChecker().Check(trace)
	if ids, why := brokenBy(j); len(ids) > 0 {
		t.Error(strings.Join(why, "\n"))
	}
	for i, r := range Rules() {
		if (r.ID == "ACC-2" || r.ID == "RCV-1") && j.Counts[i].Checks != 1 {
			t.Errorf("%s was held %d times", r.ID, j.Counts[i].Checks)
		}
	}
}
