package spec

// goodHandles and doctoredHandles are what samples are, about events, asynchronous procedure calls, duplicates and the ends of threads.
var goodHandles = []sample{
	{name: "CAN-10: what a thread has started goes on when it ends", text: served + `
w1 recv s2 o2 len=4
w1 accept s1 o3
w1 exit
c peer-send c1 "ab"
main wait p1 -> o2 ok "ab"
d peer-connect c2 @80
main wait p1 -> o3 ok sock=s3 addr=@1002
`},
	{name: "CAN-10: cancelled by somebody as well", text: served + `
w1 recv s2 o2 len=4
w1> exit
main cancel s2 o2
w1<
main wait p1 -> o2 aborted
`},
	{name: "CAN-10: no port when it was started", text: port1 + `
main socket s1
main listen s1 @80
w1 accept s1 o1
main associate p1 s1 key=10
w1 exit
main wait p1 -> o1 aborted
`},
}

var doctoredHandles = []sample{
	{name: "CAN-10: aborted when its thread ended", broken: "CAN-10", text: served + `
w1 recv s2 o2 len=4
w1 exit
main wait p1 -> o2 aborted
`},
}
