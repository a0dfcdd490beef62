package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"time"
)

// patience is how long a run may take before it is given up. It is measured in the work that the process does and not by the clock, so that a machine that is
// busy with other things makes no mutant look as if it did not come to an end.
type patience struct {
	work time.Duration // of its processors: many times what a run takes
	idle time.Duration // without any work done: it waits for what never comes
	wall time.Duration // by the clock, where the system does not tell what work was done
}

// run runs the command, and reports whether it came to an end by itself.
func (p patience) run(cmd *exec.Cmd) (out []byte, ended bool, err error) {
	var b bytes.Buffer
	cmd.Stdout = &b
	if err := cmd.Start(); err != nil {
		return nil, false, err
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	begun, moved := time.Now(), time.Now()
	var last time.Duration
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-done:
			return b.Bytes(), true, err
		case <-tick.C:
		}
		worked, told := workOf(cmd.Process.Pid)
		if worked != last {
			last, moved = worked, time.Now()
		}
		if told && worked < p.work && time.Since(moved) < p.idle || !told && time.Since(begun) < p.wall {
			continue
		}
		cmd.Process.Kill()
		<-done
		return b.Bytes(), false, nil
	}
}

// workOf is the time that a process has spent on processors, as Linux tells it (proc(5), /proc/pid/stat: utime and stime, in hundredths of a second).
func workOf(pid int) (worked time.Duration, told bool) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, false
	}
	_, rest, _ := bytes.Cut(text, []byte(") ")) // behind the name, which may have spaces
	fields := bytes.Fields(rest)
	if len(fields) < 13 {
		return 0, false
	}
	for _, f := range fields[11:13] {
		n, err := strconv.ParseInt(string(f), 10, 64)
		if err != nil {
			return 0, false
		}
		worked += time.Duration(n) * 10 * time.Millisecond
	}
	return worked, true
}
