package adapter

import (
	"net/netip"

	"github.com/ioconform/ioconform/spec"
)

// Message is any message of the protocol, and any packet in one. Which fields it has is in Has; the meaning of each, and which message may
// have which, is in the tables Fields, Requests, Answers.
type Message struct {
	Has FieldSet

	ID           int64
	Do           string
	Protocol     int64
	Name         string
	Version      string
	OS           string
	Capabilities []string
	Axes         map[string]string
	Batch        int64

	Port, Socket, As, Into, Poller, Inner int64
	Concurrency, Backlog, Length, Max     int64
	Bytes, Size, Timeout, Worker          int64
	Net, Side                             string
	Address, To, From                     netip.AddrPort
	Key, Token                            uint64
	Late                                  []uint64
	Data                                  []byte
	WaitAll, Reuse, Indefinite            bool
	How, Status, Space, Beyond, ErrorText string
	Native                                int64
	Packets, Ready                        []Message
	Ask, Events                           []string
}

// FieldSet is a set of fields, a bit each.
type FieldSet uint64

// Field is the number of a field in Fields.
type Field uint8

const (
	FID Field = iota
	FDo
	FProtocol
	FName
	FVersion
	FOS
	FCapabilities
	FAxes
	FBatch
	FPort
	FSocket
	FAs
	FInto
	FConcurrency
	FNet
	FAddress
	FBacklog
	FKey
	FToken
	FLength
	FData
	FTo
	FWaitAll
	FReuse
	FSide
	FMax
	FTimeout
	FHow
	FStatus
	FNative
	FSpace
	FBytes
	FFrom
	FSize
	FBeyond
	FPackets
	FWorker
	FLate
	FError
	FIndefinite
	FPoller
	FInner
	FAsk
	FReady
	FEvents
	fields
)

func set(fs ...Field) (s FieldSet) {
	for _, f := range fs {
		s |= 1 << f
	}
	return s
}

// With returns s with the fields added.
func (s FieldSet) With(fs ...Field) FieldSet { return s | set(fs...) }

// Contains reports whether f is in s.
func (s FieldSet) Contains(f Field) bool { return s>>f&1 == 1 }

// FieldOf describes a field: its name on the line, the form of its value, where it is kept, and what it means.
type FieldOf struct {
	Name    string
	Form    Form
	Words   []string // of the form OneOf and Words: what there is
	at      func(*Message) any
	Meaning string
}

// In is where m keeps the field: a pointer to an int64, a string or whatever it is in Message.
func (f *FieldOf) In(m *Message) any { return f.at(m) }

// Form is how a value is written.
type Form uint8

const (
	Integer   Form = iota // from 0 to 2^53-1
	Signed                // a signed 64-bit integer
	Hex                   // 64 bits as a string: "0x" and 1 to 16 hexadecimal digits
	Text                  // a string
	OneOf                 // a string, one of a few
	Words                 // an array of strings, each one of a few
	Pairs                 // an object of axes
	Base64                // bytes as a base64 string with padding
	Address               // an IP address and a port as a string
	Flag                  // true or false
	PacketsIn             // an array of packets
	EventsIn              // an array of events
	HexIn                 // an array of 64-bit strings
)

var formText = [...]string{
	Integer: "integer from 0", Signed: "signed integer", Hex: "64 bits as a string, `\"0x2a\"`", Text: "string", OneOf: "string, one of a few",
	Words: "array of strings", Pairs: "object of strings", Base64: "base64 string", Address: "string, `\"127.0.0.1:80\"` or `\"[::1]:80\"`",
	Flag: "`true` or `false`", PacketsIn: "array of packets", EventsIn: "array of events", HexIn: "array of 64-bit strings",
}

