package realworld

import (
	"net/netip"
	"os"
	"runtime"
	"sync/atomic"

	"github.com/ioconform/ioconform/spec"
)

// worlds counts the worlds of this process.
var worlds atomic.Uint32

// home is the address of a world's own that the n-th one of the process has for IPv4. On Linux all of 127.0.0.0/8 is the machine itself, so that cases which run side by side, in this process
// and in others, have ports of their own: to one that was closed somebody may still connect or send, and the kernel gives it to the next who asks. Elsewhere there is 127.0.0.1 alone.
func home(n uint32) netip.Addr {
	if runtime.GOOS != "linux" {
		return netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	return netip.AddrFrom4([4]byte{127, 1 + byte(os.Getpid()%251), byte(n >> 8), 1 + byte(n)%254})
}

// Loopback implements spec.World.
func (w *World) Loopback(n spec.Network) netip.AddrPort {
	if n.Over6() {
		return netip.AddrPortFrom(netip.IPv6Loopback(), 0)
	}
	return netip.AddrPortFrom(w.home, 0)
}
