package conformance

import (
	"context"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/spec"
)

// A failure file is the scenario of a case with four headers more: the target that it failed on, the axes that the target declares, the
// seed that the schedule was drawn from, and every choice of the run. It is all that Replay needs to make the same run again.

var choiceText = base32.StdEncoding.WithPadding(base32.NoPadding)

// EncodeChoices writes choices as a word: how many there are, then each up to the last that is not 0, as varints in base32.
func EncodeChoices(picks []uint32) string {
	b := binary.AppendUvarint(nil, uint64(len(picks)))
	for len(picks) > 0 && picks[len(picks)-1] == 0 {
		picks = picks[:len(picks)-1]
	}
	for _, p := range picks {
		b = binary.AppendUvarint(b, uint64(p))
	}
	return choiceText.EncodeToString(b)
}

// maxChoices bounds what a file may claim; a run of the suite takes a few thousand.
const maxChoices = 1 << 24

// DecodeChoices reads what EncodeChoices wrote.
func DecodeChoices(word string) ([]uint32, error) {
	b, err := choiceText.DecodeString(strings.ToUpper(word))
	if err != nil {
		return nil, errors.New("choices are not base32")
	}
	n, k := binary.Uvarint(b)
	if k <= 0 || n > maxChoices {
		return nil, errors.New("choices do not begin with their number")
	}
	b = b[k:]
	picks := make([]uint32, 0, n)
	for len(b) > 0 {
		v, k := binary.Uvarint(b)
		if k <= 0 || v > 1<<32-1 || len(picks) == int(n) {
			return nil, errors.New("choices are cut or damaged")
		}
		picks = append(picks, uint32(v))
		b = b[k:]
	}
	return append(picks, make([]uint32, int(n)-len(picks))...), nil
}

// FailureFile returns the scenario of the case with what is needed to run it again as it went on the target of that name.
func (c *CaseResult) FailureFile(about *spec.About, target string) []byte {
	src := scenario.Print(c.Case.File)
	f, err := scenario.Parse(c.Case.File.Name, src) // a copy to be changed
	if err != nil {
		return src
	}
	f.SetHeader("target", target)
	var axes []string
	for _, x := range spec.AxisList {
		if v, declared := about.Axes[x.Name]; declared {
			axes = append(axes, x.Name+"="+v)
		}
	}
	f.SetHeader("axes", axes...)
	f.SetHeader("seed")
	f.SetHeader("choices")
	if about.World == "sim" {
		if s := c.Schedule.Strategy; s == "uniform" || s == "lazy" || s == "pct" {
			f.SetHeader("seed", strconv.FormatUint(c.Schedule.Seed, 10))
		}
		f.SetHeader("choices", EncodeChoices(c.Picks))
	}
	return scenario.Print(f)
}

// FileName is the name under which a failure on the target is kept.
func (c *CaseResult) FileName(target string) string {
	return strings.ReplaceAll(target+"-"+c.Case.Name, "/", "-") + ".scn"
}

// ErrOtherRun says that recorded choices belong to another program or another version of the target.
var ErrOtherRun = errors.New("the recorded choices do not fit: the scenario or the target is not the one that they were recorded with")

// Replay runs a case again on the target with these bugs planted, if any: see Player.Replay.
func Replay(ctx context.Context, target *spec.Target, c *Case, s spec.Schedule, repeat int, bugs ...string) (*CaseResult, error) {
	return NewPlayer(target, "", bugs).Replay(ctx, c, s, repeat)
}

