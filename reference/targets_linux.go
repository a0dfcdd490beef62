package reference

import (
	"errors"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/ioconform/ioconform/reference/epoll"
	"github.com/ioconform/ioconform/reference/epoll/linux"
	"github.com/ioconform/ioconform/reference/poller"
	pollerlinux "github.com/ioconform/ioconform/reference/poller/linux"
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
	t := native(with6(epoll.About(system(), "real")), func(in *spec.Instance) error {
		b := epoll.New(linux.New())
		in.Backend, in.Plant = b, b.Plant
		return nil
	})
	t.Mutants = epoll.Mutants
	return t
}

// Poller is raw epoll on the kernel of this machine.
func Poller() *spec.Target {
	t := native(poller.About("poller", system(), "real", poller.Capabilities(pollerlinux.New())), func(in *spec.Instance) error {
		b := poller.New(pollerlinux.New())
		in.Ready, in.Plant = b, b.Plant
		return nil
	})
	t.Mutants = poller.Mutants
	return t
}

// Uring is the io_uring reference on the kernel of this machine, or why it cannot be had and what would help.
func Uring() (t *spec.Target, why string) {
	if why = uringRefused(); why != "" {
		return nil, why
	}
	return native(with6(uring.About(system())), func(in *spec.Instance) error {
		b, err := uring.New()
		in.Backend = b
		return err
	}), ""
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
