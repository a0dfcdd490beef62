package lockstep

import "fmt"

// Act is what a command does.
type Act uint8

const (
	Accept    Act = iota // start an accept
	Dial                 // another far end connects
	Recv                 // start a receive of N bytes on connection Obj
	Send                 // start a send of N bytes on connection Obj
	Cancel               // cancel one of the latest receives and accepts: 0 is the latest
	CancelAll            // cancel everything on connection Obj
	Close                // close the socket of connection Obj
	ShutSend             // end its sending side
	ShutRecv             // end its receiving side
	Skip                 // skip on success
	Post                 // post a packet with key Obj and byte count N
	FarSend              // far end Obj sends N bytes
	FarRead              // far end Obj reads up to N bytes, or the end of the stream
	FarHalf              // far end Obj ends its direction
	FarClose             // far end Obj closes
	FarReset             // far end Obj resets
	Acts                 // how many there are
)

var actWord = [Acts]string{
	"accept", "dial", "recv", "send", "cancel", "cancel-all", "close", "shut-send", "shut-recv", "skip", "post",
	"far-send", "far-read", "far-half", "far-close", "far-reset",
}

// String returns the word of a.
func (a Act) String() string { return actWord[a%Acts] }

// Command is one call. Obj is taken modulo the number of objects there are, N is brought into the range that makes sense, so that any three
// numbers are a command.
type Command struct {
	Act Act
	Obj uint8
	N   uint8
}

// String shows the command.
func (c Command) String() string {
	switch c.Act {
	case Accept, Dial:
		return c.Act.String()
	case Recv, Send, Post, FarSend, FarRead:
		return fmt.Sprintf("%s %d n=%d", c.Act, c.Obj, c.size())
	}
	return fmt.Sprintf("%s %d", c.Act, c.Obj)
}

// mostBytes is the largest receive or send. So few bytes travel in one piece.
const mostBytes = 32

// size is the number of bytes, 1 to mostBytes.
func (c Command) size() int { return 1 + int(c.N)%mostBytes }

// favour makes what needs company come often: a receive is worth little without a far end that sends.
var favour = [...]Act{
	Accept, Accept, Dial, Dial, Recv, Recv, Recv, Recv, Send, Send, Send, Cancel, Cancel, CancelAll, Close, ShutSend, ShutRecv, Skip, Post,
	FarSend, FarSend, FarSend, FarSend, FarRead, FarRead, FarRead, FarHalf, FarClose, FarReset,
}

// Decode turns bytes into commands, three bytes a command, and appends them to room.
func Decode(data []byte, room []Command) []Command {
	for ; len(data) >= 3; data = data[3:] {
		room = append(room, Command{favour[int(data[0])%len(favour)], data[1], data[2]})
	}
	return room
}

// Encode turns commands into bytes that Decode turns into the same commands, and appends them to room.
func Encode(commands []Command, room []byte) []byte {
	for _, c := range commands {
		for i, a := range favour {
			if a == c.Act {
				room = append(room, byte(i), c.Obj, c.N)
				break
			}
		}
	}
	return room
}
