package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// conform runs one command line in this process.
func conform(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = execute(t.Context(), args, strings.NewReader(stdin), &out, &errs)
	return code, out.String(), errs.String()
}

// Whatever is wrong with the input, there is one message of one line, the exit code is 2 and nothing is on standard output.
func TestBadInputIsAnsweredByOneLine(t *testing.T) {
	dir := emptyFolder(t)
	t.Chdir(dir)
	write(t, "broken.scn", "# PKT-1: no such verb.\nrules PKT-1\n\nport P\nlisen L on P key=1\n")
	write(t, "name.scn", "port P\nwait Q -> nothing\n")
	write(t, "rule.scn", "rules PKT-99\n\nport P\n")
	write(t, "choices.scn", "target model\nchoices !!!!\n\nport P\nwait P -> nothing\n")
	write(t, "cut-choices.scn", "target model\nchoices AEAQC\n\nport P\nwait P -> nothing\n")
	write(t, "other-target.scn", "target modle\n\nport P\nwait P -> nothing\n")
	write(t, "fit.scn", "target model\nchoices AEAQ\n\nport P\nwait P -> nothing\n")
	write(t, "random.bin", "\x00\x01\xff\xfe\x80")
	write(t, "empty", "")
	write(t, "cut.jsonl", `{"ioconform":"trace","v":1,"order":"q"`)
	write(t, "foreign.jsonl", `{"hello":"world"}`+"\n")
	write(t, "nothing.scn", "# PKT-1: a comment and a header, and nothing to do.\nrules PKT-1\n\n")
	write(t, "mark.scn", "\ufeffport P\n")
	if err := os.Mkdir("folder", 0o777); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args string
		want string // in the message
	}{
		{"runn", `unknown command "runn"; did you mean "run"?`},
		{"run modle", `unknown target "modle"; did you mean "model"?`},
		{"run nonesuch-at-all", `unknown target "nonesuch-at-all"; this machine can run model`},
		{"run model/lifo-fil", `unknown bug "lifo-fil" of target model; did you mean "lifo-fill"?`},
		{"run model --profile portabel", `did you mean "portable"?`},
		{"run model --format pdf", `unknown format "pdf"; there are text, jsonl, junit, html and badge`},
		{"run model --run nonesuch/*", `no case matches "nonesuch/*"`},
		{"run model --run [", `pattern "["`},
		{"run model --run accept --skip accept", "no case is left"},
		{"run model --repeat 0", "--repeat 0"},
		{"run model --repeat x", `--repeat "x": want a whole number`},
		{"run model --seed -1", `--seed "-1": want a whole number from 0 to 18446744073709551615`},
		{"run model --repeat 99999999999999999999", `--repeat "99999999999999999999": want a whole number`},
		{"run --fromat text", `unknown flag: --fromat; did you mean "--format"?; conform run --help`},
		{"run --nonesuch", `unknown flag: --nonesuch; conform run --help`},
		{"run -z", `unknown shorthand flag: 'z' in -z; conform run --help`},
		{"run --format", `flag needs an argument: --format; conform run --help`},
		{"fuzz model --for 10", `--for "10": want a time with its unit, such as 30s`},
		{"fuzz model --for 9999999999h", `--for "9999999999h": want a time with its unit, such as 30s, 10m or 8h, and no more than 2562047h`},
		{"fuzz model --runs 99999999999999999999", fmt.Sprintf(`--runs "99999999999999999999": want a whole number of at most %d`, math.MaxInt)},
		{"fuzz model --shard 0/20", "20 shards of 16 lanes: some would have nothing to do; give each of them --lanes 20, or more"},
		{"fuzz model --for 0", "--for 0s: more than 0; leave it out for no limit"},
		{"fuzz model --for -1s", "--for -1s: more than 0; leave it out for no limit"},
		{"fuzz model --runs 0", "--runs 0: at least 1; leave it out for no limit"},
		{"fuzz model --runs -1", "--runs -1: at least 1; leave it out for no limit"},
		{"fuzz model --parallel -1", "--parallel -1: at least 0"},
		{"fuzz model --lanes 0", "--lanes 0: from 1 to 65536"},
		{"fuzz model --lanes 99999999999", "--lanes 99999999999: from 1 to 65536"},
		{"fuzz model --shard 3/2", `--shard "3/2": the 2 shards are 0/2 to 1/2`},
		{"fuzz model --shard 1/0", `--shard "1/0": of at least one shard`},
		{"fuzz model --shard x", `--shard "x" is not I/N, such as 0/4`},
		{"exam --fuzz 0", "--fuzz 0s: more than 0; leave it out to have the suite look for the bugs"},
		{"exam --fuzz -1s", "--fuzz -1s: more than 0"},
		{"explore accept/backlog --for 0", "--for 0s: more than 0; leave it out for no limit"},
		{"rules", `unknown command "rules"; conform list rules lists them`},
		{"help nosuch", `unknown command "nosuch"; conform --help lists the commands`},
		{"help adapter chek", `unknown command "adapter chek"; did you mean "check"?; conform adapter --help lists the commands`},
		{"explain backlog", `nothing is called "backlog"; did you mean "accept/backlog"?`},
		{"explain lifo-fill", `nothing is called "lifo-fill"; did you mean "model/lifo-fill"?`},
		{"explain ACC", `nothing is called "ACC"; did you mean "ACC-1"?`},
		{"run model --run key/zerro", `no case matches "key/zerro"; conform list cases shows them; did you mean "key/zero"?`},
		{"run model --run accpt", `no case matches "accpt"; conform list cases shows them; did you mean "accept"?`},
		{"run model --skip backlog", `no case matches "backlog"; conform list cases shows them; did you mean "accept/backlog"?`},
		{"run model --run rcv-2", `no case matches "rcv-2"; conform list cases shows them; conform explain RCV-2 names the cases of that rule`},
		{"run lifo-fill", `unknown target "lifo-fill"; did you mean "model/lifo-fill"?`},
		{"replay nothing.scn", "nothing.scn: there is no step in it, such as port P; conform explain accept/backlog shows a scenario"},
		{"replay empty", "empty: there is no step in it"},
		{"explore empty", "empty: there is no step in it"},
		{"export empty --lang c", "empty: there is no step in it"},
		{"replay mark.scn", "mark.scn:1:1: the file begins with a byte order mark; save it as UTF-8 without one"},
		{"run --exec ./folder", "adapter ./folder: ./folder: is a directory"},
		{"replay accept/backlog --target model --exec x", "--target and --exec: choose one"},
		{"run model -p -1", "--parallel -1"},
		{"run model -o folder", "folder: is a directory"},
		{"run model -o no/such/folder.txt", "no/such/folder.txt: no such file"},
		{"list", "one of rules, cases, targets, mutants"},
		{"list rule", `did you mean "rules"?`},
		{"list rules --format yaml", `unknown format "yaml"`},
		{"list cases --format markdown", "not listed as markdown"},
		{"explain", "takes the id"},
		{"explain ACC-44", `nothing is called "ACC-44"; did you mean "ACC-4"?`},
		{"explain accept/bakclog", `did you mean "accept/backlog"?`},
		{"replay", "takes one file or case"},
		{"replay none.scn", "none.scn: no such file"},
		{"replay accept/bakclog", `neither a file nor a case; did you mean "accept/backlog"?`},
		{"replay folder", "folder: is a directory"},
		{"replay broken.scn", "broken.scn:5:1: unknown verb \"lisen\"; did you mean \"listen\"?"},
		{"replay name.scn", "name.scn:2:6:"},
		{"replay rule.scn", "rule.scn:1:7: unknown rule"},
		{"replay random.bin", "random.bin:1:1:"},
		{"replay choices.scn", "conform: choices.scn:2:1: choices are not base32"},
		{"replay cut-choices.scn", "cut-choices.scn:2:1: choices"},
		{"replay fit.scn", "the recorded choices do not fit"},
		{"replay other-target.scn", `unknown target "modle"`},
		{"replay accept/backlog --target nonesuch", `unknown target "nonesuch"`},
		{"replay accept/backlog --trace folder", "folder: is a directory"},
		{"check", "takes one trace"},
		{"check none.jsonl", "none.jsonl: no such file"},
		{"check folder", "folder: is a directory"},
		{"check random.bin", "random.bin:1:1:"},
		{"check empty", "empty:1:1:"},
		{"check cut.jsonl", "cut.jsonl:1:"},
		{"check foreign.jsonl", "foreign.jsonl:1:"},
		{"check broken.scn", "broken.scn:1:1:"},
		{"check -", "standard input:1:1:"},
	} {
		t.Run(c.args, func(t *testing.T) {
			code, out, errs := conform(t, "", strings.Fields(c.args)...)
			if code != exitNoAnswer {
				t.Errorf("exit code %d", code)
			}
			if !strings.HasPrefix(errs, "conform: ") || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, c.want) {
				t.Errorf("standard error is\n%s\nwant one line with %q", errs, c.want)
			}
			if out != "" && !strings.Contains(c.args, "--trace") && c.args != "replay fit.scn" {
				t.Errorf("standard output is\n%s", out)
			}
		})
	}
}

