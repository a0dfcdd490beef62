package scenario

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCanonicalFilesPrintByteForByte(t *testing.T) {
	for path, text := range files(t, "testdata/*/*.scn") {
		f, err := Parse(path, []byte(text))
		if err != nil {
			t.Error(err)
			continue
		}
		if got := string(Print(f)); got != text {
			t.Errorf("%s: printed otherwise\n%s", path, firstDifference(text, got))
		}
		for _, e := range Lint(f) {
			t.Errorf("lint: %v", &e)
		}
	}
}

func TestTheTwelveHardCasesParse(t *testing.T) {
	if n := len(files(t, "testdata/hard/*.scn")); n != 12 {
		t.Errorf("%d hard cases, not 12", n)
	}
}

func TestSpacingIsBroughtIntoCanonicalForm(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", ""},
		{"\n", "\n"},
		{"port P", "port P\n"},
		{"  \t \r\nport\t P \r\n", "\nport P\n"},
		{"# a  \n#b", "# a\n#b\n"},
		{"rules  ACC-4\tACC-1#x", "rules ACC-4 ACC-1 #x\n"},
		{"axes fill={ close=keep\nchoices a/+=", "axes fill={ close=keep\nchoices a/+=\n"},
		{"port    P concurrency = 2   # two", "port P concurrency=2 # two\n"},
		{"par{#o\nport P#p\n}#x", "par { #o\n  port P #p\n} #x\n"},
		{"session s\nrecv r on s len=0x00a->pending|done 0004", "session s\nrecv r on s len=0xA -> pending | done 4\n"},
		{"session s\nrecv r on s len=1\nwait P as p max=2 1000ms->{ r:ok 1..1|aborted }if=r.ok", "session s\nrecv r on s len=1\nwait P 1s max=2 as p -> {r: ok 1 | aborted} if=r.ok\n"},
		{"session s\npeer c sends 4&", "session s\npeer c sends 4 &\n"},
		{"port P\n@ w wait P&", "port P\n@w wait P &\n"},
		{"port P\nwait P 0ms", "port P\nwait P 0s\n"},
		{"port P\nwait P 1000us", "port P\nwait P 1ms\n"},
		{"session s\npeer c reads 1..1", "session s\npeer c reads 1\n"},
		{"session s\npeer g [ 4 ] connects L", "session s\npeer g[4] connects L\n"},
	}
	for _, tt := range tests {
		got, err := Format("f", []byte(tt.in))
		if err != nil {
			t.Errorf("%q: %v", tt.in, err)
			continue
		}
		if string(got) != tt.want {
			t.Errorf("%q\n got %q\nwant %q", tt.in, got, tt.want)
		}
		again, err := Format("f", got)
		if err != nil || string(again) != string(got) {
			t.Errorf("%q printed as %q, then %q, %v", tt.in, got, again, err)
		}
	}
}

func TestFragmentsOfTheDesignParseWithoutIndentation(t *testing.T) {
	for path, text := range files(t, "testdata/hard/*.scn") {
		flat := strings.ReplaceAll(strings.ReplaceAll(text, "\n  ", "\n"), "\n  ", "\n")
		flat = strings.NewReplacer("{r", "{ r", "4}", "4 }").Replace(flat)
		got, err := Format(path, []byte(flat))
		if err != nil || string(got) != text {
			t.Errorf("%s: %v\n%s", path, err, got)
		}
	}
}

func files(t testing.TB, pattern string) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("no file matches %s (%v)", pattern, err)
	}
	texts := map[string]string{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[path] = string(text)
	}
	return texts
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return "want " + w[i] + "\ngot  " + g[i]
		}
	}
	return "one is longer"
}
