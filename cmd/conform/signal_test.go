package main

import (
	"bytes"
	"context"
	"encoding/json"
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
		ended := until(t, cmd, func() bool { return written(t) > kept })
		code, _, said := conform(t, "", "fuzz", "model", "--runs", "1", "--out", "campaign")
		if held := fmt.Sprintf("campaign: another process has it (process %d on ", cmd.Process.Pid); code != exitNoAnswer || !strings.Contains(said, held) {
			t.Errorf("a second process at the same folder ended with %d and said %q, want %d and %q", code, said, exitNoAnswer, held)
		}
		if err := cmd.Process.Signal(sent); err != nil {
			t.Fatal(err)
		}
		<-ended
		if sent == syscall.SIGKILL {
			continue
		}
		if cmd.ProcessState.ExitCode() != exitNoAnswer {
			t.Errorf("%v: %v", sent, cmd.ProcessState)
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

// A run that is killed leaves the lines of the cases that had ended, in their order, and the failure files that they name.
func TestAKilledRunLeavesTheCasesThatHadEnded(t *testing.T) {
	inEmptyFolder(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// the first two fail at once, and the third, which passes, would go on for days
	cmd := exec.Command(self, "run", "model/lifo-fill", "--run", "receive/any-thread-may-start", "--run", "receive/behind-one-that-waits-for-all", "--run", "receive/both-directions",
		"--repeat", "1000000000", "-p", "1", "--format", "jsonl", "-o", "report.jsonl")
	cmd.Env = append(os.Environ(), "CONFORM_IS_THIS=1")
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var lines [][]byte
	ended := until(t, cmd, func() bool {
		text, _ := os.ReadFile("report.jsonl")
		lines = bytes.SplitAfter(text, []byte("\n"))
		return len(lines) > 2
	})
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	<-ended
	for i, name := range []string{"receive/any-thread-may-start", "receive/behind-one-that-waits-for-all", ""} {
		var line struct{ Type, Case, Verdict, File string }
		if name == "" && len(lines) == i+1 && len(lines[i]) == 0 {
			break
		}
		if err := json.Unmarshal(lines[i], &line); err != nil || line.Type != "case" || line.Case != name || line.Verdict != "fail" {
			t.Errorf("line %d: %v: %s", i+1, err, lines[i])
		}
		if _, err := os.Stat(line.File); err != nil {
			t.Error(err)
		}
	}
}

// until waits until something is so while a process runs, for as long as that takes, and returns what is closed when the process has ended.
func until(t *testing.T, cmd *exec.Cmd, so func() bool) (ended chan struct{}) {
	t.Helper()
	ended = make(chan struct{})
	go func() { cmd.Wait(); close(ended) }()
	for !so() {
		select {
		case <-ended:
			t.Fatalf("it has ended: %v", cmd.ProcessState)
		case <-time.After(10 * time.Millisecond):
		}
	}
	return ended
}

// What is stopped before it has an answer says that, and not only by how it ends.
func TestWhatIsStoppedSaysSo(t *testing.T) {
	inEmptyFolder(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct{ args, says string }{
		{"bench", "conform: stopped before its time\n"},
		{"bench --for 1h", "conform: stopped before its time\n"},
		{"replay accept/backlog", "conform: conformance/cases/accept/backlog.scn: stopped before the first run\n"},
	} {
		var out, errs bytes.Buffer
		if code := execute(ctx, strings.Fields(c.args), strings.NewReader(""), &out, &errs); code != exitNoAnswer || errs.String() != c.says {
			t.Errorf("%s: exit code %d, %q; want %d and %q\n%s", c.args, code, &errs, exitNoAnswer, c.says, &out)
		}
	}
}
