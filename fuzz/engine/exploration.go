package engine

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/spec"
)

// ExploreFormats lists the forms in which an exploration is reported.
var ExploreFormats = []string{"text", "jsonl"}

// Kept is where what an exploration found was saved, and the command that runs it again, by what was found.
type Kept struct{ File, Again string }

// Verdict sums the exploration up in one sentence.
func (x *Exploration) Verdict() string {
	unit := string(x.Bound)
	reached := fmt.Sprintf("complete: %s, %s ≤ %d", conformance.Counted(x.Schedules, "schedule"), unit, x.Reached)
	switch {
	case x.Complete:
		return reached
	case x.Reached >= 0:
		return fmt.Sprintf("not complete for %s ≤ %d: %s (%s); %s", unit, x.Max, x.Why, conformance.Counted(x.Runs, "run"), reached)
	}
	return fmt.Sprintf("not complete: %s (%s)", x.Why, conformance.Counted(x.Runs, "run"))
}

// Broken reports whether the target did something wrong: broke a rule, hung or crashed.
func (x *Exploration) Broken() bool {
	return slices.ContainsFunc(x.Found, func(f Found) bool { return f.Broken() })
}

// Broken reports whether it is the target's fault.
func (f *Found) Broken() bool {
	return f.Result.Verdict == conformance.Fail || f.What == hangs || f.What == "crash"
}

// Write reports the exploration.
func (x *Exploration) Write(w io.Writer, format, target string, kept map[string]Kept, p conformance.Page) error {
	switch format {
	case "text":
		return x.text(w, target, kept, p)
	case "jsonl":
		return x.jsonl(w, target, kept)
	}
	return fmt.Errorf("unknown format %q; there are %s", format, strings.Join(ExploreFormats, " and "))
}

// told is how many of what was found is described in full.
const told = 3

