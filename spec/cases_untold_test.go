package spec

// What version 6 of the contract has new for completion back ends: what is told of a datagram that has no packet.

func init() {
	goodSamples = append(goodSamples, goodUntold...)
	legalSamples = append(legalSamples, legalUntold...)
	doctoredSamples = append(doctoredSamples, doctoredUntold...)
}

var goodUntold = []sample{
	{name: "DGM-19: a datagram that was there", text: mailbox + `
main skip s1
c peer-send c1 "abcd" @80
main recvfrom s1 o1 len=8 -> done "abcd" @1001
`},
}

// Each of these looks like what is accused, and has a reason.
var legalUntold = []sample{
	{name: "DGM-19: nobody looked for the address", text: mailbox + `
main skip s1
c peer-send c1 "abcd" @80
main recvfrom s1 o1 len=8 -> done "abcd"
`},
	{name: "DGM-19: its packet tells the address", text: mailbox + `
c peer-send c1 "abcd" @80
main recvfrom s1 o1 len=8 -> done "abcd" addr=none
main wait p1 -> o1 ok "abcd" addr=@1001
`},
	{name: "DGM-19: nothing came with it", text: mailbox + `
main skip s1
c peer-send c1 "" @80
main recvfrom s1 o1 len=8 -> done "" addr=none
`},
}

var doctoredUntold = []sample{
	{name: "DGM-19: done with a datagram of nobody", broken: "DGM-19", text: mailbox + `
main skip s1
c peer-send c1 "abcd" @80
main recvfrom s1 o1 len=8 -> done "abcd" addr=none
`},
}
