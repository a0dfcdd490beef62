package spec

// What version 6 of the contract has new of readiness: waits without a limit, what cannot be so, the end of a stream for those who ask for nothing else, and pollers inside pollers.

var goodReadyRest = []sample{
	{name: "RDY-41: a wait without a limit ends with an event", text: polled1 + `
main add p1 s2 t7 in
w1> wait-ready p1 forever
main pause since=10
c peer-send c1 "ab"
w1< -> t7:in
`},
}

// Each of these looks like what is accused, and has a reason.
var legalReadyRest = []sample{
	{name: "RDY-41: its poller was closed meanwhile", text: polled1 + `
w1> wait-ready p1 forever
main close-poller p1
w1< -> timedout
`},
	{name: "RDY-41: it had a limit", text: polled1 + `
main wait-ready p1 n=5000000 -> timedout
`},
	{name: "RDY-41: a signal ended it", text: polled1 + `
main wait-ready p1 forever -> interrupted
`},
}

var doctoredReadyRest = []sample{
	{name: "RDY-41: a wait without a limit runs out of time", broken: "RDY-41", text: polled1 + `
main add p1 s2 t7 in
main wait-ready p1 forever -> timedout
`},
	{name: "RDY-41: what it was woken for is another's by then", broken: "RDY-41", text: polled1 + `
main add p1 s2 t7 in
w1> wait-ready p1 forever
c peer-send c1 "ab"
w2 try-recv s2 len=4 -> "ab"
w1< -> timedout
`},
}