// Replay runs a case again: with the recorded choices where its file has some, else as the schedule says, up to repeat times, until a run does not
// pass, or fails as Until says. The result has the trace of the last run, whatever came of it. Where recorded choices do not fit the run, the
// error is ErrOtherRun, and the result shows what happened instead.
func (r *Player) Replay(ctx context.Context, c *Case, s spec.Schedule, repeat int) (*CaseResult, error) {
	about := &r.target.About
	if reason, ok := c.applies(about); !ok {
		return &CaseResult{Case: c, Verdict: Skip, Reason: reason}, nil
	}
	recorded := c.File.Choices()
	if recorded != "" {
		picks, err := DecodeChoices(recorded)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.place("choices"), err)
		}
		if about.World != "sim" {
			return nil, fmt.Errorf("%s: %s has no choices that could be replayed", c.place("choices"), about.Name)
		}
		s, repeat = spec.Schedule{Strategy: "replay", Picks: picks}, 1
	}
	if about.World != "sim" {
		s = spec.Schedule{}
	}
	if was := r.Overlook; r.Until != "" {
		r.Overlook = func(v *spec.Violation) bool {
			return v.Rule.Binds == spec.Guarantee && v.Rule.ID != r.Until || was != nil && was(v)
		}
		defer func() { r.Overlook = was }()
	}
	var last *CaseResult
	for n := 0; n < max(repeat, 1) && ctx.Err() == nil; n++ {
		if n > 0 && s.Strategy != "" {
			s = spec.Schedule{Strategy: [...]string{"uniform", "lazy"}[n%2], Seed: s.Seed + 1}
		}
		a := r.Play(c, s)
		res := a.Result(c)
		res.Runs, res.before = n+1, n
		if last != nil {
			for i, had := range last.counts {
				res.counts[i].Add(had)
			}
		}
		last = res
		if recorded != "" && !slices.Equal(res.Picks, s.Picks) {
			return res, ErrOtherRun
		}
		if res.Verdict != Pass && (r.Until == "" || res.Signature == r.Until) {
			break
		}
	}
	if last == nil {
		return nil, ctx.Err()
	}
	return last, nil
}

// place is where the header stands, as file:line:column.
func (c *Case) place(header string) string {
	for _, n := range c.File.Lines {
		if h, ok := n.(*scenario.Header); ok && h.Word == header {
			return fmt.Sprintf("%s:%d:%d", c.File.Name, h.Pos.Line, h.Pos.Col)
		}
	}
	return c.File.Name
}

// Page is what a failure is described on.
type Page struct {
	Width int // 0 is 100
	Ink   Ink
	Rows  int // of the picture; 0 is 40
}

