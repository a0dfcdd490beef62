package scenario

import (
	"reflect"
	"strings"
	"testing"
)

func TestHeadersAreReadFromTheTree(t *testing.T) {
	text := files(t, "testdata/good/every-verb.scn")["testdata/good/every-verb.scn"]
	f, err := Parse("x", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if got := f.Title(); got != "ACC-4: every verb of the language once, whatever sense it makes." {
		t.Errorf("title %q", got)
	}
	seed, ok := f.Seed()
	got := []any{f.RuleInTitle(), f.Rules(), f.Needs(), f.World(), f.Axes(), f.Choices(), f.Target(), seed, ok}
	want := []any{"ACC-4", []string{"ACC-4", "ACC-1"}, []string{"accept", "cancel"}, "sim", []Axis{{"fill", "fifo"}, {"close", "abort"}}, "3QK7MZ0A", "epoll-sim", uint64(0xBEEF), true}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("headers\n got %v\nwant %v", got, want)
	}
}

func TestSetHeaderKeepsTheTitleFirst(t *testing.T) {
	tests := []struct{ in, want string }{
		{"# T: x\nrules ACC-1\n\nport P\n", "# T: x\nrules ACC-1\nchoices ABC\n\nport P\n"},
		{"# T: x\nchoices OLD # why\nworld sim\nport P\n", "# T: x\nchoices ABC\nworld sim\nport P\n"},
		{"# T: x\nport P\n", "# T: x\nchoices ABC\nport P\n"},
		{"port P\n# y\n", "choices ABC\nport P\n# y\n"},
		{"", "choices ABC\n"},
	}
	for _, tt := range tests {
		f, err := Parse("x", []byte(tt.in))
		if err != nil {
			t.Fatal(err)
		}
		f.SetHeader("choices", "ABC")
		if got := string(Print(f)); got != tt.want {
			t.Errorf("%q\n got %q\nwant %q", tt.in, got, tt.want)
		}
		f.SetHeader("choices")
		if strings.Contains(string(Print(f)), "choices") {
			t.Errorf("%q: not removed", tt.in)
		}
	}
}

func TestTreesBuiltByHandPrint(t *testing.T) {
	f := &File{Lines: []Node{
		&Line{Action: &SessionLine{Name: "s"}},
		&Block{Kind: Par, Lines: []Node{
			&Line{Thread: "t1", Action: &StartLine{Verb: "recv", Name: "r", On: "s", Opts: Opts{{"len", Value{Num: Num{N: 3, Form: Kilo}}}}}},
		}},
		&Line{Action: &WaitLine{Port: "P"}, Result: &Result{Kind: One, Packets: []Packet{{"r", Outcome{{Status: "ok", Bytes: &Range{Num{N: 1}, Num{N: 3}}}}}}}},
	}}
	want := "session s\npar {\n  @t1 recv r on s len=3\n}\nwait P -> r: ok 1..3\n"
	if got := string(Print(f)); got != want {
		t.Errorf("got %q", got)
	}
	if got := f.Lines[2].(*Line).String(); got != "wait P -> r: ok 1..3" {
		t.Errorf("line %q", got)
	}
}
