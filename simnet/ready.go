package simnet

import (
	"strconv"
	"strings"
)

// Ready is a set of readiness bits with the values of Linux' sys/epoll.h.
type Ready uint32

const (
	IN    Ready = 0x1    // there is something to receive, end of stream included, or a connection to accept
	OUT   Ready = 0x4    // there is room to send
	ERR   Ready = 0x8    // an error is pending, for SO_ERROR or the next call
	HUP   Ready = 0x10   // both directions are shut, or the socket is not connected at all
	RDHUP Ready = 0x2000 // the peer has shut down its sending side, or this side its receiving

	// EXCLUSIVE, ONESHOT and ET are not readiness but go with an interest in it (epoll_ctl).
	EXCLUSIVE Ready = 1 << 28
	ONESHOT   Ready = 1 << 30
	ET        Ready = 1 << 31

	// anyEvent is the edge of a change that names no event: it wakes every interest
	// (sk_state_change).
	anyEvent Ready = 0x0fffffff
)

var readyNames = []struct {
	bit  Ready
	name string
}{
	{IN, "IN"}, {OUT, "OUT"}, {ERR, "ERR"}, {HUP, "HUP"}, {RDHUP, "RDHUP"},
	{EXCLUSIVE, "EXCLUSIVE"}, {ONESHOT, "ONESHOT"}, {ET, "ET"},
}

// String returns the names of the bits, joined by |.
func (r Ready) String() string {
	if r == 0 {
		return "0"
	}
	var parts []string
	for _, n := range readyNames {
		if r&n.bit != 0 {
			parts = append(parts, n.name)
			r &^= n.bit
		}
	}
	if r != 0 {
		parts = append(parts, "0x"+strconv.FormatUint(uint64(r), 16))
	}
	return strings.Join(parts, "|")
}

func decimal(n int) string { return strconv.Itoa(n) }