// Describe tells why a case did not pass: the rules that were broken, the step of the script, what was seen and what was
// allowed, and a picture of how it came to that. Again is the command that runs the case again, "" where there is none.
func (c *CaseResult) Describe(target, again string, p Page) string {
	var b strings.Builder
	names := c.Names()
	word := strings.ToUpper(string(c.Verdict))
	if c.Verdict == Fail {
		word = p.Ink.Bad(word)
	} else {
		word = p.Ink.Warn(word)
	}
	fmt.Fprintf(&b, "%s  %s on %s\n", word, p.Ink.Bold(c.Case.Name), target)
	if title := c.Case.File.Title(); title != "" {
		field(&b, p, "proves", title)
	}
	accused := c.Accused()
	for i, v := range accused {
		if i == maxTold {
			field(&b, p, "", fmt.Sprintf("and %d more of the like", len(accused)-i))
			break
		}
		l := c.lineOf(v.Q, names)
		if i == 0 || accused[i-1].Rule != v.Rule || c.lineOf(accused[i-1].Q, names) != l {
			field(&b, p, "broken", p.Ink.Bad(v.Rule.ID)+" "+v.Rule.Text)
			if l > 0 {
				field(&b, p, "step", fmt.Sprintf("%s:%d: %s", c.Case.File.Name, l, c.lineText(l)))
			}
		}
		field(&b, p, "seen", fmt.Sprintf("at event %d: %s", v.Q, v.Said))
	}
	if len(accused) > 0 {
		if legend := names.Legend(accused[:min(len(accused), maxTold)]); legend != "" {
			field(&b, p, "where", legend)
		}
	} else if m := departed.FindStringSubmatch(c.Reason); m != nil {
		field(&b, p, "step", fmt.Sprintf("%s:%s: %s", c.Case.File.Name, m[1], m[2]))
		field(&b, p, "seen", m[3])
		field(&b, p, "allowed", m[4])
	} else if reason := c.Reason; reason != "" {
		head, rest, _ := strings.Cut(reason, "\n")
		field(&b, p, "because", head)
		lines := slices.DeleteFunc(strings.Split(rest, "\n"), func(l string) bool { return strings.TrimSpace(l) == "" })
		for i, l := range lines {
			if i == maxReason && len(lines) > maxReason+2 {
				fmt.Fprintf(&b, "            %s\n", p.Ink.Dim(fmt.Sprintf("and %d lines more; conform run --format jsonl has them all", len(lines)-i)))
				break
			}
			fmt.Fprintf(&b, "            %s\n", strings.ReplaceAll(l, "\t", "    "))
		}
	}
	for _, f := range c.Faults {
		for _, e := range f.Known[:min(len(f.Known), 1)] {
			field(&b, p, "known", fmt.Sprintf("%s (%s, %s): %s", f.What, e.Place(), e.Kind(), e.Reason()))
		}
	}
	if c.Trace != nil {
		b.WriteByte('\n')
		d := Drawing{Trace: c.Trace, Names: names, Width: p.Width, Indent: "  ", Rows: p.Rows, Ink: p.Ink}
		if d.Rows == 0 {
			d.Rows = 40
		}
		if len(accused) > 0 {
			d.Point = accused[:1]
		}
		d.Write(&b)
		b.WriteByte('\n')
	}
	switch c.Schedule.Strategy {
	case "uniform", "lazy", "pct":
		did := "passed"
		if slices.ContainsFunc(c.Faults, func(f Fault) bool { return f.Known != nil }) {
			did = "passed or failed as is known"
		}
		field(&b, p, "schedule", fmt.Sprintf("%s, seed %d, after %d that %s", c.Schedule.Strategy, c.Schedule.Seed, c.before, did))
	case "dull":
		field(&b, p, "schedule", "the dull one")
	}
	if again != "" {
		field(&b, p, "again", p.Ink.Bold(again))
	}
	return b.String()
}

// Accused lists the violations that matter, each once: of a case that failed the target's alone, and only those that are not known unless all are.
func (c *CaseResult) Accused() []spec.Violation {
	list := slices.DeleteFunc(slices.Clone(c.Violations), func(v spec.Violation) bool {
		return c.Verdict == Fail && v.Rule.Binds != spec.Guarantee || c.Verdict != Known && c.knownAs(v.Rule.ID) != nil
	})
	return slices.CompactFunc(list, func(a, b spec.Violation) bool { return a.Rule == b.Rule && a.Q == b.Q && a.Said == b.Said })
}

// departed is how a script says that it left its path: line, step, what it saw, what it allows.
var departed = regexp.MustCompile(`^line ([0-9]+): (.*): saw (.*); the script allows (.*)$`)

const (
	maxTold   = 3  // violations of one case that are told in full
	maxReason = 16 // lines of a reason, which may hold the stack of a panic
)

// field writes a line with a word in front, folded at the width of the page.
func field(b *strings.Builder, p Page, word, text string) {
	width := p.Width
	if width == 0 {
		width = 100
	}
	fmt.Fprintf(b, "  %-9s ", word)
	if word == "again" { // to be copied
		b.WriteString(text + "\n")
		return
	}
	for i, l := range Fold(text, max(30, width-12)) {
		if i > 0 {
			b.WriteString(strings.Repeat(" ", 14))
		}
		b.WriteString(l + "\n")
	}
}

// lineText is a line of the case's script.
func (c *CaseResult) lineText(n int) string {
	lines := strings.Split(string(scenario.Print(c.Case.File)), "\n")
	if n < 1 || n > len(lines) {
		return ""
	}
	return strings.TrimSpace(lines[n-1])
}

// Applies tells why the case is not for the target, if so.
func (c *Case) Applies(a *spec.About) (reason string, ok bool) { return c.applies(a) }

// Text is the case's scenario as it is written.
func (c *Case) Text() []byte { return scenario.Print(c.File) }
