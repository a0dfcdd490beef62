//go:build linux || windows

package reference

import (
	"net"
	"sync"

	"github.com/ioconform/ioconform/reference/realworld"
	"github.com/ioconform/ioconform/spec"
)

// native is a target on this machine: enter puts a back end into an instance that has everything else.
func native(about spec.About, enter func(*spec.Instance) error) *spec.Target {
	return &spec.Target{
		About: about,
		Open: func() (*spec.Instance, error) {
			w, err := realworld.New()
			if err != nil {
				return nil, err
			}
			in := &spec.Instance{World: w, Run: w.Run, Close: w.Close}
			if err := enter(in); err != nil {
				w.Close()
				return nil, err
			}
			return in, nil
		},
	}
}

// with6 adds IPv6 to what a target is capable of, if this machine has it.
func with6(about spec.About) spec.About {
	if over6() {
		about.Capabilities = append(about.Capabilities, spec.CanIPv6)
	}
	return about
}

// over6 reports whether this machine has the loopback address of IPv6.
var over6 = sync.OnceValue(func() bool {
	l, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		return false
	}
	l.Close()
	return true
})
