//go:build linux

package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Every Windows program under Wine has a server, one for each prefix, which ends after the last of them. Should it end before, as it does where an assertion of its own fails, then whoever
// calls it waits for ever, and nobody can tell the program from one that takes long. So the launcher looks whether it is there.

// linger starts the server of a prefix that has none, to stay for a minute after its last program. One that is about to end, as a server usually is three seconds after, resets whoever
// comes just then, so that a program ends before it begins; and programs come one after the other. A server that is there already stays as it is, and should none start, the program tells.
//
// The first program of a server starts Wine's own ones, which stay as long as the server does and have its output, so that whoever reads to the end of that waits for a minute as well. Hence
// the first is one of Wine's that says nothing to anybody. Who comes meanwhile waits until that has been, by the lock.
func linger(wine, prefix string, env []string) {
	if lock, err := locked(prefix); err == nil {
		defer lock.Close()
	}
	ctx, done := context.WithTimeout(context.Background(), time.Minute) // a program waits for ever whose server ends before it
	defer done()
	quietly := func(log *os.File, name string, args ...string) error {
		cmd := exec.CommandContext(ctx, name, args...)
		cmd.Env = env
		if log != nil {
			cmd.Stderr = log
		}
		return cmd.Run()
	}
	log, err := os.OpenFile(filepath.Join(prefix, serverLog), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
	if err == nil {
		defer log.Close()
	}
	for _, name := range []string{filepath.Join(filepath.Dir(wine), "wineserver"), "wineserver"} {
		if path, err := exec.LookPath(name); err == nil {
			if quietly(log, path, "-p60") == nil { // it ends with 2 where there is one
				quietly(nil, wine, "hostname")
			}
			return
		}
	}
}

// serverLog is the file of a prefix in which its server says what is wrong with it, such as an assertion that failed.
const serverLog = "server.log"

// lastWords is the last line that a server of the prefix has written, with what introduces it; nothing if it has written none of late.
func lastWords(prefix string) string {
	name := filepath.Join(prefix, serverLog)
	if info, err := os.Stat(name); err != nil || time.Since(info.ModTime()) > time.Minute {
		return ""
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return ""
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if last := strings.TrimSpace(lines[len(lines)-1]); last != "" {
		return " (" + last + ")"
	}
	return ""
}

// look is how often the launcher looks.
const look = time.Second

// serverLost is closed when the server of the prefix, having been there, is not any more. It looks until quit is closed.
func serverLost(proc, prefix string, look time.Duration, quit <-chan struct{}) <-chan struct{} {
	lost := make(chan struct{})
	go func() {
		tick := time.NewTicker(look)
		defer tick.Stop()
		for seen, missed := 0, 0; ; {
			select {
			case <-quit:
				return
			case <-tick.C:
			}
			switch pid := serverOf(proc, prefix); {
			case pid != 0:
				seen, missed = pid, 0
			case seen != 0:
				if missed++; missed >= 3 { // a program that has just ended may be on its way out
					close(lost)
					return
				}
			}
		}
	}()
	return lost
}

// serverOf returns the process that is the server of the prefix, 0 if there is none. proc is where the system shows its processes.
func serverOf(proc, prefix string) int {
	names, _ := filepath.Glob(filepath.Join(proc, "[0-9]*", "comm"))
	for _, name := range names {
		comm, err := os.ReadFile(name)
		if err != nil || !bytes.HasPrefix(comm, []byte("wineserver")) {
			continue
		}
		dir := filepath.Dir(name)
		env, err := os.ReadFile(filepath.Join(dir, "environ")) // of a process that has ended and is still listed, empty
		if err != nil || !bytes.Contains(append([]byte{0}, env...), []byte("\x00WINEPREFIX="+prefix+"\x00")) {
			continue
		}
		pid, _ := strconv.Atoi(filepath.Base(dir))
		return pid
	}
	return 0
}
