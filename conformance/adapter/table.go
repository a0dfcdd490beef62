package adapter

import (
	"slices"

	"github.com/ioconform/ioconform/spec"
)

// Version is the version of the protocol that this package speaks.
const Version = 1

// Shape is a message: which fields it must have and which it may have.
type Shape struct {
	Name    string // of requests: the word in "do"
	Meaning string
	Must    []Field
	May     []Field
	Answer  *Shape // of requests
	// Needs is what the back end must have declared for the request to be made; without any, it must be understood by all.
	Needs []spec.Capability
	// Spare: may be answered unsupported at any time.
	Spare    bool
	Requires string // a sentence on what the adapter has to see to
	Example  [2]string

	must, all FieldSet
}

var failing = []Field{FStatus, FNative, FSpace, FError, FIndefinite}

// The answers.
var (
	answerStatus = &Shape{Name: "status", Meaning: "how a call went", Must: []Field{FID}, May: failing}
	answerHello  = &Shape{Name: "hello", Meaning: "who the back end is", Must: []Field{FID, FProtocol, FName, FVersion, FOS, FCapabilities}, May: []Field{FAxes, FBatch}}
	answerStart  = &Shape{Name: "start", Meaning: "what became of an operation at its start", Must: []Field{FID},
		May: append([]Field{FHow, FBytes, FData, FFrom, FSize}, failing...)}
	answerWait    = &Shape{Name: "wait", Meaning: "what a wait brought", Must: []Field{FID}, May: append([]Field{FPackets}, failing...)}
	answerAddress = &Shape{Name: "address", Meaning: "an address", Must: []Field{FID}, May: append([]Field{FAddress}, failing...)}
	answerReady   = &Shape{Name: "ready", Meaning: "what a wait on a poller brought", Must: []Field{FID}, May: append([]Field{FReady}, failing...)}
	answerTry     = &Shape{Name: "try", Meaning: "what came of a call that does not block", Must: []Field{FID}, May: append([]Field{FBytes, FData, FFrom}, failing...)}
	answerReset   = &Shape{Name: "reset", Meaning: "everything is released", Must: []Field{FID}, May: append([]Field{FLate}, failing...)}
)

// Answers lists the shapes of answers.
var Answers = []*Shape{answerStatus, answerHello, answerStart, answerWait, answerAddress, answerReady, answerTry, answerReset}

// Packet is the shape of a packet, which stands in the answer of a wait and in a deliver.
var Packet = &Shape{
	Name: "packet", Meaning: "one completion packet",
	Must: []Field{FKey, FToken}, May: []Field{FStatus, FNative, FSpace, FBytes, FData, FSocket, FFrom, FSize, FBeyond},
}

// Event is the shape of what a poller reports of one socket, which stands in the answer of a wait-ready.
var Event = &Shape{Name: "event", Meaning: "what is the matter with one socket", Must: []Field{FToken, FEvents}}

// Deliver is what a back end that calls back says, without being asked.
var Deliver = &Shape{
	Name: "deliver", Meaning: "Packets have come. Only with axis delivery=push, where there is no `wait`: send it as soon as the back end has called back.",
	Must: []Field{FDo, FPort, FPackets}, May: []Field{FWorker},
	Example: [2]string{`{"do":"deliver","port":1,"packets":[{"key":"0x2","token":"0x9e37","bytes":3,"data":"YWJj"}]}`},
}

