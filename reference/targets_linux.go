package reference

import (
	"errors"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/ioconform/ioconform/reference/epoll"
	"github.com/ioconform/ioconform/reference/epoll/linux"
	"github.com/ioconform/ioconform/reference/poller"
	pollerlinux "github.com/ioconform/ioconform/reference/poller/linux"
	"github.com/ioconform/ioconform/reference/realworld"
	"github.com/ioconform/ioconform/reference/uring"
	"github.com/ioconform/ioconform/spec"
)

func nativeTargets() ([]*spec.Target, []Absent) {
	targets, absent := []*spec.Target{Epoll(), Poller()}, []Absent{iocpAbsent}
	if t, why := Uring(); why == "" {
		targets = append(targets, t)
	} else {
		absent = []Absent{{"uring", why}, iocpAbsent}
	}
	return targets, absent
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

// Uring is the io_uring reference on the kernel of this machine, or why it cannot be had and what would help.
func Uring() (t *spec.Target, why string) {
	if why = uringRefused(); why != "" {
		return nil, why
	}
	about := uring.About(system())
	if over6() {
		about.Capabilities = append(about.Capabilities, spec.CanIPv6)
	}
	return &spec.Target{
		About: about,
		Open: func() (*spec.Instance, error) {
			w, err := realworld.New()
			if err != nil {
				return nil, err
			}
			b, err := uring.New()
			if err != nil {
				w.Close()
				return nil, err
			}
			return &spec.Instance{World: w, Backend: b, Run: w.Run, Close: w.Close}, nil
		},
	}, ""
}

// uringRefused tries once whether there are rings on this machine; empty if so.
var uringRefused = sync.OnceValue(func() string {
	b, err := uring.New()
	if err != nil {
		return refusal(err)
	}
	b.Close()
	return ""
})

// refusal says why there are none, and what would help.
func refusal(err error) string {
	switch {
	case errors.Is(err, unix.ENOSYS):
		return "it needs io_uring: Linux 5.7 with CONFIG_IO_URING, and no sandbox that hides it"
	case errors.Is(err, unix.EPERM), errors.Is(err, unix.EACCES):
		return "io_uring is forbidden here: sysctl kernel.io_uring_disabled=0 allows it, or in a container a seccomp profile that does"
	case errors.Is(err, unix.ENOMEM):
		return "too little memory may be locked for a ring: raise ulimit -l"
	}
	return err.Error()
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
