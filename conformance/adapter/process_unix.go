//go:build unix

package adapter

import (
	"os/exec"
	"syscall"
)

// group is a process group of the child's own. A child that calls setsid leaves it.
type group struct{}

func (group) prepare(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func (group) adopt(*exec.Cmd) {}

func (group) kill(cmd *exec.Cmd) { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

func (group) close() {}
