package report

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/reference"
	"github.com/ioconform/ioconform/spec"
)

// linesOf runs some cases on a target, with bugs, and returns the JSON Lines of that with what was run.
func linesOf(t *testing.T, name string, globs []string, bugs []string, files ...string) (string, *Run) {
	t.Helper()
	target, err := reference.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	all, err := conformance.Cases()
	if err != nil {
		t.Fatal(err)
	}
	o := conformance.Options{Bugs: bugs}
	if o.Cases, err = conformance.Select(all, globs, nil); err != nil {
		t.Fatal(err)
	}
	for _, text := range files {
		f, err := conformance.ParseKnown("k.txt", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		o.Known = append(o.Known, f)
	}
	r, err := conformance.Run(context.Background(), target, o)
	if err != nil {
		t.Fatal(err)
	}
	run := &Run{Report: r, Target: strings.Join(append([]string{name}, bugs...), "/"), All: len(all)}
	var b strings.Builder
	w := newJSON(&b)
	if err := errors.Join(w.Target(run), w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String(), run
}

const lifoKnown = `target: model/lifo-fill

receive/several-pending RCV-2
  kind: broken
  harm: loses-data
  reason: Last in, <script>alert(1)</script> out.
  source: https://example.org/1?a=b&c
  source: javascript:alert(2)
`

func compare(t *testing.T, texts ...string) *Comparison {
	t.Helper()
	var c Comparison
	for i, text := range texts {
		if err := c.Read(fmt.Sprintf("%c.jsonl", 'a'+i), strings.NewReader(text)); err != nil {
			t.Fatal(err)
		}
	}
	return &c
}

// What is read back is what was found: the same counts, the same verdict.
func TestAComparisonHasWhatTheRunsHave(t *testing.T) {
	lifo, run := linesOf(t, "model", []string{"receive"}, []string{"lifo-fill"})
	epoll, _ := linesOf(t, "epoll-sim", []string{"receive", "key"}, nil)
	c := compare(t, lifo, epoll)
	if len(c.Targets) != 2 {
		t.Fatalf("%d targets", len(c.Targets))
	}
	want := Tally{}
	for i := range run.Rules {
		if !counted(&run.Rules[i]) {
			continue
		}
		switch run.Rules[i].Verdict {
		case spec.Held:
			want.Held++
		case spec.Broken:
			want.Broken++
		case spec.Skipped:
			want.Skipped++
		default:
			want.Open++
		}
	}
	x := c.Targets[0]
	if got := x.Tally(""); got != want || want.Broken == 0 || want.Held == 0 || want.Open == 0 {
		t.Errorf("%+v, want %+v", got, want)
	}
	var sum Tally
	for _, g := range c.Groups() {
		n := x.Tally(g.Name)
		sum = Tally{sum.Held + n.Held, sum.Broken + n.Broken, sum.Known + n.Known, sum.Open + n.Open, sum.Skipped + n.Skipped}
	}
	if sum != want {
		t.Errorf("all groups together have %+v, want %+v", sum, want)
	}
	if n := run.Count()[conformance.Fail]; x.Unknown() != n || n == 0 {
		t.Errorf("%d failures, want %d", x.Unknown(), n)
	}
	if x.Standing() != "bad" || !strings.HasPrefix(x.Verdict(), "breaks RCV-2") {
		t.Errorf("%s, %s", x.Standing(), x.Verdict())
	}
	if y := c.Targets[1]; y.Standing() != "open" || !strings.HasPrefix(y.Verdict(), "not shown to conform") {
		t.Errorf("part of the suite: %s, %s", y.Standing(), y.Verdict())
	}
	var axes []string
	for _, d := range c.Differences() {
		axes = append(axes, d.Axis)
	}
	if s := strings.Join(axes, " "); !strings.Contains(s, "progress") || strings.Contains(s, "fill") {
		t.Errorf("differences %s", s)
	}
	var b strings.Builder
	if err := c.Text(&b, Page{Width: 80}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"breaks RCV-2", "Declared differences, none of which is a violation", "waiters: epoll-sim", "receive/several-pending  RCV-2: operation"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing in\n%s", want, b.String())
		}
	}
	for _, l := range strings.Split(b.String(), "\n") {
		if len([]rune(l)) > 80 {
			t.Errorf("a line of %d columns: %s", len([]rune(l)), l)
		}
	}
}

// What is known is by its harm, and no violation.
func TestFindingsAreByHarm(t *testing.T) {
	text, _ := linesOf(t, "model", []string{"receive/several-pending"}, []string{"lifo-fill"}, lifoKnown)
	c := compare(t, text)
	h := c.Harms()
	if len(h) != 1 || h[0].Harm != "loses-data" || len(h[0].Findings) != 1 {
		t.Fatalf("%+v", h)
	}
	f := h[0].Findings[0]
	if f.Target != "model/lifo-fill" || f.Kind != "broken" || len(f.Where) != 1 || f.Where[0] != "receive/several-pending RCV-2" || len(f.Sources) != 2 || f.Seen != 1 {
		t.Errorf("%+v", f)
	}
	if c.Targets[0].Standing() != "known" || c.Targets[0].Unknown() != 0 || c.Targets[0].Tally("RCV").Known != 1 {
		t.Errorf("%s, %+v", c.Targets[0].Standing(), c.Targets[0].Tally("RCV"))
	}
}

// The page is one file that asks for nothing and runs nothing, whatever stands in the runs, and its tags are closed.
func TestThePageStandsAlone(t *testing.T) {
	a, _ := linesOf(t, "model", []string{"receive/several-pending"}, []string{"lifo-fill"}, lifoKnown)
	b, _ := linesOf(t, "model", []string{"receive"}, []string{"lifo-fill"})
	d, _ := linesOf(t, "poller-sim", []string{"ready"}, nil)
	c := compare(t, a, b, d)
	var page bytes.Buffer
	if err := c.HTML(&page); err != nil {
		t.Fatal(err)
	}
	text := page.String()
	for _, bad := range []string{"<script", "javascript:alert(2)\"", "<link", "<img", "<iframe", "@import", "url(", "src=", "ZgotmplZ"} {
		if strings.Contains(text, bad) {
			t.Errorf("it has %s", bad)
		}
	}
	for _, at := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(text, -1) {
		if !strings.HasPrefix(at[1], "#") && at[1] != "https://example.org/1?a=b&amp;c" {
			t.Errorf("a link to %s", at[1])
		}
		if id, is := strings.CutPrefix(at[1], "#"); is && !strings.Contains(text, `id="`+id+`"`) {
			t.Errorf("a link to %s, which is not there", id)
		}
	}
	for _, want := range []string{"model/lifo-fill (b.jsonl)", "breaks RCV-2", "Last in, &lt;script&gt;", "loses-data", "prefers-color-scheme: dark", "width=device-width", `style="flex-grow: `} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing", want)
		}
	}
	wellFormed(t, text)
}