// Requests lists what the suite asks for.
var Requests = []*Shape{
	{
		Name: "hello", Meaning: "The first request of a process: say who you are. What is declared here is what the back end is judged by.",
		Must: []Field{FID, FDo, FProtocol}, Answer: answerHello,
		Example: [2]string{`{"id":1,"do":"hello","protocol":1}`,
			`{"id":1,"protocol":1,"name":"mine","version":"0.3","os":"linux 6.18","capabilities":["accept","cancel"],"axes":{"buffer":"backend","send":"short"}}`},
	},
	{
		Name: "reset", Meaning: "The case is over: close and forget every port and socket, end every operation, and be as new. The process lives on, for the next case.",
		Must: []Field{FID, FDo}, Answer: answerReset,
		Requires: "Requests that have no answer yet lapse. Nothing about what was before may be written behind the answer of the reset.",
		Example:  [2]string{`{"id":31,"do":"reset"}`, `{"id":31}`},
	},
	{
		Name: "ping", Meaning: "Are you there? Answered at once, whatever else is going on, and behind every `deliver` that is due.",
		Must: []Field{FID, FDo}, Answer: answerStatus,
		Example: [2]string{`{"id":9,"do":"ping"}`, `{"id":9}`},
	},
	{
		Name: "port", Meaning: "Make a completion port, which this number names from now on: a queue of packets.",
		Must: []Field{FID, FDo, FPort}, May: []Field{FConcurrency}, Answer: answerStatus,
		Example: [2]string{`{"id":2,"do":"port","port":1,"concurrency":0}`, `{"id":2}`},
	},
	{
		Name: "associate", Meaning: "Tie a socket to a port for life. The packets of operations that are started afterwards bear the key and arrive there. A second time: `invalid`.",
		Must: []Field{FID, FDo, FPort, FSocket, FKey}, Answer: answerStatus,
		Example: [2]string{`{"id":6,"do":"associate","port":1,"socket":1,"key":"0xa"}`, `{"id":6}`},
	},
	{
		Name: "post", Meaning: "Queue a packet of the suite's own.",
		Must: []Field{FID, FDo, FPort, FKey, FToken, FBytes}, Answer: answerStatus, Needs: []spec.Capability{spec.CanPost},
		Example: [2]string{`{"id":7,"do":"post","port":1,"key":"0x7","token":"0x80000001","bytes":3}`, `{"id":7}`},
	},
	{
		Name: "wait", Meaning: "Take up to `max` packets from a port, and wait for the first if there is none.",
		Must: []Field{FID, FDo, FPort, FMax, FTimeout}, Answer: answerWait,
		Requires: "Status `ok` comes with one packet at least; `timedout`, `abandoned` (the port was closed meanwhile) and `closed` (before) come with none. " +
			"A wait holds up no other request. Not asked for with axis delivery=push.",
		Example: [2]string{`{"id":12,"do":"wait","port":1,"max":4,"timeout":50}`,
			`{"id":12,"packets":[{"key":"0x2","token":"0x9e37","bytes":3,"data":"YWJj"}]}`},
	},
	{
		Name: "close-port", Meaning: "Close a port, and end the waits on it.",
		Must: []Field{FID, FDo, FPort}, Answer: answerStatus,
		Example: [2]string{`{"id":30,"do":"close-port","port":1}`, `{"id":30}`},
	},
	{
		Name: "socket", Meaning: "Make a socket, which this number names from now on. It has no address and no port yet. UDP needs capability `datagram`, `tcp6` and `udp6` need `ipv6`.",
		Must: []Field{FID, FDo, FSocket, FNet}, Answer: answerStatus,
		Example: [2]string{`{"id":3,"do":"socket","socket":1,"net":"tcp4"}`, `{"id":3}`},
	},
	{
		Name: "bind", Meaning: "Give a socket an address: one of the loopback, which need not be 127.0.0.1, with port 0.",
		Must: []Field{FID, FDo, FSocket, FAddress}, Answer: answerStatus,
		Example: [2]string{`{"id":4,"do":"bind","socket":1,"address":"127.0.0.1:0"}`, `{"id":4}`},
	},
	{
		Name: "listen", Meaning: "Make a bound socket listen. A poller is asked to whether it declares that or not.",
		Must: []Field{FID, FDo, FSocket, FBacklog}, Answer: answerStatus, Needs: []spec.Capability{spec.CanAccept},
		Example: [2]string{`{"id":5,"do":"listen","socket":1,"backlog":16}`, `{"id":5}`},
	},
	{
		Name: "local", Meaning: "The socket's own address.",
		Must: []Field{FID, FDo, FSocket}, Answer: answerAddress,
		Example: [2]string{`{"id":8,"do":"local","socket":1}`, `{"id":8,"address":"127.0.0.1:41653"}`},
	},
	{
		Name: "peer", Meaning: "The far end's address.",
		Must: []Field{FID, FDo, FSocket}, Answer: answerAddress, Spare: true,
		Example: [2]string{`{"id":8,"do":"peer","socket":2}`, `{"id":8,"status":"notconnected"}`},
	},
	{
		Name: "accept", Meaning: "Start an accept. Its packet has `socket`: the number under `as` for a socket that the back end made, or the one under `into`. " +
			"With `length` it completes with the first bytes, which are its `data`.",
		Must: []Field{FID, FDo, FSocket, FToken}, May: []Field{FAs, FInto, FLength}, Answer: answerStart, Needs: []spec.Capability{spec.CanAccept},
		Requires: "There is `as` or `into`, not both. `into` needs capability `accept-into`, `length` needs `accept-data`.",
		Example:  [2]string{`{"id":10,"do":"accept","socket":1,"token":"0x9e37","as":2}`, `{"id":10,"how":"pending"}`},
	},
	{
		Name: "connect", Meaning: "Start a connect; `data`, if there is some, is sent with it.",
		Must: []Field{FID, FDo, FSocket, FToken, FTo}, May: []Field{FData}, Answer: answerStart, Needs: []spec.Capability{spec.CanConnect},
		Example: [2]string{`{"id":11,"do":"connect","socket":3,"token":"0x9e38","to":"127.0.0.1:8080"}`, `{"id":11,"how":"pending"}`},
	},
	{
		Name: "disconnect", Meaning: "Start a disconnect.",
		Must: []Field{FID, FDo, FSocket, FToken}, May: []Field{FReuse}, Answer: answerStart, Spare: true,
		Example: [2]string{`{"id":11,"do":"disconnect","socket":3,"token":"0x9e39"}`, `{"id":11,"status":"unsupported"}`},
	},
	{
		Name: "recv", Meaning: "Start a receive into a buffer of `length` bytes. 0 bytes with status ok is the end of the stream.",
		Must: []Field{FID, FDo, FSocket, FToken, FLength}, May: []Field{FWaitAll}, Answer: answerStart,
		Requires: "`waitall` needs capability `wait-all`. An answer `done` has the `data`; the packet, if one follows, has it again.",
		Example:  [2]string{`{"id":14,"do":"recv","socket":2,"token":"0x9e3a","length":64}`, `{"id":14,"how":"done","data":"YWJj"}`},
	},
	{
		Name: "send", Meaning: "Start a send.",
		Must: []Field{FID, FDo, FSocket, FToken, FData}, Answer: answerStart,
		Example: [2]string{`{"id":15,"do":"send","socket":2,"token":"0x9e3b","data":"YWJj"}`, `{"id":15,"how":"pending"}`},
	},
	{
		Name: "recvfrom", Meaning: "Start a receive of one datagram.",
		Must: []Field{FID, FDo, FSocket, FToken, FLength}, Answer: answerStart, Needs: []spec.Capability{spec.CanDatagram},
		Example: [2]string{`{"id":16,"do":"recvfrom","socket":4,"token":"0x9e3c","length":64}`, `{"id":16}`},
	},
	{
		Name: "sendto", Meaning: "Start the send of one datagram.",
		Must: []Field{FID, FDo, FSocket, FToken, FTo, FData}, Answer: answerStart, Needs: []spec.Capability{spec.CanDatagram},
		Example: [2]string{`{"id":17,"do":"sendto","socket":4,"token":"0x9e3d","to":"127.0.0.1:5353","data":"YWJj"}`, `{"id":17,"how":"done","bytes":3}`},
	},
	{
		Name: "cancel", Meaning: "Ask that one operation end early. `ok` means asked: its packet tells what came of it. `notfound`: nothing of that name is outstanding.",
		Must: []Field{FID, FDo, FSocket, FToken}, Answer: answerStatus, Needs: []spec.Capability{spec.CanCancel},
		Example: [2]string{`{"id":18,"do":"cancel","socket":2,"token":"0x9e3a"}`, `{"id":18,"status":"notfound"}`},
	},
	{
		Name: "cancel-all", Meaning: "Ask that every operation of a socket end early. `notfound`: there was none.",
		Must: []Field{FID, FDo, FSocket}, Answer: answerStatus, Needs: []spec.Capability{spec.CanCancelAll},
		Example: [2]string{`{"id":19,"do":"cancel-all","socket":2}`, `{"id":19}`},
	},
	{
		Name: "shutdown", Meaning: "End a direction of a connection.",
		Must: []Field{FID, FDo, FSocket, FSide}, Answer: answerStatus, Needs: []spec.Capability{spec.CanShutdown},
		Example: [2]string{`{"id":20,"do":"shutdown","socket":2,"side":"send"}`, `{"id":20}`},
	},
	{
		Name: "skip", Meaning: "From now on an operation of the socket that is done at its start has no packet.",
		Must: []Field{FID, FDo, FSocket}, Answer: answerStatus, Needs: []spec.Capability{spec.CanSkip},
		Example: [2]string{`{"id":21,"do":"skip","socket":2}`, `{"id":21}`},
	},
	{
		Name: "close", Meaning: "Close a socket. Its outstanding operations end, each with its packet.",
		Must: []Field{FID, FDo, FSocket}, Answer: answerStatus,
		Example: [2]string{`{"id":22,"do":"close","socket":2}`, `{"id":22}`},
	},
	{
		Name: "poller", Meaning: "Make a poller, which this number names from now on. It watches nothing yet.",
		Must: []Field{FID, FDo, FPoller}, Answer: answerStatus, Needs: poller,
		Example: [2]string{`{"id":2,"do":"poller","poller":1}`, `{"id":2}`},
	},
	{
		Name: "add", Meaning: "Begin to watch a socket, or with `inner` another poller. Of what is ready already the next wait tells. Watched by this poller already: `inuse`.",
		Must: []Field{FID, FDo, FPoller, FToken, FAsk}, May: []Field{FSocket, FInner}, Answer: answerStatus, Needs: poller,
		Requires: "There is `socket` or `inner`, not both. `inner` needs capability `nested`; in `ask`, `rdhup`, `edge`, `oneshot` and `exclusive` need the capability of that name.",
		Example:  [2]string{`{"id":6,"do":"add","poller":1,"socket":2,"token":"0x7","ask":["in","out"]}`, `{"id":6}`},
	},
	{
		Name: "modify", Meaning: "Replace token and ask of what is watched, arm a one-shot again, and look anew. Not watched: `notfound`.",
		Must: []Field{FID, FDo, FPoller, FToken, FAsk}, May: []Field{FSocket, FInner}, Answer: answerStatus, Needs: poller,
		Requires: "What is asked for needs what it needs in an `add`.",
		Example:  [2]string{`{"id":7,"do":"modify","poller":1,"socket":2,"token":"0x8","ask":["in"]}`, `{"id":7}`},
	},
	{
		Name: "remove", Meaning: "Watch it no longer. Not watched: `notfound`.",
		Must: []Field{FID, FDo, FPoller}, May: []Field{FSocket, FInner}, Answer: answerStatus, Needs: poller,
		Example: [2]string{`{"id":8,"do":"remove","poller":1,"socket":2}`, `{"id":8}`},
	},
	{
		Name: "wait-ready", Meaning: "Take up to `max` events from a poller, and wait for the first if there is none.",
		Must: []Field{FID, FDo, FPoller, FMax, FTimeout}, Answer: answerReady, Needs: poller,
		Requires: "Status `ok` comes with one event at least; `timedout` and `closed` come with none. A wait holds up no other request.",
		Example: [2]string{`{"id":12,"do":"wait-ready","poller":1,"max":4,"timeout":50}`,
			`{"id":12,"ready":[{"token":"0x8","events":["in","rdhup"]}]}`},
	},
	{
		Name: "close-poller", Meaning: "Close a poller.",
		Must: []Field{FID, FDo, FPoller}, Answer: answerStatus, Needs: poller,
		Example: [2]string{`{"id":13,"do":"close-poller","poller":1}`, `{"id":13}`},
	},
	{
		Name: "try-accept", Meaning: "Accept a connection if there is one. The socket that is made is named by the number under `as`.",
		Must: []Field{FID, FDo, FSocket, FAs}, Answer: answerTry, Needs: poller,
		Example: [2]string{`{"id":14,"do":"try-accept","socket":1,"as":2}`, `{"id":14,"from":"127.0.0.1:52814"}`},
	},
	{
		Name: "try-connect", Meaning: "Begin to connect, or ask what has become of it: `wouldblock` says that it is under way.",
		Must: []Field{FID, FDo, FSocket, FTo}, Answer: answerTry, Needs: []spec.Capability{spec.CanConnect, spec.CanPoll},
		Example: [2]string{`{"id":15,"do":"try-connect","socket":3,"to":"127.0.0.1:8080"}`, `{"id":15,"status":"wouldblock"}`},
	},
	{
		Name: "try-recv", Meaning: "Receive what there is, up to `length` bytes. 0 bytes with status ok is the end of the stream.",
		Must: []Field{FID, FDo, FSocket, FLength}, Answer: answerTry, Needs: poller,
		Example: [2]string{`{"id":16,"do":"try-recv","socket":2,"length":64}`, `{"id":16,"data":"YWJj"}`},
	},
	{
		Name: "try-send", Meaning: "Send what there is room for. The answer says in `bytes` how much that was.",
		Must: []Field{FID, FDo, FSocket, FData}, Answer: answerTry, Needs: poller,
		Example: [2]string{`{"id":17,"do":"try-send","socket":2,"data":"YWJj"}`, `{"id":17,"bytes":3}`},
	},
	{
		Name: "try-recvfrom", Meaning: "Receive a datagram.",
		Must: []Field{FID, FDo, FSocket, FLength}, Answer: answerTry, Needs: []spec.Capability{spec.CanDatagram, spec.CanPoll},
		Example: [2]string{`{"id":18,"do":"try-recvfrom","socket":4,"length":64}`, `{"id":18,"data":"YWJj","from":"127.0.0.1:5353"}`},
	},
	{
		Name: "try-sendto", Meaning: "Send a datagram.",
		Must: []Field{FID, FDo, FSocket, FTo, FData}, Answer: answerTry, Needs: []spec.Capability{spec.CanDatagram, spec.CanPoll},
		Example: [2]string{`{"id":19,"do":"try-sendto","socket":4,"to":"127.0.0.1:5353","data":"YWJj"}`, `{"id":19,"bytes":3}`},
	},
	{
		Name: "dup", Meaning: "Make another descriptor of the same socket, which is closed with the last of them. It is named by the number under `as`.",
		Must: []Field{FID, FDo, FSocket, FAs}, Answer: answerStatus, Needs: []spec.Capability{spec.CanDuplicate, spec.CanPoll},
		Example: [2]string{`{"id":20,"do":"dup","socket":2,"as":5}`, `{"id":20}`},
	},
}

var poller = []spec.Capability{spec.CanPoll}

var requestByWord = map[string]*Shape{}

func init() {
	for _, s := range Requests {
		requestByWord[s.Name] = s
	}
	for _, s := range slices.Concat(Requests, Answers, []*Shape{Packet, Event, Deliver}) {
		s.must = set(s.Must...)
		s.all = s.must | set(s.May...)
	}
	for _, s := range Requests {
		Fields[FDo].Words = append(Fields[FDo].Words, s.Name)
	}
	Fields[FDo].Words = append(Fields[FDo].Words, Deliver.Name)
}

// RequestShape returns the shape of the request that is named so.
func RequestShape(do string) (*Shape, bool) {
	s, ok := requestByWord[do]
	return s, ok
}
