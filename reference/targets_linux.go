package reference

import (
	"golang.org/x/sys/unix"

	"github.com/ioconform/ioconform/reference/epoll"
	"github.com/ioconform/ioconform/reference/epoll/linux"
	"github.com/ioconform/ioconform/reference/poller"
	pollerlinux "github.com/ioconform/ioconform/reference/poller/linux"
	"github.com/ioconform/ioconform/reference/realworld"
	"github.com/ioconform/ioconform/spec"
)

func nativeTargets() ([]*spec.Target, []Absent) {
	return []*spec.Target{Epoll(), Poller()}, []Absent{iocpAbsent}
}

// Epoll is the epoll reference on the kernel of this machine.
func Epoll() *spec.Target {
	about := epoll.About(system(), "real")
	if over6() {
		about.Capabilities = append(about.Capabilities, spec.CanIPv6)
	}
	return &spec.Target{
		About: about, Mutants: epoll.Mutants,
		Open: func() (*spec.Instance, error) {
			w, err := realworld.New()
			if err != nil {
				return nil, err
			}
			b := epoll.New(linux.New())
			return &spec.Instance{World: w, Backend: b, Run: w.Run, Plant: b.Plant, Close: w.Close}, nil
		},
	}
}

// Poller is raw epoll on the kernel of this machine.
func Poller() *spec.Target {
	return &spec.Target{
		About: poller.About("poller", system(), "real", poller.Capabilities(pollerlinux.New())), Mutants: poller.Mutants,
		Open: func() (*spec.Instance, error) {
			w, err := realworld.New()
			if err != nil {
				return nil, err
			}
			b := poller.New(pollerlinux.New())
			return &spec.Instance{World: w, Ready: b, Run: w.Run, Plant: b.Plant, Close: w.Close}, nil
		},
	}
}

// system names the operating system and the version of its kernel, such as "linux 6.18".
func system() string { return "linux" + release() }

func release() string {
	var u unix.Utsname
	if unix.Uname(&u) != nil {
		return ""
	}
	r := unix.ByteSliceToString(u.Release[:])
	dots := 0
	for i, c := range r {
		if c == '.' {
			dots++
		}
		if dots == 2 || c == '-' {
			return " " + r[:i]
		}
	}
	return " " + r
}
