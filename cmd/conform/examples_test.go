package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/spf13/cobra"
)

// The examples of every help text run as they stand, one after the other, in an empty folder: whoever is new copies them. What takes long is stopped when it tells how far it is.
func TestExamplesRunAsTheyStand(t *testing.T) {
	simtest.NotRaced(t)
	simtest.NotShort(t)
	if runtime.GOOS != "linux" {
		t.Skip("the examples name the targets that run on Linux; run it there")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := os.Getenv("PATH")
	if python, err := exec.Command("python3", "-c", "import sys; print(sys.executable, end='')").Output(); err == nil {
		path = filepath.Dir(string(python)) + ":" + path // what was found first may be a script that looks for it each time
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // to begin takes one processor, and half as many adapters
	defer func(a, b time.Duration) { early, seldom = a, b }(early, seldom)
	early, seldom = 0, 0
	var each func(cmd *cobra.Command)
	each = func(cmd *cobra.Command) {
		for _, c := range cmd.Commands() {
			each(c)
		}
		if cmd.RunE == nil || cmd.HasSubCommands() {
			return
		}
		t.Run(cmd.CommandPath(), func(t *testing.T) {
			if cmd.Example == "" && cmd.Name() != "help" {
				t.Error("there is no example")
			}
			inEmptyFolder(t)
			if err := os.Symlink(self, "conform"); err != nil { // for --exec 'conform adapter serve epoll'
				t.Fatal(err)
			}
			here, err := filepath.Abs(".")
			if err != nil {
				t.Fatal(err)
			}
			t.Setenv("PATH", here+":"+path)
			t.Setenv("CONFORM_IS_THIS", "1")
			for line := range strings.Lines(cmd.Example) {
				example(t, strings.TrimSpace(line))
			}
		})
	}
	each(newRoot())
}

// example runs one line. What it finds out is not judged, only that it begins to.
func example(t *testing.T, line string) {
	t.Helper()
	line, _, refused := strings.Cut(line, "  # ") // behind it stands what is to be done before
	args, err := words(line)
	if err != nil {
		t.Errorf("%s: %v", line, err)
		return
	}
	if args[0] != "conform" {
		return // another program, which the machine may not have
	}
	for _, a := range args {
		if program, _, more := strings.Cut(a, " "); more {
			if _, err := exec.LookPath(program); err != nil {
				t.Logf("%s: there is no %s here", line, program)
				return
			}
		}
	}
	ctx := t.Context()
	errs := begun{stop: func() {}}
	if takesLong(args[1:]) {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, 300*time.Millisecond)
		defer cancel()
		errs.stop = cancel
	}
	var out bytes.Buffer
	code := execute(ctx, args[1:], strings.NewReader(""), &out, &errs)
	for said := range strings.Lines(errs.String()) {
		if !refused && strings.HasPrefix(said, "conform: ") && !strings.Contains(said, "stopped") && !strings.Contains(said, "the report is in") {
			t.Errorf("%s: exit code %d: %s", line, code, said)
		}
	}
	if refused && code != exitNoAnswer {
		t.Errorf("%s: exit code %d: what was to be done before was not needed", line, code)
	}
}

// begun keeps what is written to it, and stops what writes as soon as that tells how far it is.
type begun struct {
	bytes.Buffer
	stop func()
}

func (b *begun) Write(p []byte) (int, error) {
	if !bytes.HasPrefix(p, []byte("conform: ")) {
		b.stop()
	}
	return b.Buffer.Write(p)
}

// takesLong tells which commands are stopped: none whose result another one is about.
func takesLong(args []string) bool {
	switch args[0] {
	case "exam", "bench", "claims", "fuzz", "explore", "adapter":
		return true
	case "run", "baseline":
		return !slices.Contains(args, "--run")
	}
	return slices.Contains(args, "--repeat")
}
