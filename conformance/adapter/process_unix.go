//go:build unix

package adapter

import (
	"io"
	"io/fs"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// group is a process group of the child's own. A child that calls setsid leaves it.
type group struct{}

func (group) prepare(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func (group) adopt(*exec.Cmd) {}

func (group) kill(cmd *exec.Cmd) { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

func (group) close() {}

// awaited is r as it is to be read by an adapter in Go, and what is to be done when it is over. Standard input is a descriptor that blocks, and whoever waits there has a thread
// that the runtime looks at every few microseconds: a fifth of what an adapter takes that has little to do. As a pipe that does not block it is waited for as sockets are.
func awaited(r io.Reader) (io.Reader, func()) {
	own := reopened(r)
	if own == nil {
		return r, func() {}
	}
	return own, func() {
		unix.SetNonblock(int(own.Fd()), false) // which r is as well
		own.Close()
	}
}

// reopened is a pipe that blocks, by another descriptor and made not to block, else nil. A terminal, say, is others' too.
func reopened(r io.Reader) (own *os.File) {
	f, is := r.(*os.File)
	if !is {
		return nil
	}
	about, err := f.Stat()
	if err != nil || about.Mode()&fs.ModeNamedPipe == 0 {
		return nil
	}
	conn, err := f.SyscallConn()
	if err != nil {
		return nil
	}
	conn.Control(func(fd uintptr) {
		if flags, err := unix.FcntlInt(fd, unix.F_GETFL, 0); err != nil || flags&unix.O_NONBLOCK != 0 {
			return
		}
		other, err := unix.FcntlInt(fd, unix.F_DUPFD_CLOEXEC, 0)
		if err != nil {
			return
		}
		if err := unix.SetNonblock(other, true); err != nil {
			unix.Close(other)
			return
		}
		own = os.NewFile(uintptr(other), f.Name())
	})
	return own
}
