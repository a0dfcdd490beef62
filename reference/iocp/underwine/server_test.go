//go:build linux

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// process shows a process in a folder like /proc.
func process(t *testing.T, proc, pid, comm, environ string) {
	t.Helper()
	dir := filepath.Join(proc, pid)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"comm": comm + "\n", "environ": environ} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheServerOfAPrefixIsFound(t *testing.T) {
	proc := t.TempDir()
	process(t, proc, "7", "bash", "WINEPREFIX=/p\x00")
	process(t, proc, "8", "wineserver64", "HOME=/\x00WINEPREFIX=/prefix\x00")
	process(t, proc, "9", "wineserver64", "") // has ended
	if pid := serverOf(proc, "/p"); pid != 0 {
		t.Errorf("process %d is the server of another prefix", pid)
	}
	process(t, proc, "10", "wineserver", "WINEPREFIX=/p\x00HOME=/\x00")
	if pid := serverOf(proc, "/p"); pid != 10 {
		t.Errorf("the server is process 10, not %d", pid)
	}
}

// A server that has not started yet is not lost; one that was there and is not any more is.
func TestAServerThatEndsBeforeItsProgramIsLost(t *testing.T) {
	proc, quit := t.TempDir(), make(chan struct{})
	defer close(quit)
	lost := serverLost(proc, "/p", time.Millisecond, quit)
	select {
	case <-lost:
		t.Fatal("nothing was there to be lost")
	case <-time.After(30 * time.Millisecond):
	}
	for pause := 10 * time.Millisecond; ; pause *= 2 { // until it has been seen, however slow the machine is
		process(t, proc, "10", "wineserver", "WINEPREFIX=/p\x00")
		time.Sleep(pause)
		if err := os.RemoveAll(filepath.Join(proc, "10")); err != nil {
			t.Fatal(err)
		}
		select {
		case <-lost:
			return
		case <-time.After(pause):
		}
	}
}

// standIns has a wine64 and a wineserver that say in a file how they were called. This wineserver ends with the code.
func standIns(t *testing.T, code int) (wine, prefix string, calls func() string) {
	t.Helper()
	dir, prefix := t.TempDir(), t.TempDir()
	said := filepath.Join(dir, "said")
	for name, end := range map[string]int{"wineserver": code, "wine64": 0} {
		script := fmt.Sprintf("#!/bin/sh\necho %s \"$* $(readlink /proc/$$/fd/1)\" >>%s\nexit %d\n", name, said, end)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "wine64"), prefix, func() string {
		text, err := os.ReadFile(said)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
}

// The server beside Wine is the one that is started, to stay, and what comes with it must not have the launcher's output: whoever reads that would wait for it as well.
func TestAServerIsStartedToStayAndItsProcessesHaveNobodysOutput(t *testing.T) {
	wine, prefix, calls := standIns(t, 0)
	linger(wine, prefix, os.Environ())
	if got, want := calls(), "wineserver -p60 /dev/null\nwine64 hostname /dev/null\n"; got != want {
		t.Errorf("called were\n%s, and not\n%s", got, want)
	}
}

// What a server says when it ends is said of the program that it ended before.
func TestTheLastWordsOfAServer(t *testing.T) {
	prefix := t.TempDir()
	if got := lastWords(prefix); got != "" {
		t.Errorf("of a server that wrote nothing: %q", got)
	}
	name := filepath.Join(prefix, serverLog)
	if err := os.WriteFile(name, []byte("wineserver: one thing\nwineserver: another\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if got, want := lastWords(prefix), " (wineserver: another)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	before := time.Now().Add(-time.Hour)
	if err := os.Chtimes(name, before, before); err != nil {
		t.Fatal(err)
	}
	if got := lastWords(prefix); got != "" {
		t.Errorf("of a server of an hour ago: %q", got)
	}
}

// One that is there already, which wineserver answers by code 2, has had its processes with it.
func TestAServerThatIsThereStaysAsItIs(t *testing.T) {
	wine, prefix, calls := standIns(t, 2)
	linger(wine, prefix, os.Environ())
	if got, want := calls(), "wineserver -p60 /dev/null\n"; got != want {
		t.Errorf("called were\n%s, and not\n%s", got, want)
	}
}