// Fields is every field that there is, by its number.
var Fields = [fields]FieldOf{
	FID:       {Name: "id", Form: Integer, at: func(m *Message) any { return &m.ID }, Meaning: "number of the request; its answer bears it"},
	FDo:       {Name: "do", Form: OneOf, at: func(m *Message) any { return &m.Do }, Meaning: "what is to be done"},
	FProtocol: {Name: "protocol", Form: Integer, at: func(m *Message) any { return &m.Protocol }, Meaning: "version of this protocol: 1"},
	FName: {Name: "name", Form: Text, at: func(m *Message) any { return &m.Name },
		Meaning: "name of the back end: small letters, digits, `.`, `_` and `-`, a letter first"},
	FVersion: {Name: "version", Form: Text, at: func(m *Message) any { return &m.Version }, Meaning: "version of the back end"},
	FOS:      {Name: "os", Form: Text, at: func(m *Message) any { return &m.OS }, Meaning: "platform it runs on, such as `linux 6.18`"},
	FCapabilities: {Name: "capabilities", Form: Words, Words: declarable(), at: func(m *Message) any { return &m.Capabilities },
		Meaning: "what the back end can do; whatever needs something else is skipped"},
	FAxes: {Name: "axes", Form: Pairs, at: func(m *Message) any { return &m.Axes },
		Meaning: "how it behaves where correct back ends differ; an axis that is left out has its first value"},
	FBatch:       {Name: "batch", Form: Integer, at: func(m *Message) any { return &m.Batch }, Meaning: "up to how many requests it takes in one line; 1 if left out"},
	FPort:        {Name: "port", Form: Integer, at: func(m *Message) any { return &m.Port }, Meaning: "a port, by the number that the suite gave it"},
	FSocket:      {Name: "socket", Form: Integer, at: func(m *Message) any { return &m.Socket }, Meaning: "a socket, by the number that the suite gave it"},
	FAs:          {Name: "as", Form: Integer, at: func(m *Message) any { return &m.As }, Meaning: "number for the socket that is made"},
	FInto:        {Name: "into", Form: Integer, at: func(m *Message) any { return &m.Into }, Meaning: "socket, made before, that the connection is accepted into"},
	FConcurrency: {Name: "concurrency", Form: Integer, at: func(m *Message) any { return &m.Concurrency }, Meaning: "how many threads may run at once; 0 is the number of processors"},
	FNet:         {Name: "net", Form: OneOf, Words: []string{"tcp4", "tcp6", "udp4", "udp6"}, at: func(m *Message) any { return &m.Net }, Meaning: "kind of the socket"},
	FAddress:     {Name: "address", Form: Address, at: func(m *Message) any { return &m.Address }, Meaning: "an address; port 0 in a bind lets the platform choose"},
	FBacklog:     {Name: "backlog", Form: Integer, at: func(m *Message) any { return &m.Backlog }, Meaning: "connections that may queue"},
	FKey:         {Name: "key", Form: Hex, at: func(m *Message) any { return &m.Key }, Meaning: "completion key"},
	FToken: {Name: "token", Form: Hex, at: func(m *Message) any { return &m.Token },
		Meaning: "name of an operation, or of a post, that its packet bears; of what is watched, that its events bear"},
	FLength:  {Name: "length", Form: Integer, at: func(m *Message) any { return &m.Length }, Meaning: "size of the buffer in bytes"},
	FData:    {Name: "data", Form: Base64, at: func(m *Message) any { return &m.Data }, Meaning: "bytes to send, or received"},
	FTo:      {Name: "to", Form: Address, at: func(m *Message) any { return &m.To }, Meaning: "address of the far end"},
	FWaitAll: {Name: "waitall", Form: Flag, at: func(m *Message) any { return &m.WaitAll }, Meaning: "complete only when the buffer is full"},
	FReuse:   {Name: "reuse", Form: Flag, at: func(m *Message) any { return &m.Reuse }, Meaning: "leave the socket ready for another connection"},
	FSide:    {Name: "side", Form: OneOf, Words: []string{"receive", "send", "both"}, at: func(m *Message) any { return &m.Side }, Meaning: "which direction"},
	FMax:     {Name: "max", Form: Integer, at: func(m *Message) any { return &m.Max }, Meaning: "how many packets or events at most, 1 at least"},
	FTimeout: {Name: "timeout", Form: Signed, at: func(m *Message) any { return &m.Timeout },
		Meaning: "milliseconds that the first packet or event may take; 0 does not wait, -1 waits for ever"},
	FHow: {Name: "how", Form: OneOf, Words: []string{"pending", "done", "refused"}, at: func(m *Message) any { return &m.How },
		Meaning: "`pending`: a packet will follow; `done`: complete, and a packet follows all the same unless the socket skips on success; " +
			"`refused`: not started, no packet follows. Left out it is `pending` if the status is ok, else `refused`"},
	FStatus: {Name: "status", Form: OneOf, Words: spec.CodeWords(), at: func(m *Message) any { return &m.Status }, Meaning: "what came of it; `ok` if left out"},
	FNative: {Name: "native", Form: Signed, at: func(m *Message) any { return &m.Native }, Meaning: "the platform's own number for the status"},
	FSpace: {Name: "space", Form: OneOf, Words: []string{"ntstatus", "win32", "wsa", "errno"}, at: func(m *Message) any { return &m.Space },
		Meaning: "which numbers `native` is one of"},
	FBytes: {Name: "bytes", Form: Signed, at: func(m *Message) any { return &m.Bytes },
		Meaning: "how many bytes were transferred, as the back end says; the length of `data` if left out"},
	FFrom: {Name: "from", Form: Address, at: func(m *Message) any { return &m.From }, Meaning: "address of the far end: of an accept, and of a datagram"},
	FSize: {Name: "size", Form: Integer, at: func(m *Message) any { return &m.Size }, Meaning: "true size of a datagram, where the back end tells"},
	FBeyond: {Name: "beyond", Form: OneOf, Words: []string{"intact", "changed"}, at: func(m *Message) any { return &m.Beyond },
		Meaning: "whether the buffer behind the received bytes is as it was before; only with axis buffer=caller"},
	FPackets: {Name: "packets", Form: PacketsIn, at: func(m *Message) any { return &m.Packets }, Meaning: "completion packets, in the order in which they left the port"},
	FWorker:  {Name: "worker", Form: Integer, at: func(m *Message) any { return &m.Worker }, Meaning: "which thread of the back end called, from 0"},
	FLate: {Name: "late", Form: HexIn, at: func(m *Message) any { return &m.Late },
		Meaning: "receives whose buffer was changed after their packet; only with axis buffer=caller"},
	FError: {Name: "error", Form: Text, at: func(m *Message) any { return &m.ErrorText },
		Meaning: "why the adapter (not the back end) could not do it; the case cannot be judged then"},
	FIndefinite: {Name: "indefinite", Form: Flag, at: func(m *Message) any { return &m.Indefinite },
		Meaning: "beside `error`: nobody knows whether it was done; without it, it was not"},
	FPoller: {Name: "poller", Form: Integer, at: func(m *Message) any { return &m.Poller }, Meaning: "a poller, by the number that the suite gave it"},
	FInner:  {Name: "inner", Form: Integer, at: func(m *Message) any { return &m.Inner }, Meaning: "a poller that is watched, in place of a socket"},
	FAsk: {Name: "ask", Form: Words, Words: interestWords(false), at: func(m *Message) any { return &m.Ask },
		Meaning: "what is to be told of, and how: level-triggered without `edge`"},
	FReady: {Name: "ready", Form: EventsIn, at: func(m *Message) any { return &m.Ready }, Meaning: "events, in the order in which they came"},
	FEvents: {Name: "events", Form: Words, Words: interestWords(true), at: func(m *Message) any { return &m.Events },
		Meaning: "what is the matter"},
}

// interestWords lists what a poller may be asked for, or what it may report.
func interestWords(reported bool) []string {
	all := spec.Reported
	if !reported {
		all |= spec.Edge | spec.OneShot | spec.Exclusive
	}
	return all.Words()
}

// declarable lists the capabilities that an adapter may declare.
func declarable() (names []string) {
	for _, c := range spec.Capabilities {
		switch c.Name {
		case spec.CanControl:
		default:
			names = append(names, string(c.Name))
		}
	}
	return names
}

// sayable reports whether the protocol has the words that a capability takes. Of those that an adapter may declare it has none for what only completion ports in this process are asked: the arguments,
// events, handles and threads of Windows. It can duplicate the sockets of a readiness back end.
func sayable(c spec.Capability, polls bool) bool {
	switch c {
	case spec.CanContext, spec.CanArguments, spec.CanEvent, spec.CanAPC, spec.CanThreadExit:
		return false
	case spec.CanDuplicate:
		return polls
	}
	return true
}
