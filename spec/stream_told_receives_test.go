package spec

// three4 are three sends of a far end, and three receives that have been started.
const (
	three4 = `
c peer-send c1 "abcd"
c peer-send c1 "efgh"
c peer-send c1 "ijkl"
main recv s2 o2 len=4
main recv s2 o3 len=4
main recv s2 o4 len=4
`
	dials = port1 + `
l peer-listen c9 @99
main socket s2
main bind s2 @0
main associate p1 s2 key=30
`
	twoAtOnce = `
w1> recv s2 o2 len=8
w2> recv s2 o3 len=8
w1<
w2<
`
)

var receivedStreams = []stream{
	{name: "a receive for each send", text: three4 + `
main wait p1 -> o2 "abcd"
main pause
main wait p1 -> o3 "efgh"
main pause
main wait p1 -> o4 "ijkl"
`, bytes: "o2@0 / o3@4 / o4@8"},
	{name: "cut in other places", text: three4 + `
main wait p1 -> o2 "abc"
main pause
main wait p1 -> o3 "defg"
main pause
main wait p1 -> o4 "h"
`, bytes: "o2@0 / o3@3 / o4@7", sums: "/ / o2@0 o3@3 o4@7"},
	{name: "one receive of several sends", text: `
main recv s2 o2 len=12
c peer-send c1 "abcd"
c peer-send c1 "efgh"
main wait p1 -> o2 "abcdefgh"
`, bytes: "o2@0"},
	{name: "no cut comes", text: three4 + `
main wait p1 -> o2 "abc"
main wait p1 -> o3 "de"
main wait p1 -> o4 "f"
main settle
`, bytes: "o2@0 o3@3 o4@5 /", sums: "/ o2 untold o3 untold o4 untold"},
	{name: "a receive before the send has returned", text: `
main recv s2 o2 len=4
c> peer-send c1 "abcd"
main wait p1 -> o2 "abcd"
c<
`, bytes: "o2@0"},
	{name: "of a receive nobody looked at the bytes", text: three4 + `
main wait p1 -> o2 n=4
main wait p1 -> o3 "efgh"
main recv s2 o5 len=4
main wait p1 -> o5 "mnop"
`, bytes: "o3 untold o5 untold"},
	{name: "of a send nobody looked at the bytes", text: `
c peer-send c1 len=4
main recv s2 o2 len=4
main wait p1 -> o2 "abcd"
`, bytes: "o2 untold"},
	{name: "the end, of which there is nothing to look at", text: `
c peer-send c1 "abcd"
main recv s2 o2 len=4
main wait p1 -> o2 "abcd"
c peer-half-close c1
main recv s2 o3 len=4 -> done
main wait p1 -> o3
`, bytes: "o2@0 o3@4"},
	{name: "a send that went out in part", text: `
main recv s2 o2 len=4
main recv s2 o3 len=4
c peer-send c1 "abcd" -> n=2
main wait p1 -> o2 "ab"
main pause
c peer-send c1 "ef"
main wait p1 -> o3 "ef"
`, bytes: "o2@0 / o3@2", sums: "o2 untold / o3@2"},
	{name: "a send that did not go out", text: `
main recv s2 o2 len=4
main recv s2 o3 len=4
c peer-send c1 "abcd"
c peer-send c1 "efgh" -> timedout n=0
main wait p1 -> o2 "abcd"
c peer-send c1 "ijkl"
main wait p1 -> o3 "ijkl"
`, bytes: "o2@0 o3@4"},
	{name: "a send of which more was received than went out", text: `
main recv s2 o2 len=4
main recv s2 o3 len=4
c> peer-send c1 "abcd"
main wait p1 -> o2 "abc"
c< -> n=2
c peer-send c1 "ef"
main wait p1 -> o3 "ef"
`, bytes: "o2@0 o3@3", sums: "o2 untold o3 untold"},
	{name: "a send of which all was received and that says that a part went out", text: `
main recv s2 o2 len=4
main recv s2 o3 len=4
c> peer-send c1 "abcd"
main wait p1 -> o2 "abcd"
c< -> n=2
main wait p1 -> o3 "abcd"
`, bytes: "o2@0 o3@4 again from 0 breaks RCV-3"},

	{name: "altered", text: three4 + `
main wait p1 -> o2 "abXd"
main wait p1 -> o3 "efgh"
main wait p1 -> o4 "ijkl"
`, bytes: "o2@0 altered o3@4 o4@8 breaks RCV-1"},
	{name: "altered in the second of two parts", text: three4 + `
main wait p1 -> o2 "ab"
main wait p1 -> o3 "Xd"
main wait p1 -> o4 "efgh"
`, bytes: "o2@0 o3@2 altered o4@4 breaks RCV-1", sums: "o3@0 altered o4@4 breaks RCV-1"},
	{name: "altered twice in a row, which may be one fault, and once more", text: three4 + `
main wait p1 -> o2 "abXd"
main wait p1 -> o3 "efXh"
main wait p1 -> o4 "ijkl"
c peer-send c1 "mnop"
main recv s2 o5 len=4
main wait p1 -> o5 "mnXp"
`, bytes: "o2@0 altered o3@4 altered o4@8 o5@12 altered breaks RCV-1", sums: "o2@0 altered o4@8 o5@12 altered breaks RCV-1"},
	{name: "more than was sent", text: `
c peer-send c1 "abcd"
main recv s2 o2 len=8
main wait p1 -> o2 "abcd"
c peer-send c1 "ef"
main recv s2 o3 len=8
main wait p1 -> o3 "efXY"
c peer-send c1 "gh"
main recv s2 o4 len=8
main wait p1 -> o4 "gh"
main recv s2 o5 len=8
main wait p1 -> o5 "gh"
`, bytes: "o2@0 o3@4 altered o4@6 o5@8 again from 6 breaks RCV-1 RCV-3"},
	{name: "more than was sent, behind a part", text: `
c peer-send c1 "abcd"
main recv s2 o2 len=8
main wait p1 -> o2 "ab"
main recv s2 o3 len=8
main wait p1 -> o3 "cdXYZ"
main recv s2 o4 len=8
main wait p1 -> o4 "UVW"
c peer-send c1 "efgh"
main recv s2 o5 len=8
main wait p1 -> o5 "efgh"
main settle
`, bytes: "o2@0 o3@2 altered o4@4 altered o5@4 / breaks RCV-1", sums: "o3@2 altered o5@4 / breaks RCV-1"},

	{name: "left out", text: three4 + `
main wait p1 -> o2 "efgh"
main wait p1 -> o3 "ijkl"
main wait p1 -> o4 "ijkl"
main settle
`, bytes: "o2@0 left out from 4 o3@8 o4@12 again from 8 / breaks RCV-3"},
	{name: "left out: several sends", text: `
main recv s2 o9 len=3
main recv s2 o2 len=4
main recv s2 o3 len=4
c peer-send c1 "xyz"
main wait p1 -> o9 "xyz"
c peer-send c1 "ab"
c peer-send c1 "cd"
c peer-send c1 "ef"
c peer-send c1 "gh"
main wait p1 -> o2 "efgh"
c peer-send c1 "ij"
main wait p1 -> o3 "ij"
`, bytes: "o9@0 o2@3 left out from 7 o3@11 breaks RCV-3"},
	{name: "left out: before two parts of a send", text: `
c peer-send c1 "abcd"
c peer-send c1 "efgh"
c peer-send c1 "ijkl"
main recv s2 o2 len=4
main wait p1 -> o2 "ef"
main recv s2 o3 len=4
main wait p1 -> o3 "gh"
main recv s2 o4 len=4
main wait p1 -> o4 "ijkl"
`, bytes: "o2@0 left out from 4 o3@6 o4@8 breaks RCV-3", sums: "o3@0 left out from 4 o4@8 breaks RCV-3"},
	{name: "left out for good, while a receive is open", text: `
c peer-send c1 "abcd"
c peer-send c1 "efgh"
main recv s2 o2 len=4
main recv s2 o3 len=4
main wait p1 -> o2 "efgh"
main pause
main settle
`, bytes: "/ / o2@0 left out from 4 breaks RCV-3"},
	{name: "again", text: `
c peer-send c1 "abcd"
main recv s2 o2 len=4
main wait p1 -> o2 "abcd"
main recv s2 o3 len=4
main wait p1 -> o3 "abcd"
c peer-send c1 "efgh"
main recv s2 o4 len=4
main wait p1 -> o4 "efgh"
`, bytes: "o2@0 o3@4 again from 0 o4@4 breaks RCV-3"},
	{name: "again, and the next bytes are there", text: three4 + `
main wait p1 -> o2 "abcd"
main wait p1 -> o3 "efgh"
main wait p1 -> o4 "efgh"
main recv s2 o5 len=4
main wait p1 -> o5 "ijkl"
`, bytes: "o2@0 o3@4 o4@8 again from 4 o5@8 breaks RCV-3"},
	{name: "again: two sends in one receive", text: three4 + `
main wait p1 -> o2 "abcd"
main wait p1 -> o3 "efgh"
main recv s2 o5 len=8
main wait p1 -> o4 "ijkl"
main wait p1 -> o5 "efghijkl"
`, bytes: "o2@0 o3@4 o4@8 o5@12 again from 4 breaks RCV-3"},

	{name: "the bytes of two receives are exchanged", text: three4 + `
main wait p1 -> o2 "efgh"
main pause
main wait p1 -> o3 "abcd"
main wait p1 -> o4 "ijkl"
`, bytes: "/ o2@0 crossed o3 o2@4 o4@8 breaks RCV-2"},
	{name: "the bytes of the first and the last part are exchanged", text: `
c peer-send c1 "abcdef"
c peer-send c1 "gh"
main recv s2 o2 len=2
main recv s2 o3 len=2
main recv s2 o4 len=2
main recv s2 o5 len=2
main wait p1 -> o2 "ef"
main wait p1 -> o3 "cd"
main wait p1 -> o4 "ab"
main wait p1 -> o5 "gh"
`, bytes: "o2@0 crossed o4 o2@2 crossed o3 o2@4 o5@6 breaks RCV-2", sums: "o2@0 crossed o4 o5@6 breaks RCV-2"},
	{name: "the bytes of the second and the last part are exchanged", text: `
c peer-send c1 "abcdef"
c peer-send c1 "gh"
main recv s2 o2 len=2
main recv s2 o3 len=2
main recv s2 o4 len=2
main recv s2 o5 len=2
main wait p1 -> o2 "ab"
main wait p1 -> o3 "ef"
main wait p1 -> o4 "cd"
main wait p1 -> o5 "gh"
`, bytes: "o2@0 o3@2 crossed o4 o3@4 o5@6 breaks RCV-2", sums: "o3@0 crossed o4 o5@6 breaks RCV-2"},
	{name: "receives in turn have exchanged bytes, and their order is not promised", axes: Axes{"fill": "any"}, text: `
c peer-send c1 "abcd"
c peer-send c1 "efgh"
main recv s2 o2 len=2
main wait p1 -> o2 "cd"
main recv s2 o3 len=2
main wait p1 -> o3 "ab"
main recv s2 o4 len=4
main wait p1 -> o4 "efgh"
`, bytes: "o2@0 left out from 2 o3@4 again from 0 o4@4 breaks RCV-3", sums: "o3@0 altered o4@4 breaks RCV-1"},

	{name: "a later receive has the bytes that are due to the first", text: three4 + `
main wait p1 -> o3 "abcd"
main wait p1 -> o4 "efgh"
main settle
main pause
main recv s2 o5 len=4
main wait p1 -> o2 "ijkl"
c peer-send c1 "mnop"
main wait p1 -> o5 "mnop"
`, bytes: "/ o2@0 crossed o3 o2@4 crossed o4 / o2@8 o5@12 breaks RCV-2 RCV-5"},
	{name: "a part of the bytes that are due to the first is in a later receive", text: three4 + `
main wait p1 -> o3 "ab"
main settle
`, bytes: "/ o2@0 crossed o3 breaks RCV-2 RCV-5", sums: "/ breaks RCV-5"},
	{name: "a later receive reports the end, and the first stays pending", text: `
main recv s2 o2 len=4
main recv s2 o3 len=4
c peer-half-close c1
main wait p1 -> o3 n=0
main settle
`, bytes: "/ breaks RCV-5"},
	{name: "the first was asked to end", text: three4 + `
w1> cancel s2 o2
main wait p1 -> o3 "abcd"
main settle
`, bytes: "/", sums: "/"},
	{name: "the packet of the first may be in a port that is closed", text: three4 + `
main wait p1 -> o3 "abcd"
main close-port p1
main settle
`, bytes: "/"},

	{name: "the end", text: three4 + `
c peer-half-close c1
main wait p1 -> o2 "abcd"
main wait p1 -> o3 "efgh"
main wait p1 -> o4 "ijkl"
main recv s2 o5 len=4
main wait p1 -> o5 n=0
main recv s2 o6 len=4
main wait p1 -> o6 n=0
`, bytes: "o2@0 o3@4 o4@8 o5@12 o6@12"},
	{name: "the end comes early, and again", text: three4 + `
c peer-half-close c1
main wait p1 -> o2 "abcd"
main wait p1 -> o3 n=0
main wait p1 -> o4 n=0
`, bytes: "o2@0 o3@4 early of 12 breaks RCV-4"},
	{name: "the end comes early behind bytes that were altered", text: three4 + `
c peer-half-close c1
main wait p1 -> o2 "abXd"
main wait p1 -> o3 n=0
`, bytes: "o2@0 altered o3@4 early of 12 breaks RCV-1 RCV-4", sums: "o2@0 altered breaks RCV-1"},

	{name: "two threads receive at once, in the other order", text: twoAtOnce + `
c peer-send c1 "abcd"
main wait p1 -> o2 "cd"
main pause
main wait p1 -> o3 "ab"
main recv s2 o4 len=4
c peer-send c1 "ef"
main wait p1 -> o4 "ef"
`, bytes: "/ o3@0 o2@2 o4@4"},
	{name: "two threads receive at once, and a third receive follows them", text: twoAtOnce + `
main recv s2 o4 len=4
c peer-send c1 "abcd"
c peer-send c1 "ef"
main wait p1 -> o4 "ef"
main wait p1 -> o2 "cd"
main wait p1 -> o3 "ab"
`, bytes: "o3@0 o2@2 o4@4"},
	{name: "one of two that were started at once follows the other's successor", text: `
w1> recv s2 o2 len=8
w2 recv s2 o3 len=8
w2 recv s2 o4 len=8
w1<
c peer-send c1 "cdabef"
main wait p1 -> o2 "ef"
main wait p1 -> o3 "ab"
main wait p1 -> o4 "cd"
main recv s2 o5 len=4
c peer-send c1 "gh"
main wait p1 -> o5 "gh"
`, bytes: "o3@0 crossed o4 o3@2 o2@4 o5@6 breaks RCV-2", sums: "o5 untold"},
	{name: "two threads receive at once, and what they have was never sent", text: twoAtOnce + `
c peer-send c1 "abcd"
main wait p1 -> o2 "cd"
main wait p1 -> o3 "aX"
main recv s2 o4 len=4
c peer-send c1 "ef"
main wait p1 -> o4 "ef"
`, bytes: "o2@0 left out from 2 o3@4 altered o4@4 breaks RCV-1 RCV-3", sums: "o4 untold"},
	{name: "two threads receive at once, and no cut comes", text: twoAtOnce + `
c peer-send c1 "abcdef"
main wait p1 -> o2 "cd"
main wait p1 -> o3 "ab"
main recv s2 o4 len=4
main wait p1 -> o4 "ef"
`, bytes: "o3@0 o2@2 o4@4", sums: "o4 untold"},
	{name: "two threads receive at once, one of them the end", text: twoAtOnce + `
c peer-send c1 "abcd"
c peer-half-close c1
main wait p1 -> o2 n=0
main wait p1 -> o3 "abcd"
main recv s2 o4 len=4
main wait p1 -> o4 n=0
`, bytes: "o3@0 o2@4 o4@4", sums: "o4 untold"},
	{name: "two threads receive at once, and one of them stays pending", text: twoAtOnce + `
c peer-send c1 "abcd"
main wait p1 -> o2 "abcd"
main settle
main recv s2 o4 len=4
c peer-send c1 "ef"
main wait p1 -> o4 "ef"
`, bytes: "o2@0 /", sums: "/ o4 untold"},
	{name: "two threads receive at once behind a part", text: `
c peer-send c1 "abcdef"
main recv s2 o5 len=4
main wait p1 -> o5 "ab"
` + twoAtOnce + `
main wait p1 -> o2 "ef"
main wait p1 -> o3 "cd"
main recv s2 o4 len=4
c peer-send c1 "gh"
main wait p1 -> o4 "gh"
`, bytes: "o5@0 o3@2 o2@4 o4@6", sums: "o4 untold"},
	{name: "two threads receive at once what went out in part", text: twoAtOnce + `
c peer-send c1 "abcdef" -> n=4
main wait p1 -> o2 "cd"
main wait p1 -> o3 "ab"
main recv s2 o4 len=4
c peer-send c1 "gh"
main wait p1 -> o4 "gh"
`, bytes: "o3@0 o2@2 o4@4", sums: "o4 untold"},
	{name: "two threads receive at once what the order of posting tells", text: `
w1> recv s2 o2 len=1
w2 recv s2 o3 len=2
w2 recv s2 o4 len=3
w1<
c peer-send c1 "ababab"
main wait p1 -> o2 "a"
main wait p1 -> o3 "ab"
main wait p1 -> o4 "bab"
`, bytes: "o3@0 o2@2 o4@3"},
	{name: "a part again, and new bytes behind it", text: `
c peer-send c1 "abcd"
c peer-send c1 "ef"
main recv s2 o2 len=4
main wait p1 -> o2 "abcd"
main recv s2 o3 len=4
main wait p1 -> o3 "cdef"
c peer-send c1 "gh"
main recv s2 o4 len=4
main wait p1 -> o4 "gh"
`, bytes: "o2@0 o3@4 again from 2 o4@6 breaks RCV-3", sums: "o2@0 o3@4 altered o4@6 breaks RCV-1"},
	{name: "bytes that were never sent, and the end behind them", text: `
main recv s2 o2 len=4
main recv s2 o3 len=4
c peer-half-close c1
main wait p1 -> o3 n=0
main wait p1 -> o2 "ab"
`, bytes: "o2@0 altered o3@0 breaks RCV-1"},
	{name: "a receive that waits for all, while not all has come", text: `
c peer-send c1 "abcdef"
main recv s2 o2 len=4
main wait p1 -> o2 "abcd"
main recv s2 o3 len=4 wait-all
main settle
`, bytes: "o2@0 /", sums: "/ o2 untold"},
	{name: "a receive that waits for all, when all has come", text: `
c peer-send c1 "abcd"
main recv s2 o3 len=4 wait-all
main settle
`, bytes: "/ breaks RCV-5"},
	{name: "a receive that waits for all, and the end has come", text: `
c peer-send c1 "ab"
c peer-half-close c1
main recv s2 o3 len=4 wait-all
main settle
`, bytes: "/ breaks RCV-5"},
	{name: "a packet that says more than the buffer holds", text: `
c peer-send c1 "abcd"
main recv s2 o2 len=2
main wait p1 -> o2 "abcd"
main recv s2 o3 len=2
main wait p1 -> o3 "ef"
`, bytes: "o3 untold breaks OPN-1"},
	{name: "two threads receive at once what was never sent, while another receive is open", text: twoAtOnce + `
main recv s2 o4 len=4
c peer-send c1 "abcd"
main wait p1 -> o2 "XY"
main wait p1 -> o3 "cd"
main pause
c peer-send c1 "ef"
main wait p1 -> o4 "ef"
`, bytes: "o2@0 altered o3@2 / o4@4 breaks RCV-1", sums: "/ o4 untold"},
	{name: "two threads receive at once what comes later, while another receive is open", text: twoAtOnce + `
main recv s2 o4 len=4
c peer-send c1 "abcdef"
main wait p1 -> o2 "ef"
main wait p1 -> o3 "cd"
main pause
main wait p1 -> o4 "ab"
`, bytes: "/ o2@0 crossed o4 o3@2 o2@4 breaks RCV-2", sums: "/ o4 untold"},
	{name: "half of the bytes are as they should be, and all of them as some that came before", text: `
c peer-send c1 "aaaa"
main recv s2 o2 len=4
main wait p1 -> o2 "aaaa"
c peer-send c1 "aabb"
main recv s2 o3 len=4
main wait p1 -> o3 "aaaa"
`, bytes: "o2@0 o3@4 altered breaks RCV-1", sums: "o2@0 o3@4 again from 0 breaks RCV-3"},
}
