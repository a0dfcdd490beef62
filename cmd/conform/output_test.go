package main

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"
)

// refusing takes nothing, as a full disk does.
type refusing struct{}

func (refusing) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// What could not be written is not answered: whatever came of it, the command ends with 2 and says why.
func TestOutputThatIsLostIsAnError(t *testing.T) {
	inEmptyFolder(t)
	for _, args := range []string{
		"--help", "help run", "list rules", "list cases --format jsonl", "explain ACC-4", "run model --run key/zero", "run model --run key/zero --format jsonl",
		"replay key/zero", "explore key/zero --random 0", "fuzz model --runs 10", "bench --for 1ns", "bench --for 1ns --format jsonl", "init python mine",
		"baseline model --run key/zero", "export key/zero --lang c", "completion bash",
	} {
		var errs bytes.Buffer
		if code := execute(t.Context(), strings.Fields(args), nil, refusing{}, &errs); code != exitNoAnswer || errs.String() != "conform: no space left on device\n" {
			t.Errorf("%s: exit code %d, %s", args, code, &errs)
		}
	}
}

// A report that has nowhere to go is found out before the work is done, which may take hours.
func TestWhereTheReportGoesIsAskedFirst(t *testing.T) {
	inEmptyFolder(t)
	write(t, "file", "")
	for args, want := range map[string]string{
		"fuzz model --runs 10 --out kept -o no/such/file":  "no/such/file: no such file or directory",
		"claims model -o no/such/file":                     "no/such/file: no such file or directory",
		"replay accept/backlog --trace no/such/file":       "no/such/file: no such file or directory",
		"explore accept/backlog --random 0 --out file":     "file: not a directory",
		"explore accept/backlog --random 0 --out file/sub": "file: not a directory",
		"fuzz model --runs 10 --out file":                  "file: not a directory",
	} {
		code, out, errs := conform(t, "", strings.Fields(args)...)
		if code != exitNoAnswer || out != "" || errs != "conform: "+want+"\n" {
			t.Errorf("%s: exit code %d\n%s%s", args, code, out, errs)
		}
	}
	if _, err := os.Stat("kept"); err == nil {
		t.Error("the campaign was begun")
	}
}

// A report of before is there until another takes its place: who mistypes a target has not lost it.
func TestAReportOfBeforeOutlivesAMistake(t *testing.T) {
	inEmptyFolder(t)
	for _, args := range []string{
		"run nosuch -o file",
		"fuzz nosuch -o file",
		"fuzz model --known none -o file",
		"exam nosuch -o file",
		"claims nosuch -o file",
		"explore accept/backlog --target nosuch -o file",
		"merge nosuch --out kept -o file",
	} {
		write(t, "file", "of before")
		code, _, errs := conform(t, "", strings.Fields(args)...)
		if text := read(t, "file"); code != exitNoAnswer || text != "of before" {
			t.Errorf("%s: exit code %d, the report is %q\n%s", args, code, text, errs)
		}
	}
	write(t, "file", strings.Repeat("of before\n", 1000))
	conform(t, "", strings.Fields("run model --run accept/backlog -o file")...)
	if text := read(t, "file"); !strings.Contains(text, "1 passed") || strings.Contains(text, "of before") {
		t.Errorf("the report is %q", text)
	}
}

// What was found is told, though it cannot be kept.
func TestFindingsThatCannotBeKeptAreTold(t *testing.T) {
	inEmptyFolder(t)
	write(t, failures, "")
	for args, want := range map[string]string{
		"fuzz model/lifo-fill --runs 50000 --until-fail":                                 "failed    RCV-2, ",
		"fuzz model/lifo-fill --runs 50000 --until-fail --format jsonl":                  `"signature":"RCV-2"`,
		"explore packet/two-posters --target model/queue-unlocked --delays 1 --random 0": "found     PKT-6",
		"run model/lifo-fill --run receive/several-pending":                              "FAIL  receive/several-pending",
	} {
		code, out, errs := conform(t, "", strings.Fields(args)...)
		if code != exitBroken || !strings.Contains(out, want) || errs != "conform: failures are not kept: "+failures+": not a directory\n" {
			t.Errorf("%s: exit code %d\n%s%s", args, code, out, errs)
		}
	}
}

func TestOutputToAFile(t *testing.T) {
	inEmptyFolder(t)
	code, out, errs := conform(t, "", "run", "model", "--run", "key/zero", "-o", "report.txt")
	text, err := os.ReadFile("report.txt")
	if code != exitOK || out != "" || !strings.Contains(errs, "report.txt") || err != nil || !strings.Contains(string(text), "1 passed") {
		t.Errorf("exit code %d\n%s%s%s", code, out, errs, text)
	}
}
