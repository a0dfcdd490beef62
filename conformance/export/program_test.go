package export

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ioconform/ioconform/simnet/simtest"
)

const compiler = "x86_64-w64-mingw32-gcc"

// Some programs compile, without a warning; those of which it is known what Wine does do that, where there is a Wine. Most of what it takes is Windows' headers, once a program:
// unless samples are to be whole it is one that ends as its scenario has it, one otherwise, and one that only compiles. What waits ten seconds for what does not come is not among them.
func TestProgramsCompileAndRun(t *testing.T) {
	if simtest.Raced {
		t.Skip("these programs are in C, and the race detector sees nothing of them; run without -race")
	}
	if testing.Short() {
		t.Skip("compiles, and runs Wine; not with -short")
	}
	gcc, err := exec.LookPath(compiler)
	if err != nil {
		t.Skip("no " + compiler + "; make setup installs it (Debian: gcc-mingw-w64-x86-64-win32)")
	}
	dir := t.TempDir()
	launcher, noWine := underwine(t, dir)
	for _, x := range []struct {
		name string
		ends string // how the last line of its output begins; "": not run
		code int
		long bool
	}{
		{"receive/posted-first", "as the scenario has it", 0, false},
		{"datagram/the-rest-is-lost", "as the scenario has it", 0, true},
		{"send/never-connected", "otherwise: line 6: saw refused/reset", 1, false},                                // SND-9 in conformance/known/iocp-wine.txt
		{"close/port-under-one-waiter", "otherwise: line 10: saw thread w1 still in the call of line 7", 1, true}, // CLS-5 there
		{"cancel/races-with-data", "", 0, true},
		{"accept/clients-at-once", "", 0, false},
		{"connect/with-bytes", "", 0, true},
	} {
		t.Run(x.name, func(t *testing.T) {
			if x.long && !simtest.Long() {
				t.Skip("another of its kind is enough; IOCONFORM_LONG=1 go test runs it")
			}
			t.Parallel() // they wait most of the time, for what must not come
			c := named(t, x.name)
			program, err := C(c.Name, "", c.File)
			if err != nil {
				t.Fatal(err)
			}
			base := filepath.Join(dir, strings.ReplaceAll(x.name, "/", "-"))
			if err := os.WriteFile(base+".c", program, 0o666); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command(gcc, "-O1", "-Wall", "-Werror", "-o", base+".exe", base+".c", "-lws2_32").CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if x.ends == "" {
				return
			}
			if noWine != "" {
				t.Skip("compiled, and not run: " + noWine)
			}
			ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
			defer cancel()
			run := exec.CommandContext(ctx, launcher, base+".exe")
			out, _ := run.Output()
			lines := strings.Split(strings.TrimSpace(strings.ReplaceAll(string(out), "\r", "")), "\n")
			if last := lines[len(lines)-1]; !strings.HasPrefix(last, x.ends) || run.ProcessState.ExitCode() != x.code {
				t.Errorf("exit code %d; want %d, and the last line %q:\n%s", run.ProcessState.ExitCode(), x.code, x.ends, out)
			}
		})
	}
}

// underwine builds the launcher, or says why there is none. It needs a Wine.
func underwine(t *testing.T, dir string) (launcher, missing string) {
	for _, wine := range []string{"wine64", "/usr/lib/wine/wine64"} {
		if _, err := exec.LookPath(wine); err != nil {
			continue
		}
		launcher := filepath.Join(dir, "underwine")
		if out, err := exec.Command("go", "build", "-o", launcher, "github.com/ioconform/ioconform/reference/iocp/underwine").CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return launcher, ""
	}
	return "", "there is no 64-bit Wine; make setup installs it (Debian: wine64)"
}
