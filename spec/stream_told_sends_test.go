package spec

const (
	two4 = `
main send s2 o5 "abcd"
main send s2 o6 "efgh"
`
	sendsAtOnce = `
w1> send s2 o5 "abcd"
w2> send s2 o6 "abef"
w1<
w2<
`
	cancelled4 = `
main send s2 o5 "abcd"
main cancel s2 o5
main wait p1 -> o5 aborted
`
)

var sentStreams = []stream{
	{name: "a send that is read at once", text: two4 + `
c peer-read c1 -> "abcd"
main pause
c peer-read c1 -> "efgh"
`, bytes: "sent o5 / sent o6"},
	{name: "sends that are read in pieces", text: two4 + `
main send s2 o7 "ij"
c peer-read c1 -> "ab"
main pause
c peer-read c1 -> "cdef"
main pause
c peer-read c1 -> "gh"
c peer-read c1 -> "ij"
`, bytes: "sent o5 / sent o5 sent o6 / sent o6 sent o7", sums: "/ / sent o5 sent o6 sent o7"},
	{name: "two sends that are read together", text: two4 + `
c peer-read c1 -> "abcdefgh"
`, bytes: "sent o5 sent o6"},
	{name: "sent and altered", text: two4 + `
c peer-read c1 -> "abXd"
c peer-read c1 -> "efgh"
main send s2 o7 "ij"
c peer-read c1 -> "ij"
`, bytes: "sent o5 altered breaks SND-1"},
	{name: "the second send is altered", text: two4 + `
c peer-read c1 -> "abcd"
c peer-read c1 -> "efXh"
`, bytes: "sent o5 sent o6 altered breaks SND-1"},
	{name: "more is read than was sent", text: two4 + `
c peer-read c1 -> "abcd"
c peer-read c1 -> "efghij"
`, bytes: "sent o5 sent o6 sent altered breaks SND-1", sums: "sent o5 sent altered breaks SND-1"},
	{name: "what is read was never sent", text: `
c peer-read c1 -> "abcd"
`, bytes: "sent altered breaks SND-1"},
	{name: "the later send is read first", text: two4 + `
c peer-read c1 -> "efgh"
`, bytes: "sent o5 crossed o6 breaks SND-2"},
	{name: "the later send is read first, and both at once", text: two4 + `
c peer-read c1 -> "efghabcd"
`, bytes: "sent o5 crossed o6 breaks SND-2"},
	{name: "of three sends the last two are exchanged", text: two4 + `
main send s2 o7 "ijkl"
c peer-read c1 -> "abcdijkl"
`, bytes: "sent o5 sent o6 crossed o7 breaks SND-2", sums: "sent o6 crossed o7 breaks SND-2"},
	{name: "of five sends those in the middle are exchanged", text: `
main send s2 o5 "a"
main send s2 o6 "bc"
main send s2 o7 "def"
main send s2 o8 "ghij"
main send s2 o9 "klmno"
c peer-read c1 -> "aghijdefbc"
`, bytes: "sent o5 sent o6 crossed o8 breaks SND-2", sums: "sent o6 crossed o8 breaks SND-2"},
	{name: "of a read nobody looked at the bytes", text: two4 + `
c peer-read c1 -> n=4
c peer-read c1 -> "efgh"
`, bytes: ""},
	{name: "a read that finds nothing", text: two4 + `
c peer-read c1 -> timedout
c peer-read c1 -> "abcd"
`, bytes: "sent o5"},
	{name: "of a send nobody looked at the bytes", text: `
main send s2 o5 len=4
c peer-read c1 -> "abcd"
`, bytes: ""},

	{name: "sends that were started at once, in order", text: sendsAtOnce + `
c peer-read c1 -> "abcd"
main pause
c peer-read c1 -> "abef"
`, bytes: "sent o5 / sent o6", sums: "/"},
	{name: "sends that were started at once, in the other order and in pieces", text: sendsAtOnce + `
main send s2 o7 "ij"
c peer-read c1 -> "ab"
main pause
c peer-read c1 -> "efab"
main pause
c peer-read c1 -> "cdij"
`, bytes: "/ sent o6 sent o5 / sent o5 sent o7", sums: "/ /"},
	{name: "a send that was over before the next began, by its packet", text: `
w1> send s2 o5 "abcd"
main wait p1 -> o5 ok
main send s2 o6 "efgh"
w1<
c peer-read c1 -> "abcd"
c peer-read c1 -> "efgh"
`, bytes: "sent o5 sent o6"},
	{name: "a send that was over before the next began, by its packet, and is read behind it", text: `
w1> send s2 o5 "abcd"
main wait p1 -> o5 ok
main send s2 o6 "efgh"
w1<
c peer-read c1 -> "efgh"
`, bytes: "sent o5 crossed o6 breaks SND-2"},
	{name: "a send that overlaps two others in turn", text: `
w1> send s2 o5 "abcd"
w2 send s2 o6 "efgh"
w2 send s2 o7 "ijkl"
w1<
c peer-read c1 -> "efghijkl"
c peer-read c1 -> "abcd"
`, bytes: "sent o6 sent o7 sent o5", sums: "-"},

	{name: "a send that was cancelled goes out", text: cancelled4 + `
main send s2 o6 "efgh"
c peer-read c1 -> "abcdef"
c peer-read c1 -> "gh"
`, bytes: "sent o5 sent o6 sent o6", sums: "-"},
	{name: "a send that was cancelled goes out in pieces, and the next one behind the last", text: cancelled4 + `
main send s2 o6 "efgh"
c peer-read c1 -> "ab"
c peer-read c1 -> "cdef"
c peer-read c1 -> "gh"
`, bytes: "sent o5 sent o5 sent o6 sent o6", sums: "-"},
	{name: "a send that was cancelled goes out in part", text: cancelled4 + `
main send s2 o6 "efgh"
c peer-read c1 -> "ab"
main pause
c peer-read c1 -> "efgh"
`, bytes: "sent o5 / sent o6", sums: "/"},
	{name: "a send that was cancelled may have ended where the next begins alike", text: cancelled4 + `
main send s2 o6 "cdef"
c peer-read c1 -> "abcd"
c peer-read c1 -> "cdef"
`, bytes: ""},
	{name: "a send that was cancelled may have ended where the next begins alike, read in pieces", text: cancelled4 + `
main send s2 o6 "cdef"
c peer-read c1 -> "ab"
c peer-read c1 -> "cd"
c peer-read c1 -> "ef"
`, bytes: "sent o5", sums: "-"},
	{name: "a send that was cancelled ends in the middle of what is read", text: cancelled4 + `
main send s2 o6 "XYef"
c peer-read c1 -> "abXY"
c peer-read c1 -> "ef"
`, bytes: ""},
	{name: "a send that was cancelled sent nothing", text: cancelled4 + `
main send s2 o6 "efgh"
c peer-read c1 -> "efgh"
main send s2 o7 "ij"
c peer-read c1 -> "ij"
`, bytes: "sent o6 sent o7", sums: "-"},
	{name: "a send that was cancelled comes after the next one", text: cancelled4 + `
main send s2 o6 "efgh"
c peer-read c1 -> "efgh"
c peer-read c1 -> "abcd"
`, bytes: "sent o6 sent altered breaks SND-1", sums: "-"},
	{name: "two sends that were cancelled go out", text: `
main send s2 o5 "abcd"
main send s2 o6 "efgh"
main cancel-all s2
main wait p1 -> o5 aborted; o6 aborted
c peer-read c1 -> "abcdefgh"
`, bytes: "sent o5 sent o6", sums: "-"},
	{name: "of two sends that were cancelled the second begins like the end of the first", text: `
main send s2 o5 "abcd"
main send s2 o6 "dxyz"
main cancel-all s2
main wait p1 -> o5 aborted; o6 aborted
c peer-read c1 -> "abcd"
`, bytes: ""},
	{name: "the connection may have been reset, and a send with it", text: two4 + `
main wait p1 -> o5 ok; o6 ok
c peer-send c1 "m"
main close s2
c peer-read c1 -> "abef"
`, bytes: ""},

	{name: "read to the end", text: two4 + `
main shutdown s2 side=send
main wait p1 -> o5 ok; o6 ok
c peer-read c1 -> "abcd"
c peer-read c1 -> "efgh"
c peer-read c1 -> n=0
`, bytes: "sent o5 sent o6 end"},
	{name: "the end comes before a send", text: two4 + `
main shutdown s2 side=send
main wait p1 -> o5 ok; o6 ok
c peer-read c1 -> "abcd"
c peer-read c1 -> n=0
`, bytes: "sent o5 end early o6 breaks SND-4"},
	{name: "the end comes in the first send", text: two4 + `
main shutdown s2 side=send
main wait p1 -> o5 ok; o6 ok
c peer-read c1 -> "ab"
c peer-read c1 -> n=0
`, bytes: "sent o5 end early o5 breaks SND-4", sums: "end early o5 breaks SND-4"},
	{name: "the end comes in the second send", text: two4 + `
main shutdown s2 side=send
main wait p1 -> o5 ok; o6 ok
c peer-read c1 -> "abcdef"
c peer-read c1 -> n=0
`, bytes: "sent o5 sent o6 end early o6 breaks SND-4", sums: "end early o6 breaks SND-4"},
	{name: "the end comes before sends whose order is not certain", text: sendsAtOnce + `
main shutdown s2 side=send
main wait p1 -> o5 ok; o6 ok
c peer-read c1 -> n=0
`, bytes: "end early o5 breaks SND-4", sums: "end"},
	{name: "the end comes in a send that has not ended, and before one that has", text: `
main send s2 o5 "abcd"
main send s2 o6 "ef"
main shutdown s2 side=send
main wait p1 -> o6 ok
c peer-read c1 -> "abc"
c peer-read c1 -> n=0
`, bytes: "sent o5 end early o6 breaks SND-4", sums: "end early o6 breaks SND-4"},
	{name: "the end comes after what a short send had sent", axes: Axes{"send": "short"}, text: `
main send s2 o5 "abcd" -> done 2
main wait p1 -> o5 n=2
main shutdown s2 side=send
c peer-read c1 -> "ab"
c peer-read c1 -> n=0
`, bytes: "sent o5 end", sums: "end"},
	{name: "the end comes before what a short send had sent", axes: Axes{"send": "short"}, text: `
main send s2 o5 "abcd" -> done 2
main wait p1 -> o5 n=2
main shutdown s2 side=send
c peer-read c1 -> "a"
c peer-read c1 -> n=0
`, bytes: "sent o5 end early o5 breaks SND-4", sums: "end"},
	{name: "the end comes before a send that had sent nothing", axes: Axes{"send": "short"}, text: `
main send s2 o5 "abcd"
main send s2 o6 "efgh" -> done 0
main wait p1 -> o6 n=0
main shutdown s2 side=send
c peer-read c1 -> n=0
`, bytes: "end"},

	{name: "the far end reads before the connect has told its address", dials: true, text: `
main connect s2 o1 @99 "abcd"
l peer-accept c1 -> @5000
l peer-read c1 -> "abcd"
main wait p1 -> o1 ok addr=@5000
main send s2 o5 "efgh"
l peer-read c1 -> "efgh"
`, bytes: ""},
	{name: "the far end finds nothing before the connect has told its address", dials: true, text: `
main connect s2 o1 @99
l peer-accept c1 -> @5000
l peer-read c1 -> timedout
main wait p1 -> o1 ok addr=@5000
main send s2 o5 "efgh"
l peer-read c1 -> "efgh"
`, bytes: "sent o5"},
	{name: "a connect with bytes", dials: true, text: `
main connect s2 o1 @99 "abcd"
l peer-accept c1 -> @5000
main wait p1 -> o1 ok addr=@5000
main send s2 o5 "efgh"
l peer-read c1 -> "abcdef"
l peer-read c1 -> "gh"
`, bytes: "sent o1 sent o5 sent o5", sums: "sent o1 sent o5"},
}