func (x *Exploration) text(w io.Writer, target string, kept map[string]Kept, p conformance.Page) error {
	var b strings.Builder
	for i := range x.Found {
		f := &x.Found[i]
		if i >= told {
			fmt.Fprintf(&b, "%s  %s on %s; %s\n", p.Ink.Bad(f.What), p.Ink.Bold(x.Case.Name), target, kept[f.What].Again)
			continue
		}
		b.WriteString(f.Result.Describe(target, kept[f.What].Again, p))
		fmt.Fprintf(&b, "  %-9s %s\n\n", "found by", f.by(x.Bound))
	}
	for i := range x.Seen {
		s := &x.Seen[i]
		if s.Rule.Level != spec.MAY {
			continue
		}
		fmt.Fprintf(&b, "%s  %s\n", p.Ink.Bold(s.Rule.ID), s.Rule.Text)
		fmt.Fprintf(&b, "  as here, where %s; of the schedules with the fewest %s (%d) the shortest:\n\n", s.Situation, x.Bound, s.Cost)
		d := conformance.Drawing{Trace: s.Result.Trace, Names: s.Result.Names(), Whole: true, Width: p.Width, Indent: "  ", Ink: p.Ink}
		d.Write(&b)
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "%s on %s\n", p.Ink.Bold(x.Case.Name), target)
	line := func(word, text string) {
		for i, l := range conformance.Fold(text, max(30, p.Width-12)) {
			if i > 0 {
				word = ""
			}
			fmt.Fprintf(&b, "  %-9s %s\n", word, l)
		}
	}
	if p.Width == 0 {
		p.Width = 100
	}
	verdict := x.Verdict()
	if x.Complete {
		verdict = p.Ink.Good(verdict)
	} else {
		verdict = p.Ink.Warn(verdict)
	}
	fmt.Fprintf(&b, "  %-9s %s\n", "search", verdict)
	if x.Reduce {
		line("runs", fmt.Sprintf("%d, of which %s cut at a state that had been met; %s judged, and %d ended as another one had; %s not begun, since others lead to the same",
			x.Runs, were(x.Cut), were(x.Judged), x.Ended-x.Judged, were(x.LeftOut)))
	} else {
		line("runs", fmt.Sprintf("%d; %s judged, and %d ended as another one had", x.Runs, were(x.Judged), x.Ended-x.Judged))
	}
	if x.Searched > 0 && x.Reached >= 0 && x.Complete {
		line("speed", fmt.Sprintf("%.2f s; in %.2f s of processor time %.0f schedules/s settled, by %.0f runs/s, of which %.0f judged", x.Searched, x.worked(),
			x.PerSecond(), float64(x.Runs)/x.worked(), float64(x.Judged)/x.worked()))
	}
	if len(x.Random) > 0 {
		var parts []string
		for _, d := range x.Random {
			parts = append(parts, fmt.Sprintf("%s %d, %s", d.Strategy, d.Schedules, badOf(d.Bad)))
		}
		line("random", strings.Join(parts, "; "))
	}
	var seen []string
	for _, s := range x.Seen {
		seen = append(seen, fmt.Sprintf("%s %s (%d)", s.Rule.ID, s.Situation, s.Cost))
	}
	if len(seen) > 0 {
		line("seen", strings.Join(seen, "; "))
	}
	if len(x.Found) == 0 {
		line("found", "nothing")
	} else {
		var list []string
		for i := range x.Found {
			list = append(list, x.Found[i].What)
		}
		line("found", strings.Join(list, "; "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// were is that there were so many.
func were(n int) string { return fmt.Sprint(n, " ", conformance.Noun(n, "was")) }

func badOf(n int) string {
	if n == 0 {
		return "none bad"
	}
	return fmt.Sprintf("%d bad", n)
}

// by tells who found it.
func (f *Found) by(bound Bound) string {
	if f.Cost < 0 {
		return fmt.Sprintf("%s, seed %d; bad in %s", f.Strategy, f.Seed, conformance.Counted(f.Runs, "run"))
	}
	return fmt.Sprintf("the search, with %s; bad in %s", conformance.Counted(f.Cost, strings.TrimSuffix(string(bound), "s")), conformance.Counted(f.Runs, "run"))
}

// PerSecond is how many schedules the search settled in a second of processor time, or of time where the system does not tell: those that were run
// and judged, and those that have the verdict of one that was, because they end in the same state. Those of a smaller bound are part
// of the next one and count once.
func (x *Exploration) PerSecond() float64 {
	if x.Searched == 0 {
		return 0
	}
	return float64(x.Schedules) / x.worked()
}

// worked is the time that the search took.
func (x *Exploration) worked() float64 {
	if x.CPU > 0 {
		return x.CPU
	}
	return x.Searched
}

type foundLine struct {
	Type     string   `json:"type"`
	Scenario string   `json:"scenario"`
	Target   string   `json:"target"`
	What     string   `json:"what"`
	Verdict  string   `json:"verdict"`
	Rules    []string `json:"rules"`
	Said     string   `json:"said"`
	Strategy string   `json:"strategy"`
	Seed     *uint64  `json:"seed,omitempty"` // of a random strategy
	Cost     *int     `json:"cost,omitempty"` // of a schedule of the search
	Runs     int      `json:"runs"`
	Picks    []uint32 `json:"picks"`
	Choices  string   `json:"choices"` // the same, as failure files have it
	File     string   `json:"file,omitempty"`
	Again    string   `json:"again,omitempty"`
}

type seenLine struct {
	Type      string `json:"type"`
	Scenario  string `json:"scenario"`
	Target    string `json:"target"`
	Rule      string `json:"rule"`
	Situation string `json:"situation"`
	Cost      int    `json:"cost"`
	Choices   string `json:"choices"`
}

type drawnPart struct {
	Strategy  string `json:"strategy"`
	Schedules int    `json:"schedules"`
	Bad       int    `json:"bad"`
}

type exploreLine struct {
	Type       string      `json:"type"`
	Scenario   string      `json:"scenario"`
	Target     string      `json:"target"`
	Bound      string      `json:"bound"`
	Max        int         `json:"max"`
	Schedules  uint64      `json:"schedules"`
	Complete   bool        `json:"complete"`
	Reached    int         `json:"reached"`
	Why        string      `json:"why,omitempty"`
	Runs       int         `json:"runs"`
	Cut        int         `json:"cut"`
	Judged     int         `json:"judged"`
	LeftOut    int         `json:"left_out"`
	Distinct   int         `json:"distinct"`
	Reduced    bool        `json:"reduced"`
	Random     []drawnPart `json:"random"`
	Violations []string    `json:"violations"`
	Seconds    float64     `json:"seconds"`
	Searched   float64     `json:"search_seconds"`
	CPU        float64     `json:"search_cpu_seconds"`
	PerSecond  float64     `json:"schedules_per_second"`
}

func (x *Exploration) jsonl(w io.Writer, target string, kept map[string]Kept) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	close := exploreLine{
		Type: "explore", Scenario: x.Case.Name, Target: target, Bound: string(x.Bound), Max: x.Max, Schedules: x.Schedules, Complete: x.Complete, Reached: x.Reached,
		Why: x.Why, Runs: x.Runs, Cut: x.Cut, Judged: x.Judged, LeftOut: x.LeftOut, Distinct: x.Distinct, Reduced: x.Reduce, Random: []drawnPart{}, Violations: []string{},
		Seconds: x.Seconds, Searched: x.Searched, CPU: x.CPU, PerSecond: x.PerSecond(),
	}
	for _, d := range x.Random {
		close.Random = append(close.Random, drawnPart(d))
	}
	for i := range x.Found {
		f := &x.Found[i]
		close.Violations = append(close.Violations, f.What)
		l := foundLine{
			Type: "violation", Scenario: x.Case.Name, Target: target, What: f.What, Verdict: string(f.Result.Verdict), Rules: []string{}, Said: f.Result.Reason,
			Strategy: f.Strategy, Runs: f.Runs, Picks: f.Result.Picks, Choices: conformance.EncodeChoices(f.Result.Picks), File: kept[f.What].File, Again: kept[f.What].Again,
		}
		if f.Cost < 0 {
			l.Seed = &f.Seed
		} else {
			l.Cost = &f.Cost
		}
		for _, v := range f.Result.Accused() {
			if !slices.Contains(l.Rules, v.Rule.ID) {
				l.Rules = append(l.Rules, v.Rule.ID)
			}
			if l.Said == "" {
				l.Said = v.Said
			}
		}
		if err := enc.Encode(l); err != nil {
			return err
		}
	}
	for i := range x.Seen {
		s := &x.Seen[i]
		l := seenLine{"situation", x.Case.Name, target, s.Rule.ID, s.Situation, s.Cost, conformance.EncodeChoices(s.Result.Picks)}
		if err := enc.Encode(l); err != nil {
			return err
		}
	}
	return enc.Encode(close)
}
