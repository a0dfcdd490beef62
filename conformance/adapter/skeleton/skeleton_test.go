package skeleton

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
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
		t.Run(l.folder(), func(t *testing.T) {
			if why := l.missing(); why != "" {
				t.Skip(why)
			}
			t.Parallel() // they wait most of the time
			dir := filepath.Join(top, filepath.FromSlash(l.folder()))
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
// language. A poller is asked for everything, which takes a second or two, and conforms, on Linux; what others make of poll and select is not the skeleton's.
func pass(t *testing.T, argv []string, language int) {
	t.Helper()
	l := &Languages[language]
	all, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	groups := []string{"receive", "send", "accept"}
	if l.Poller {
		groups = nil
		if runtime.GOOS != "linux" {
			groups = []string{l.FirstCase()}
		}
	}
	chosen, err := conformance.Select(all, groups, nil)
	if err != nil {
		t.Fatal(err)
	}
	processes, least := 4, 20
	switch {
	case l.Poller:
		least = 1
	case !simtest.Long():
		least = 7
		if l.Tool == "javac" {
			processes = 1 // a virtual machine takes longer to start than it has to run
		}
		i := 0
		chosen = slices.DeleteFunc(chosen, func(c *conformance.Case) bool { i++; return i%3 != language%3 && c.Name != l.FirstCase() })
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
		if c.Case.Name == l.FirstCase() && c.Verdict != conformance.Pass {
			t.Errorf("the case that the README names, %s: %s", c.Case.Name, c.Verdict)
		}
	}
	if n := r.Count()[conformance.Pass]; n < least {
		t.Errorf("%d cases passed", n)
	}
	if ok, why := r.Conforms(); !ok && l.Poller && groups == nil {
		t.Errorf("it does not conform: %s", why)
	}
}

// With the protocol and a skeleton a newcomer has a passing case in Python in under 100 lines.
func TestThePythonSkeletonIsShort(t *testing.T) {
	for _, name := range []string{"python/adapter.py", "poller/python/adapter.py"} {
		text, err := sources.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(text, []byte("\n")); n >= 100 {
			t.Errorf("%s has %d lines", name, n)
		}
	}
}

// The README says of the skeleton beside it what is so: what kind of back end it is for, and how the first case of that kind is run.
func TestTheREADMEIsOfTheSkeleton(t *testing.T) {
	for i := range Languages {
		l := &Languages[i]
		files, err := l.files()
		if err != nil {
			t.Fatal(err)
		}
		var readme, source string
		for _, f := range files {
			switch f.name {
			case "README.md":
				readme = string(f.text)
			case l.Source:
				source = string(f.text)
			}
		}
		kind, other := "completion", "readiness"
		if l.Poller {
			kind, other = other, kind
		}
		if !strings.Contains(readme, "a "+kind+" back end") || strings.Contains(readme, other) {
			t.Errorf("%s: it is for a %s back end, and the README does not say so", l.folder(), kind)
		}
		for _, want := range []string{l.Source, l.Build, l.Needs, "adapter check '" + l.Command + "'", "--run " + l.FirstCase() + "\n"} {
			if !strings.Contains(readme, want) {
				t.Errorf("%s: the README does not say %q", l.folder(), want)
			}
		}
		if !strings.Contains(source, "YOURS") {
			t.Errorf("%s does not say YOURS", l.folder())
		}
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
				t.Errorf("%s: %s was written", l.folder(), name)
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
			t.Errorf("%s: %v, %v", l.folder(), names, err)
		}
		if text, err := os.ReadFile(mine); err != nil || string(text) != "mine" {
			t.Errorf("%s: %q, %v", l.folder(), text, err)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 2 {
			t.Errorf("%s: %v, %v", l.folder(), left, err)
		}
	}
}

// The folders and the table are of the same languages.
func TestEveryFolderIsALanguage(t *testing.T) {
	for dir, poller := range map[string]bool{".": false, pollers: true} {
		folders, err := sources.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		folders = slices.DeleteFunc(folders, func(f fs.DirEntry) bool { return f.Name() == pollers })
		for _, f := range folders {
			if _, err := Find(f.Name(), poller); err != nil {
				t.Error(err)
			}
		}
		if len(folders) != len(Names(poller)) {
			t.Errorf("%s: %d folders, %d languages", dir, len(folders), len(Names(poller)))
		}
		if _, err := Find("cobol", poller); err == nil || !strings.Contains(err.Error(), strings.Join(Names(poller), ", ")) {
			t.Errorf("cobol: %v", err)
		}
	}
}
