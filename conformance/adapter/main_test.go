package adapter

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ioconform/ioconform/reference/realworld"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

// roleVariable makes this test binary an adapter: a good one, or one of the bad.
const roleVariable = "IOCONFORM_TEST_ADAPTER"

func TestMain(m *testing.M) {
	if role := os.Getenv(roleVariable); role != "" {
		os.Exit(play(role))
	}
	simtest.AtOnce(12) // they wait for children
	os.Exit(m.Run())
}

// ofVariable tells the children of this process from those of others that test the same at the same time.
const ofVariable = "IOCONFORM_TEST_ADAPTER_OF"

// me is a command line by which this binary plays a role. The environment is set by env, because roles are of children alone.
func me(role string) []string {
	return []string{"/usr/bin/env", roleVariable + "=" + role, fmt.Sprintf("%s=%d", ofVariable, os.Getpid()), os.Args[0]}
}

func world() (*spec.Instance, error) {
	w, err := realworld.New()
	if err != nil {
		return nil, err
	}
	return &spec.Instance{World: w, Run: w.Run, Close: w.Close}, nil
}

// play is the child's side.
func play(role string) int {
	name, arg, _ := strings.Cut(role, ":")
	switch name {
	case "memory":
		about := memoryAbout()
		about.Axes["delivery"] = arg
		if arg == "" {
			delete(about.Axes, "delivery")
		}
		if err := Serve(os.Stdin, os.Stdout, about, func() (spec.Backend, error) { return newMemory(), nil }); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return 0
	case "null":
		return null(arg)
	case "early":
		return early()
	case "sleep":
		time.Sleep(time.Hour)
	case "epoll":
		return serveEpoll(arg)
	case "poller":
		return servePoller(arg)
	}
	return misbehave(name, arg)
}

// null answers unsupported to everything, and declares what it is told to.
func null(declares string) int {
	caps := "[]"
	if declares != "" {
		caps = `["` + strings.ReplaceAll(declares, ",", `","`) + `"]`
	}
	return answering(func(m *Message) string {
		switch m.Do {
		case "hello":
			return hello(m.ID, "null", caps)
		case "reset", "ping":
			return fmt.Sprintf(`{"id":%d}`, m.ID)
		}
		return fmt.Sprintf(`{"id":%d,"status":"unsupported"}`, m.ID)
	})
}

func hello(id int64, name, caps string) string {
	return fmt.Sprintf(`{"id":%d,"protocol":1,"name":%q,"version":"1","os":"here","capabilities":%s}`, id, name, caps)
}

// answering is an adapter of one function, which may write by itself and return "".
func answering(answer func(*Message) string) int {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	var line []byte
	for {
		var err error
		if line, err = readLine(in, line); err != nil {
			return 0
		}
		requests, err := Line(line)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		for i := range requests {
			if a := answer(&requests[i]); a != "" {
				os.Stdout.WriteString(a + "\n")
			}
		}
	}
}

// children lists the processes that live and play a role for this one, which they have in their environment, or this role, if one is named.
func children(t *testing.T, role string) (pids []int) {
	t.Helper()
	entries, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil || len(entries) == 0 {
		t.Skip("there is no /proc here in which processes could be counted")
	}
	marks := [][]byte{fmt.Appendf(nil, "\x00%s=%d\x00", ofVariable, os.Getpid())}
	if role != "" {
		marks = append(marks, fmt.Appendf(nil, "\x00%s=%s\x00", roleVariable, role))
	}
	for _, e := range entries {
		env, err := os.ReadFile(e)
		env = append([]byte{0}, env...)
		if err != nil || slices.ContainsFunc(marks, func(m []byte) bool { return !bytes.Contains(env, m) }) {
			continue
		}
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(e)))
		pids = append(pids, pid)
	}
	return pids
}

// nobodyLeft fails if a child, of the role if one is named, is still there after as long as anything is waited for.
func nobodyLeft(t *testing.T, role string) {
	t.Helper()
	in, err := world()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	var left []int
	for w := in.World.Watch(spec.Patient); !w.Spent(); time.Sleep(w.Slice()) {
		if left = children(t, role); len(left) == 0 {
			return
		}
	}
	for _, pid := range left {
		cmd, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		t.Errorf("process %d is left: %q", pid, cmd)
	}
}

// needEnv skips where there is no env, by which children get their roles.
func needEnv(t testing.TB) {
	if _, err := exec.LookPath("/usr/bin/env"); err != nil {
		t.Skip("needs /usr/bin/env to start this binary as an adapter")
	}
}
