package skeleton

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/adapter"
	"github.com/ioconform/ioconform/reference/realworld"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

func world() (*spec.Instance, error) {
	w, err := realworld.New()
	if err != nil {
		return nil, err
	}
	return &spec.Instance{World: w, Run: w.Run, Close: w.Close}, nil
}

// A skeleton as it is written builds without a warning, speaks the protocol without a mistake, and passes cases of the suite.
func TestASkeletonPassesItsFirstCases(t *testing.T) {
	simtest.NotShort(t)
	if simtest.Raced {
		t.Skip("the adapters are compiled without the race detector, and what drives them has its own tests; run without -race")
	}
	// A virtual machine that lives for a second is sooner done without what makes it fast.
	t.Setenv("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
	if python, err := exec.Command("python3", "-c", "import sys; print(sys.executable, end='')").Output(); err == nil {
		// What is in the path may be a script that looks for it each time.
		t.Setenv("PATH", filepath.Dir(string(python))+string(os.PathListSeparator)+os.Getenv("PATH"))
	}
	top := t.TempDir()
	t.Setenv("CLASSPATH", filepath.Join(top, "java"))
	for i := range Languages {
		l := &Languages[i]
		t.Run(l.Name, func(t *testing.T) {
			if why := l.missing(); why != "" {
				t.Skip(why)
			}
			t.Parallel() // they wait most of the time
			dir := filepath.Join(top, l.Name)
			if err := l.write(t.Context(), dir); err != nil {
				t.Fatal(err)
			}
			argv := strings.Fields(l.Command)
			for i, word := range argv { // as if it were run in its folder
				if path := filepath.Join(dir, word); exists(path) {
					argv[i] = path
				}
			}
			var walk bytes.Buffer
			c, err := adapter.Check(context.Background(), &walk, argv, world)
			if err != nil || c.Mistakes+c.Breaches > 0 || c.Steps < 10 {
				t.Fatalf("adapter check: %+v, %v\n%s", c, err, walk.String())
			}
			pass(t, argv, i)
		})
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// missing returns what keeps the skeleton from being tried here, or "".
func (l *Language) missing() string {
	if l.Unix && runtime.GOOS == "windows" {
		return "needs POSIX"
	}
	if _, err := exec.LookPath(l.Tool); err != nil {
		return fmt.Sprintf("needs %s: there is no %s in the path", l.Needs, l.Tool)
	}
	if l.Name == "python" && exec.Command(l.Tool, "-c", "import sys; sys.exit(sys.version_info < (3, 10))").Run() != nil {
		return fmt.Sprintf("needs %s: the one in the path is older", l.Needs)
	}
	return ""
}

// write writes the skeleton into the folder and compiles it there, as its README says but for what only takes time.
func (l *Language) write(ctx context.Context, dir string) error {
	if _, err := l.Write(dir); err != nil || l.Build == "" {
		return err
	}
	argv := strings.Fields(l.Build)
	if l.Tool == "javac" {
		argv = slices.Insert(argv, 1, "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC")
	}
	if l.Tool == "rustc" && !simtest.Long() { // it warns of the same without, in a quarter of the time; few cases gain as much
		argv = slices.DeleteFunc(argv, func(word string) bool { return word == "-O" })
	}
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
		return fmt.Errorf("%s: %v\n%s", l.Build, err, out)
	}
	return nil
}

// pass runs the cases that a back end which accepts, receives and sends can be asked for: all of them, or the one that the README names and every third, others with the next
// language.
func pass(t *testing.T, argv []string, language int) {
	t.Helper()
	all, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	chosen, err := conformance.Select(all, []string{"receive", "send", "accept"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	processes, least := 4, 20
	if !simtest.Long() {
		least = 7
		if Languages[language].Tool == "javac" {
			processes = 1 // a virtual machine takes longer to start than it has to run
		}
		i := 0
		chosen = slices.DeleteFunc(chosen, func(c *conformance.Case) bool { i++; return i%3 != language%3 && c.Name != "receive/posted-first" })
	}
	p, err := adapter.Start(argv, adapter.Options{World: world, Processes: processes})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}()
	r, err := conformance.Run(context.Background(), p.Target(), conformance.Options{Cases: chosen, Parallel: processes})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range r.Cases {
		if c.Verdict != conformance.Pass && c.Verdict != conformance.Skip {
			t.Errorf("%s: %s %s", c.Case.Name, c.Verdict, c.Reason)
		}
		if c.Case.Name == "receive/posted-first" && c.Verdict != conformance.Pass {
			t.Errorf("the case that the README names, %s: %s", c.Case.Name, c.Verdict)
		}
	}
	if n := r.Count()[conformance.Pass]; n < least {
		t.Errorf("%d cases passed", n)
	}
}

// With the protocol and a skeleton a newcomer has a passing case in Python in under 100 lines.
func TestThePythonSkeletonIsShort(t *testing.T) {
	text, err := sources.ReadFile("python/adapter.py")
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(text, []byte("\n")); n >= 100 {
		t.Errorf("it has %d lines", n)
	}
}

func TestNothingIsWrittenOver(t *testing.T) {
	for _, l := range Languages {
		top, err := os.MkdirTemp("", "skeleton") // and not t.TempDir, whose removal Wine 8.0 does not manage
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.RemoveAll(top) })
		dir := filepath.Join(top, "new", "folder")
		names, err := l.Write(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, ".txt") {
				t.Errorf("%s: %s was written", l.Name, name)
			}
			if name == l.Source || name == "README.md" {
				continue
			}
			if err := os.Remove(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
		}
		mine := filepath.Join(dir, l.Source)
		if err := os.WriteFile(mine, []byte("mine"), 0o666); err != nil {
			t.Fatal(err)
		}
		if names, err := l.Write(dir); err == nil || len(names) > 0 || !strings.Contains(err.Error(), "is there already") {
			t.Errorf("%s: %v, %v", l.Name, names, err)
		}
		if text, err := os.ReadFile(mine); err != nil || string(text) != "mine" {
			t.Errorf("%s: %q, %v", l.Name, text, err)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 2 {
			t.Errorf("%s: %v, %v", l.Name, left, err)
		}
	}
}

// The folders and the table are of the same languages.
func TestEveryFolderIsALanguage(t *testing.T) {
	folders, err := sources.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range folders {
		if _, err := Find(f.Name()); err != nil {
			t.Error(err)
		}
	}
	if len(folders) != len(Languages) {
		t.Errorf("%d folders, %d languages", len(folders), len(Languages))
	}
	if _, err := Find("cobol"); err == nil || !strings.Contains(err.Error(), strings.Join(Names(), ", ")) {
		t.Errorf("cobol: %v", err)
	}
}
