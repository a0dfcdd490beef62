package known

import (
	"os"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/spec"
)

const (
	head = "target: epoll\n"
	rest = "\n  kind: todo\n  reason: It is so.\n  source: https://example.org/1\n"
)

func TestBadFiles(t *testing.T) {
	for _, x := range []struct{ in, want string }{
		{"", `1:1: the file does not say what it is for: expected a line such as "target: epoll"`},
		{"# nothing\n", `1:1: the file does not say what it is for: expected a line such as "target: epoll"`},
		{"os: linux\n", `1:1: the file does not say what it is for: expected a line such as "target: epoll"`},
		{"accept/backlog ACC-4" + rest, `1:1: the file does not say what it is for: expected a line such as "target: epoll"`},
		{"\x00\x01", `1:1: the line is not text`},
		{"target: epoll\xff", `1:1: the line is not text`},
		{"target:", `1:8: "target:" says nothing`},
		{"target: epoll sim", `1:9: "epoll sim" is not a target: its name is one word, as conform list targets shows it`},
		{"taget: epoll", `1:1: unknown word "taget" in the head: expected one of target, version, os; did you mean "target"?`},
		{"target: a\n  target: b", `2:3: second "target" in the head: the first is in line 1`},
		{head + "kind: todo", `2:1: unknown word "kind" in the head: expected one of target, version, os; it belongs to an entry, behind a line such as "accept/backlog ACC-4"`},

		{head + "accept/backlog", `2:15: expected what fails in "accept/backlog": a rule such as ACC-4, * for any rule, or one of hang, crash, sanitizer, error, diverged`},
		{head + "  accept/backlog", `2:17: expected what fails in "accept/backlog": a rule such as ACC-4, * for any rule, or one of hang, crash, sanitizer, error, diverged`},
		{head + "accept/backlog ACC-4 RCV-2", `2:22: unexpected "RCV-2" behind the rule: an entry begins with a case and a rule`},
		{head + "accept/backlog ACC-4  # why", `2:23: a comment stands on a line of its own`},
		{head + "accept/bakclog ACC-4", `2:1: unknown case "accept/bakclog"; did you mean "accept/backlog"?; conform list cases shows them`},
		{head + "accept/[ ACC-4", `2:1: "accept/[" is not a pattern: a bracket is not closed, or nothing follows a backslash`},
		{head + "accept/t*x ACC-4", `2:1: no case matches "accept/t*x"; conform list cases shows them`},
		{head + "acept ACC-4", `2:1: unknown group "acept": expected a case as group/name, a group, or a pattern of either`},
		{head + "accept/backlog ACC-5", `2:16: unknown rule "ACC-5"; did you mean "ACC-4"?; conform list rules shows them`},
		{head + "accept/backlog DSC-1", `2:16: DSC-1 binds the program, so no back end breaks it; what is seen of it is an error`},
		{head + "accept/backlog hangs", `2:16: "hangs" is neither a rule such as ACC-4 nor * nor one of hang, crash, sanitizer, error, diverged; did you mean "hang"?`},
		{head + "accept/backlog ACC-4" + rest + "accept/backlog ACC-4" + rest, `6:1: second entry for accept/backlog ACC-4: the first is in line 2`},

		{head + "close ACC-4\nkidn: todo", `3:1: unknown word "kidn" in the entry: expected one of kind, harm, reason, source, said; did you mean "kind"?`},
		{head + "close ACC-4\nos: linux", `3:1: unknown word "os" in the entry: expected one of kind, harm, reason, source, said`},
		{head + "close ACC-4\nkind: flaky", `3:7: unknown kind "flaky": expected broken (the platform is at fault), todo (we are) or racy (it may pass)`},
		{head + "close ACC-4\nkind: todo\nkind: racy", `4:1: second "kind" in the entry: the first is in line 3`},
		{head + "close ACC-4\nharm: harmles", `3:7: unknown harm "harmles": expected one of loses-data, hangs, leaks, wrong-code, harmless; did you mean "harmless"?`},
		{head + "close ACC-4\nreason:", `3:8: "reason:" says nothing`},
		{head + "close ACC-4\n  reason: unknown", `3:11: "unknown" is no reason: say in a sentence why close ACC-4 fails`},
		{head + "close ACC-4\n  reason: (write why)", `3:11: the reason is still to be written: say in a sentence why close ACC-4 fails`},
		{head + "close ACC-4\n  source: (write where it is tracked)", `3:11: the source is still to be written: a link to where close ACC-4 is promised, reported or tracked`},
		{head + "close ACC-4\n  source: https:// example", `3:11: "https:// example" is not a link`},
		{head + "close ACC-4\n  source: a\n  source: b\n  source: a", `5:11: the same source stands in line 3`},
		{head + "close ACC-4\n  said: a\n  said: b\n  said: a", `5:9: the same said stands in line 3`},
		{head + "close crash\n  said: it crashed", `3:3: "said" is for a rule: what is said of crash does not matter`},
		{head + "close ACC-4\n  reason: It is so.\n  source: x", `2:1: the entry close ACC-4 has no "kind:": broken (the platform is at fault), todo (we are) or racy (it may pass)`},
		{head + "close ACC-4\n  kind: todo\n  source: x", `2:1: the entry close ACC-4 has no "reason:": a sentence that says why it fails`},
		{head + "close ACC-4\n  kind: todo\n  reason: It is so.\nclose RCV-2", `2:1: the entry close ACC-4 has no "source:": a link to where it is promised, reported or tracked`},
	} {
		f, err := Parse("f", []byte(x.in), vocabulary)
		if f != nil || err == nil || err.Error() != "f:"+x.want {
			t.Errorf("%q:\n got %v\nwant f:%s", x.in, err, x.want)
		}
	}
}

