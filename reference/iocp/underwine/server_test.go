//go:build linux

package main

import (
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

// The server beside Wine is the one that is started, for the prefix, to stay.
func TestAServerIsStartedToStay(t *testing.T) {
	dir := t.TempDir()
	said := filepath.Join(dir, "said")
	script := "#!/bin/sh\necho \"$WINEPREFIX $*\" >" + said + "\n"
	if err := os.WriteFile(filepath.Join(dir, "wineserver"), []byte(script), 0o777); err != nil {
		t.Fatal(err)
	}
	linger(filepath.Join(dir, "wine64"), append(os.Environ(), "WINEPREFIX=/p"))
	if got, err := os.ReadFile(said); err != nil || string(got) != "/p -p60\n" {
		t.Errorf("%q, %v: want the prefix, and a minute", got, err)
	}
}