// emptyFolder is t.TempDir, whose removal Wine 8.0 does not manage: it lacks the system call that os.RemoveAll uses on Windows.
func emptyFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "conform")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		var all []string
		filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			all = append(all, path)
			return err
		})
		for _, path := range slices.Backward(all) {
			if err := os.Remove(path); err != nil {
				t.Error(err)
			}
		}
	})
	return dir
}

func inEmptyFolder(t *testing.T) { t.Helper(); t.Chdir(emptyFolder(t)) }

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAFileThatMayNotBeRead(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may read everything; run it as somebody else")
	}
	if runtime.GOOS == "windows" {
		t.Skip("a mode of 0 keeps nobody from reading on Windows; run it on another system")
	}
	inEmptyFolder(t)
	write(t, "secret.scn", "port P\n")
	if err := os.Chmod("secret.scn", 0); err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"replay", "check"} {
		if code, _, errs := conform(t, "", command, "secret.scn"); code != exitNoAnswer || errs != "conform: secret.scn: permission denied\n" {
			t.Errorf("exit code %d, %s", code, errs)
		}
	}
}

// A planted bug is a failure: exit code 1, the rule, the step, a picture, and a command that runs the very same run again.
func TestAFailureCanBeReplayed(t *testing.T) {
	inEmptyFolder(t)
	code, out, errs := conform(t, "", "run", "model/lifo-fill", "--run", "receive/several-pending")
	if code != exitBroken || errs != "" {
		t.Fatalf("exit code %d\n%s%s", code, out, errs)
	}
	file := filepath.Join("conform-failures", "model-lifo-fill-receive-several-pending.scn")
	for _, want := range []string{
		"FAIL  receive/several-pending on model/lifo-fill", "RCV-2 Outstanding receives are filled", "step ", "several-pending.scn:", ": wait P",
		"▶", "▲ RCV-2", "c (far end)", "replay " + file, "model/lifo-fill breaks RCV-2",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the report lacks %q", want)
		}
	}
	if strings.Contains(out, "conforms") || strings.Contains(out, "\x1b") {
		t.Errorf("the report says that it conforms, or has colours in a pipe:\n%s", out)
	}
	code, again, _ := conform(t, "", "replay", file)
	if code != exitBroken || !strings.Contains(again, "▲ RCV-2") {
		t.Errorf("replay: exit code %d\n%s", code, again)
	}
}