func TestAGoodFile(t *testing.T) {
	src, err := os.ReadFile("testdata/good.txt")
	if err != nil {
		t.Fatal(err)
	}
	f, err := Parse("good.txt", src, vocabulary)
	if err != nil {
		t.Fatal(err)
	}
	if f.Target() != "model/lifo-fill" || len(f.Entries) != 3 {
		t.Fatalf("target %s, %d entries", f.Target(), len(f.Entries))
	}
	e := f.Entries[0]
	if e.Place() != "good.txt:10" || e.Kind() != Broken || e.Harm() != "loses-data" || e.Harm().Rank() != 0 || len(e.Sources()) != 2 ||
		e.Reason() != "A connection that comes early is lost: nobody looks at the backlog." {
		t.Errorf("%s: %v", e.Place(), e)
	}
	if got := f.Entries[1].Harm().Rank(); got != len(Harms) {
		t.Errorf("no harm has rank %d", got)
	}
	if text := string(Print(f)); text != strings.ReplaceAll(string(src), "\r\n", "\n") {
		t.Errorf("printed, it is\n%s", text)
	}
}

func TestWhatAnEntryMeans(t *testing.T) {
	for _, x := range []struct{ pattern, fault, name, what string }{
		{"accept/backlog", "ACC-4", "accept/backlog", "ACC-4"},
		{"accept", "*", "accept/twice", "RCV-2"},
		{"*/*", "hang", "close/port", "hang"},
		{"clos?/p*", "error", "close/port", "hang"},
		{"close", "error", "close/port", "crash"},
		{"close", "error", "close/port", "sanitizer"},
		{"close", "error", "close/port", "error"},
	} {
		e := &Entry{Pattern: x.pattern, Fault: x.fault}
		if !e.Covers(x.name) || !e.Means(x.what) {
			t.Errorf("%s is not %s %s", e, x.name, x.what)
		}
	}
	for _, x := range []struct{ pattern, fault, name, what string }{
		{"accept/backlog", "ACC-4", "accept/backlog", "RCV-2"},
		{"accept/backlog", "ACC-4", "accept/backlog-of-several", "ACC-4"},
		{"accept", "*", "accept/twice", "hang"},
		{"*", "error", "close/port", "diverged"},
		{"*", "hang", "close/port", "error"},
		{"accept", "ACC-4", "close/port", "ACC-4"},
	} {
		if e := (&Entry{Pattern: x.pattern, Fault: x.fault}); e.Covers(x.name) && e.Means(x.what) {
			t.Errorf("%s is %s %s", e, x.name, x.what)
		}
	}
}

func TestWhatAFileIsFor(t *testing.T) {
	about := &spec.About{Name: "iocp", Version: "0.3", OS: "wine 8.0.1"}
	for _, x := range []struct{ head, want string }{
		{"target: iocp", ""},
		{"target: iocp\nos: wine", ""},
		{"target: iocp\nos: wine 8.0", ""},
		{"target: iocp\nos: wine 8.0.1\nversion: 0", ""},
		{"target: epoll", "f:1:9: the file is for target epoll, not for iocp"},
		{"target: iocp\nos: windows 10", "f:2:5: the file is for iocp with os windows 10; here that is wine 8.0.1"},
		{"target: iocp\nos: wine 8.0.1 staging", "f:2:5: the file is for iocp with os wine 8.0.1 staging; here that is wine 8.0.1"},
		{"target: iocp\nos: win", "f:2:5: the file is for iocp with os win; here that is wine 8.0.1"},
		{"target: iocp\nversion: 0.31", "f:2:10: the file is for iocp with version 0.31; here that is 0.3"},
	} {
		f, err := Parse("f", []byte(x.head), vocabulary)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := f.For("iocp", about); err != nil {
			got = err.Error()
		}
		if got != x.want {
			t.Errorf("%q: got %q, want %q", x.head, got, x.want)
		}
	}
}

// A draft may lack what a person is to write, and nothing else.
func TestADraft(t *testing.T) {
	draft := head + "close ACC-4\n  kind: todo\n  reason: " + ReasonToWrite + "\n  source: " + SourceToWrite + "\n"
	f, err := ParseDraft("f", []byte(draft), vocabulary)
	if err != nil || !f.Entries[0].Unwritten() {
		t.Fatal(f, err)
	}
	if _, err := ParseDraft("f", []byte(strings.Replace(draft, "(write why)", "(write it)", 1)), vocabulary); err == nil {
		t.Error("another placeholder passes")
	}
	if _, err := ParseDraft("f", []byte(strings.Replace(draft, "todo", "tod", 1)), vocabulary); err == nil {
		t.Error("an unknown kind passes")
	}
}
