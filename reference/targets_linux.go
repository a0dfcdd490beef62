package reference

import (
	"golang.org/x/sys/unix"

	"github.com/ioconform/ioconform/reference/epoll"
	"github.com/ioconform/ioconform/reference/epoll/linux"
	"github.com/ioconform/ioconform/reference/realworld"
	"github.com/ioconform/ioconform/spec"
)

func nativeTargets() ([]*spec.Target, []Absent) {
	return []*spec.Target{Epoll()}, nil
}

// Epoll is the epoll reference on the kernel of this machine.
func Epoll() *spec.Target {
	return &spec.Target{
		About: epoll.About(system(), "real"), Mutants: epoll.Mutants,
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

// release is the version of the kernel, such as " 6.18".
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