// A failure that needs a certain schedule is had again by its choices, and by no others.
func TestReplayOfAScheduleIsExact(t *testing.T) {
	inEmptyFolder(t)
	code, out, _ := conform(t, "", "run", "epoll-sim/livelock-eventfd", "--run", "packet/timeout-races-with-a-post")
	if code != exitNoAnswer || !strings.Contains(out, "livelock") {
		t.Fatalf("the bug was not met: exit code %d\n%s", code, out)
	}
	files, _ := filepath.Glob("conform-failures/*.scn")
	if len(files) != 1 {
		t.Fatalf("failure files: %v", files)
	}
	code, out, errs := conform(t, "", "replay", files[0])
	if code != exitBroken || errs != "" || !strings.Contains(out, "livelock") {
		t.Errorf("exit code %d\n%s%s", code, out, errs)
	}
	code, _, errs = conform(t, "", "replay", files[0], "--target", "epoll-sim")
	if code != exitNoAnswer || !strings.Contains(errs, "the recorded choices do not fit") {
		t.Errorf("without the bug: exit code %d, %s", code, errs)
	}
}

func TestATraceIsWrittenAndJudged(t *testing.T) {
	inEmptyFolder(t)
	if code, _, errs := conform(t, "", "replay", "accept/backlog", "--trace", "good.jsonl"); code != exitOK {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	code, out, errs := conform(t, "", "check", "good.jsonl")
	if code != exitOK || !strings.Contains(out, "no rule is broken") || !strings.Contains(out, "ACC-1…4") {
		t.Errorf("exit code %d\n%s%s", code, out, errs)
	}
	if code, _, errs := conform(t, "", "replay", "receive/several-pending", "--target", "model/lifo-fill", "--trace", "bad.jsonl"); code != exitBroken {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	trace, err := os.ReadFile("bad.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	code, out, errs = conform(t, string(trace), "check", "-")
	if code != exitBroken || !strings.Contains(out, "▲ RCV-2") {
		t.Errorf("exit code %d\n%s%s", code, out, errs)
	}
	lines := bytes.SplitAfter(trace, []byte("\n"))
	write(t, "cut.jsonl", string(bytes.Join(lines[:len(lines)/2], nil)))
	if code, out, _ := conform(t, "", "check", "cut.jsonl"); code != exitOK || !strings.Contains(out, "it was cut") {
		t.Errorf("a trace that was cut between lines: exit code %d\n%s", code, out)
	}
	write(t, "torn.jsonl", string(trace[:len(trace)-9]))
	if code, _, errs := conform(t, "", "check", "torn.jsonl"); code != exitNoAnswer || !strings.HasPrefix(errs, "conform: torn.jsonl:") {
		t.Errorf("a trace that was cut within a line: exit code %d, %s", code, errs)
	}
}

// Every line is an object of a known type, with the fields that others rely on.
func TestJSONLines(t *testing.T) {
	inEmptyFolder(t)
	code, out, errs := conform(t, "", "run", "model", "epoll-sim/lost-wake", "--run", "packet/three-posts-*", "--format", "jsonl")
	if code != exitBroken && code != exitNoAnswer || errs != "" {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	fields := map[string][]string{
		"case":    {"target", "case", "verdict", "rules", "violations"},
		"rule":    {"target", "rule", "verdict", "checks"},
		"summary": {"target", "cases", "rules", "seconds"},
	}
	seen := map[string]int{}
	for d := json.NewDecoder(strings.NewReader(out)); ; {
		var line map[string]any
		if err := d.Decode(&line); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		kind, _ := line["type"].(string)
		seen[kind]++
		for _, f := range fields[kind] {
			if line[f] == nil {
				t.Errorf("%v lacks %q", line, f)
			}
		}
	}
	if seen["summary"] != 2 || seen["case"] == 0 || seen["rule"] == 0 || len(seen) != 3 {
		t.Errorf("lines by type: %v", seen)
	}
}

// Where no rule is asked about anything, nothing is shown, however many cases pass.
func TestAProfileThatIsNotForTheTarget(t *testing.T) {
	inEmptyFolder(t)
	code, out, errs := conform(t, "", "run", "model", "--run", "key", "--profile", "readiness")
	if code != exitNoAnswer || !strings.Contains(out, "model: no rule of readiness was exercised") {
		t.Errorf("exit code %d\n%s%s", code, out, errs)
	}
}

// Of all targets those count that the cases are for; of targets that are named, each.
func TestCasesThatAreForSomeTargetsOnly(t *testing.T) {
	inEmptyFolder(t)
	for args, want := range map[string]int{
		"run --run ready/many-at-once":                  exitOK,
		"run model poller-sim --run ready/many-at-once": exitNoAnswer,
		"run model --run ready/many-at-once":            exitNoAnswer,
	} {
		if code, out, errs := conform(t, "", strings.Fields(args)...); code != want {
			t.Errorf("%s: exit code %d\n%s%s", args, code, out, errs)
		}
	}
}

func TestVersion(t *testing.T) {
	code, out, _ := conform(t, "", "--version")
	if want := "contract version " + spec.Current().Name; code != exitOK || !strings.HasPrefix(out, "conform ") || !strings.Contains(out, want) || strings.Count(out, "\n") != 1 {
		t.Errorf("exit code %d\n%s", code, out)
	}
}

func TestAnInterruptedRunIsAPartialResult(t *testing.T) {
	inEmptyFolder(t)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	var out, errs bytes.Buffer
	code := execute(ctx, []string{"run", "model", "--repeat", "100000"}, nil, &out, &errs)
	if code != exitNoAnswer || !strings.Contains(out.String(), "a partial result") || strings.Contains(out.String(), "conforms") {
		t.Errorf("exit code %d\n%s%s", code, &out, &errs)
	}
}

// stopping is where a report is written to, and stops what writes it as soon as there is some.
type stopping struct {
	bytes.Buffer
	stop func()
}

func (s *stopping) Write(p []byte) (int, error) {
	s.stop()
	return s.Buffer.Write(p)
}

// So it is if it is stopped when one target has ended, and the next has not begun: those that were not run are named.
func TestARunThatIsStoppedBetweenTargetsSaysSo(t *testing.T) {
	inEmptyFolder(t)
	for _, format := range []string{"text", "jsonl"} {
		ctx, cancel := context.WithCancel(t.Context())
		out, errs := &stopping{stop: cancel}, bytes.Buffer{}
		code := execute(ctx, []string{"run", "model", "epoll-sim", "poller-sim", "--run", "key", "--format", format}, nil, out, &errs)
		if want := "conform: stopped, a partial result: epoll-sim, poller-sim were not run\n"; code != exitNoAnswer || errs.String() != want || strings.Contains(out.String(), "epoll-sim") {
			t.Errorf("%s: exit code %d\n%s%s", format, code, out, &errs)
		}
	}
}

// A case that was asked to run more often than it did was stopped like one that did not begin.
func TestRepetitionsThatAreLeftOutArePartOfTheRun(t *testing.T) {
	inEmptyFolder(t)
	for args, want := range map[string]string{
		"run model --run key/zero --repeat 1000000":                `a partial result`,
		"run model --run key/zero --repeat 1000000 --format jsonl": `"stopped":true`,
		"replay key/zero --repeat 1000000":                         "runs passed; this is the last",
	} {
		var code int
		var out, errs bytes.Buffer
		for long := 100 * time.Millisecond; !strings.Contains(out.String(), "key/zero") && !strings.Contains(out.String(), "1 passed") && long < time.Minute; long *= 2 { // until one run was made
			out.Reset()
			errs.Reset()
			ctx, cancel := context.WithTimeout(t.Context(), long)
			code = execute(ctx, strings.Fields(args), nil, &out, &errs)
			cancel()
		}
		if code != exitNoAnswer || !strings.Contains(out.String(), want) {
			t.Errorf("%s: exit code %d\n%s%s", args, code, &out, &errs)
		}
		if strings.HasPrefix(args, "replay") && !regexp.MustCompile(`^conform: stopped after \d+ of 1000000 runs\n$`).MatchString(errs.String()) {
			t.Errorf("%s: %s", args, &errs)
		}
	}
}

// Claims are judged by whole runs: of one that was stopped nothing is told, and why.
func TestClaimsThatAreStopped(t *testing.T) {
	inEmptyFolder(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errs bytes.Buffer
	code := execute(ctx, []string{"claims", "model", "poller-sim", "--format", "jsonl"}, nil, &out, &errs)
	want := "conform: stopped while the suite ran on model; claims are judged by whole runs on all targets, so none is told\n"
	if code != exitNoAnswer || out.Len() > 0 || errs.String() != want {
		t.Errorf("exit code %d\n%s%s", code, &out, &errs)
	}
}