func wellFormed(t *testing.T, text string) {
	t.Helper()
	text = strings.Replace(text, "<!doctype html>", "", 1)
	in := xml.NewDecoder(strings.NewReader(regexp.MustCompile(`<(meta [^>]*)>`).ReplaceAllString(text, "<$1/>")))
	for {
		_, err := in.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
	}
}

// A badge says the worst of what there is.
func TestBadges(t *testing.T) {
	line := func(target string, conforms bool, cases, rule string) string {
		s := ""
		if rule != "" {
			s = fmt.Sprintf(`{"type":"rule","target":%q,"rule":%q,"verdict":"broken","binds":"guarantee"}`+"\n", target, rule)
		}
		return s + fmt.Sprintf(`{"type":"summary","target":%q,"profile":"portable","conforms":%v,"cases":%s}`+"\n", target, conforms, cases)
	}
	good, fine := line("a<&", true, `{"pass":4}`, ""), line("b", true, `{"pass":4}`, "")
	for _, x := range []struct{ lines, says, standing string }{
		{good, "conforms to portable", "good"},
		{good + fine, "2 conform to portable", "good"},
		{good + line("c", false, `{"pass":4}`, ""), "not shown to conform", "open"},
		{line("c", false, `{"known":1}`, ""), "1 known failure, none new", "known"},
		{line("c", false, `{"known":1,"diverged":1}`, ""), "not shown to conform", "open"},
		{line("c", false, `{"fail":1}`, ""), "failures", "bad"},
		{good + line("c", false, `{"fail":1}`, "RCV-2") + line("d", false, `{"fail":2}`, "RCV-2"), "1 rule broken", "bad"},
		{line("c", false, `{"fail":1}`, "RCV-2") + line("d", false, `{"fail":2}`, "NEW-9"), "2 rules broken", "bad"},
		{`{"type":"absent","target":"uring","reason":"no"}`, "nothing ran", "open"},
	} {
		c := compare(t, x.lines)
		if says, standing := c.standing(); says != x.says || standing != x.standing {
			t.Errorf("%s\nis %q, %s", x.lines, says, standing)
		}
		var b strings.Builder
		if err := c.Badge(&b); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), ">"+x.says+"</text>") || strings.Contains(b.String(), "ZgotmplZ") {
			t.Errorf("%s", b.String())
		}
		wellFormed(t, b.String())
	}
}

// A file that is not a run, or not a whole one, is an error that says where.
func TestWhatIsNoRun(t *testing.T) {
	for text, want := range map[string]string{
		"":                                       "x.jsonl: there is no run in it",
		"\n\n{\"type\":\"exam\"}\n":              "there is no run in it",
		"hello\n":                                "x.jsonl:1: not a line of conform run --format jsonl: invalid character",
		"\n{}\n":                                 `x.jsonl:2: not a line of conform run --format jsonl: an object without "type"`,
		`{"type":"rule","target":"a"}`:           "the run of a has no summary line",
		`{"type":"rule","target":"a"`:            "x.jsonl:1: ",
		`{"type":"case","target":"a","rules":7}`: "x.jsonl:1: ",
	} {
		var c Comparison
		if err := c.Read("x.jsonl", strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v; want %q", text, err, want)
		}
	}
}

// The summary tells what the target declares.
func TestTheSummaryHasWhatIsDeclared(t *testing.T) {
	text, run := linesOf(t, "epoll-sim", []string{"key"}, nil)
	lines := strings.Split(strings.TrimSpace(text), "\n")
	var s summaryLine
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &s); err != nil {
		t.Fatal(err)
	}
	if len(s.Capabilities) != len(run.About.Capabilities) || s.Axes.Get("progress") != "waiters" || s.All != run.All {
		t.Errorf("%+v", s)
	}
}
