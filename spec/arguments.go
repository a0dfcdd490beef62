package spec

import (
	"fmt"
	"strconv"
)

// AcceptArguments are arguments of AcceptEx as programs give them, rightly or wrongly. Only back ends with the capability accept-arguments look at them.
type AcceptArguments struct {
	LocalRoom  int // bytes for our own address, dwLocalAddressLength; RoomEnough is what Microsoft Learn asks for
	RemoteRoom int // likewise for the far end's, dwRemoteAddressLength
	Without    AcceptArgument
}

// RoomEnough is the size of an address of the protocol, and 16 bytes.
const RoomEnough = -1

// roomMost is the most room that can be asked for.
const roomMost = 1 << 16

// AcceptArgument is one that can be left out: a null pointer, or INVALID_SOCKET.
type AcceptArgument uint8

const (
	WithAll           AcceptArgument = iota
	WithoutBuffer                    // lpOutputBuffer
	WithoutOverlapped                // lpOverlapped
	WithoutListener                  // sListenSocket
	WithoutSocket                    // sAcceptSocket
)

var argumentWord = [...]string{WithAll: "", WithoutBuffer: "buffer", WithoutOverlapped: "overlapped", WithoutListener: "listener", WithoutSocket: "socket"}

// String returns the word of a in scenarios and traces, empty for WithAll.
func (a AcceptArgument) String() string {
	if int(a) < len(argumentWord) {
		return argumentWord[a]
	}
	return "argument(" + strconv.Itoa(int(a)) + ")"
}

// AcceptArgumentByWord returns the argument that word stands for.
func AcceptArgumentByWord(word string) (AcceptArgument, bool) {
	for a, w := range argumentWord {
		if w == word && w != "" {
			return AcceptArgument(a), true
		}
	}
	return 0, false
}

func (a *AcceptArguments) clone() *AcceptArguments {
	if a == nil {
		return nil
	}
	c := *a
	return &c
}

// fault reports arguments that no recorder writes.
func (a *AcceptArguments) fault(e *Event) error {
	switch {
	case a == nil:
		return nil
	case e.Kind != CallEvent || e.Verb != Accept:
		return fmt.Errorf("only the call of an accept has arguments")
	case int(a.Without) >= len(argumentWord):
		return fmt.Errorf("an unknown argument of an accept")
	case a.LocalRoom < RoomEnough || a.RemoteRoom < RoomEnough || a.LocalRoom > roomMost || a.RemoteRoom > roomMost:
		return fmt.Errorf("room for an address is between 0 and %d bytes", roomMost)
	}
	return nil
}

// arguments writes what is not as usual.
func (e *encoder) arguments(a *AcceptArguments) {
	if a == nil {
		return
	}
	e.line = append(e.line, `,"args":{`...)
	n := 0
	room := func(field string, bytes int) {
		if bytes == RoomEnough {
			return
		}
		e.comma(n)
		e.line = strconv.AppendInt(append(quoted(e.line, field), ':'), int64(bytes), 10)
		n++
	}
	room("local", a.LocalRoom)
	room("remote", a.RemoteRoom)
	if a.Without != WithAll {
		e.comma(n)
		e.line = quoted(append(e.line, `"without":`...), a.Without.String())
	}
	e.line = append(e.line, '}')
}

func (d *decoder) arguments() *AcceptArguments {
	a := &AcceptArguments{LocalRoom: RoomEnough, RemoteRoom: RoomEnough}
	if !d.want('{') {
		return a
	}
	var had uint64
	fields := []string{"local", "remote", "without"}
	for first := true; d.more(&first, '}'); {
		d.next()
		from := d.at
		k := d.key()
		bit := word(fields, k)
		if d.err == nil && bit < 0 {
			d.failAt(from, "unknown field %q of an accept's arguments", k)
		}
		if d.err != nil || !d.once(&had, bit, from, k) {
			return a
		}
		switch bit {
		case 0:
			a.LocalRoom = int(d.natural(roomMost))
		case 1:
			a.RemoteRoom = int(d.natural(roomMost))
		case 2:
			a.Without = AcceptArgument(d.oneOf("argument of an accept", argumentWord[:]))
		}
	}
	return a
}
