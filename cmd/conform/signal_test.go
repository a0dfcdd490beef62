package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMain is conform itself where a test has started this program to be it.
func TestMain(m *testing.M) {
	if os.Getenv("CONFORM_IS_THIS") != "" {
		main()
	}
	early = time.Hour // what is on standard error must not depend on how fast the machine is
	os.Exit(m.Run())
}

// Whoever ends conform, Ctrl-C, timeout or a batch system whose time is up, gets the report of what there is; what is killed goes on where it was.
func TestSignals(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no signals that one process sends another; run it on another system")
	}
	inEmptyFolder(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	begun := 0
	for _, sent := range []syscall.Signal{syscall.SIGKILL, syscall.SIGINT, syscall.SIGTERM} {
		cmd := exec.Command(self, "fuzz", "model", "--runs", "100000000", "--out", "campaign", "--format", "jsonl")
		cmd.Env = append(os.Environ(), "CONFORM_IS_THIS=1")
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, os.Stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		kept := written(t) + 1<<18 // more than the counts of the lanes take
		for deadline := time.Now().Add(time.Minute); written(t) <= kept; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("the campaign does not get on")
			}
		}
		code, _, said := conform(t, "", "fuzz", "model", "--runs", "1", "--out", "campaign")
		if held := fmt.Sprintf("campaign: another process has it (process %d on ", cmd.Process.Pid); code != exitNoAnswer || !strings.Contains(said, held) {
			t.Errorf("a second process at the same folder ended with %d and said %q, want %d and %q", code, said, exitNoAnswer, held)
		}
		if err := cmd.Process.Signal(sent); err != nil {
			t.Fatal(err)
		}
		err := cmd.Wait()
		if sent == syscall.SIGKILL {
			continue
		}
		var ended *exec.ExitError
		if !errors.As(err, &ended) || ended.ExitCode() != exitNoAnswer {
			t.Errorf("%v: %v", sent, err)
		}
		var line struct {
			Type      string
			Runs, New int
			Stopped   bool
		}
		if err := json.Unmarshal(out.Bytes(), &line); err != nil || line.Type != "fuzz" || !line.Stopped || line.Runs-line.New <= begun {
			t.Errorf("%v: %v: %s", sent, err, &out)
		}
		begun = line.Runs - line.New // what the processes before had made
	}
}

// written is how much the campaign has kept so far.
func written(t *testing.T) (bytes int64) {
	t.Helper()
	lanes, _ := os.ReadDir("campaign/lanes")
	for _, l := range lanes {
		if info, err := l.Info(); err == nil {
			bytes += info.Size()
		}
	}
	return bytes
}
