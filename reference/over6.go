//go:build linux || windows

package reference

import (
	"net"
	"sync"
)

// over6 reports whether this machine has the loopback address of IPv6.
var over6 = sync.OnceValue(func() bool {
	l, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		return false
	}
	l.Close()
	return true
})
