package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"sort"
	"strings"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/spec"
)

// text writes for people: a block for each target, each failure in full, a closing line.
type text struct {
	w     io.Writer
	page  Page
	all   []*Run
	wrote bool
	err   error
}

// inFull bounds how many failures of one target are drawn, inBrief how many of the rest are named, with the command that draws them.
const (
	inFull  = 8
	inBrief = 24
)

func (t *text) printf(format string, args ...any) {
	if t.err == nil {
		_, t.err = fmt.Fprintf(t.w, format, args...)
	}
}

func (t *text) Absent(target, why string) error {
	t.printf("%s\n", t.page.Ink.Dim(target+" cannot run here: "+why))
	t.wrote = true
	return t.err
}

func (t *text) Target(r *Run) error {
	t.all = append(t.all, r)
	ink := t.page.Ink
	if t.wrote {
		t.printf("\n")
	}
	t.wrote = true
	t.printf("%s %s · %s · %s\n", ink.Bold(r.Target), r.About.Version, r.About.OS, worldWord(r.About.World))
	if r.Stopped {
		t.printf("  %s\n", ink.Warn("stopped before everything had run: a partial result"))
	}
	n := r.Count()
	t.printf("  %-6s %s · %.2f s\n", "cases", caseCounts(ink, n), r.Seconds)
	held := map[spec.Verdict]int{}
	for i := range r.Rules {
		if counted(&r.Rules[i]) {
			held[r.Rules[i].Verdict]++
		}
	}
	t.printf("  %-6s %s\n", "rules", ruleCounts(ink, held))
	t.skips(r)
	t.open(r)
	t.known(r)
	t.failures(r)
	return t.err
}

// counted reports whether a rule is one of the back end's. Those of the program are the suite's own to keep, and only
// mentioned when it did not.
func counted(x *conformance.RuleResult) bool {
	return x.Rule.Binds == spec.Guarantee || x.Verdict == spec.Broken || x.Verdict == spec.Known
}

func worldWord(w string) string {
	switch w {
	case "sim":
		return "simulated world"
	case "real":
		return "real world"
	}
	return w
}

var caseWords = []struct {
	verdict conformance.Verdict
	word    string
}{
	{conformance.Pass, "passed"}, {conformance.Fail, "failed"}, {conformance.Known, "known to fail"}, {conformance.Skip, "skipped"},
	{conformance.Diverged, "diverged"}, {conformance.Error, "could not be judged"},
}

func caseCounts(ink conformance.Ink, n map[conformance.Verdict]int) string {
	var parts []string
	for _, c := range caseWords {
		if n[c.verdict] == 0 {
			continue
		}
		s := fmt.Sprintf("%d %s", n[c.verdict], c.word)
		switch c.verdict {
		case conformance.Pass:
			s = ink.Good(s)
		case conformance.Fail:
			s = ink.Bad(s)
		case conformance.Diverged, conformance.Error:
			s = ink.Warn(s)
		}
		parts = append(parts, s)
	}
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, ", ")
}

func ruleCounts(ink conformance.Ink, n map[spec.Verdict]int) string {
	var parts []string
	for _, v := range []spec.Verdict{spec.Held, spec.Broken, spec.Known, spec.NotExercised, spec.Unknown, spec.Skipped} {
		if n[v] == 0 {
			continue
		}
		word := strings.ReplaceAll(v.String(), "-", " ")
		if v == spec.Known {
			word = "known to be broken"
		}
		s := fmt.Sprintf("%d %s", n[v], word)
		switch v {
		case spec.Held:
			s = ink.Good(s)
		case spec.Broken:
			s = ink.Bad(s)
		case spec.NotExercised, spec.Unknown:
			s = ink.Warn(s)
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, ", ")
}

// skips says why cases and rules were left out, the same reason once.
func (t *text) skips(r *Run) {
	reasons := map[string]int{}
	for i := range r.Cases {
		if c := &r.Cases[i]; c.Verdict == conformance.Skip {
			reasons[c.Reason]++
		}
	}
	var parts []string
	for why, n := range reasons {
		parts = append(parts, conformance.Counted(n, "case")+": "+why)
	}
	sort.Strings(parts)
	rules := map[string][]string{}
	for i := range r.Rules {
		if x := &r.Rules[i]; x.Verdict == spec.Skipped && counted(x) {
			rules[x.Reason] = append(rules[x.Reason], x.Rule.ID)
		}
	}
	var more []string
	for why, ids := range rules {
		more = append(more, brief(ids)+": "+why)
	}
	sort.Strings(more)
	t.list("skipped", append(append(parts, more...), absent(r)...))
}

// absent says which situations cannot come up of rules that judge the target, and why, the same reason once.
func absent(r *Run) (parts []string) {
	of := map[string][]string{}
	for i := range r.Rules {
		x := &r.Rules[i]
		if x.Verdict == spec.Skipped || !counted(x) {
			continue
		}
		here := map[string][]string{}
		for k, s := range x.Rule.Situations {
			if why, comes := x.Rule.Comes(s, &r.About); !comes && x.Count.Situations&(1<<k) == 0 {
				here[why] = append(here[why], s)
			}
		}
		for why, list := range here {
			of[why] = append(of[why], x.Rule.ID+" ("+strings.Join(list, "; ")+")")
		}
	}
	for _, why := range slices.Sorted(maps.Keys(of)) {
		parts = append(parts, strings.Join(of[why], ", ")+": "+why)
	}
	return parts
}

// open lists the rules that were not exercised in all their situations, with those that are missing. Where only some of the
// cases ran it lists those that they are about.
func (t *text) open(r *Run) {
	about := map[string]bool{}
	for i := range r.Cases {
		for _, id := range r.Cases[i].Case.File.Rules() {
			about[id] = true
		}
	}
	var parts, unseen []string
	for i := range r.Rules {
		x := &r.Rules[i]
		if x.Verdict != spec.NotExercised && x.Verdict != spec.Unknown || !counted(x) || r.partial() && !about[x.Rule.ID] {
			continue
		}
		switch missing := x.Count.Missing(x.Rule, &r.About); {
		case x.Verdict == spec.Unknown:
			parts = append(parts, x.Rule.ID+" unknown: the traces do not tell")
		case len(missing) == 0 || x.Count.Checks == 0 && len(x.Rule.Where) < len(x.Rule.Situations):
			unseen = append(unseen, x.Rule.ID)
		default: // with what it takes: who has it not may have forgotten to say so
			parts = append(parts, x.Rule.ID+" not seen: "+strings.Join(x.Rule.WithWhere(missing), "; "))
		}
	}
	if len(unseen) > 0 {
		parts = append(parts, "never came up: "+brief(unseen))
	}
	t.list("open", parts)
}

// list writes parts under a word, folded at the page's width.
func (t *text) list(word string, parts []string) {
	for i, p := range parts {
		if i > 0 {
			word = ""
		}
		lines := conformance.Fold(p, t.width()-12)
		t.printf("  %-8s %s\n", word, t.page.Ink.Dim(lines[0]))
		for _, l := range lines[1:] {
			t.printf("  %-8s   %s\n", "", t.page.Ink.Dim(l))
		}
	}
}

func (t *text) width() int {
	if t.page.Width == 0 {
		return 100
	}
	return t.page.Width
}

// failures describes what did not pass: in full one case of each rule first, the one with the shortest trace, then others as long as there are
// not too many.
func (t *text) failures(r *Run) {
	var bad []*conformance.CaseResult
	for i := range r.Cases {
		switch c := &r.Cases[i]; c.Verdict {
		case conformance.Fail, conformance.Diverged, conformance.Error:
			bad = append(bad, c)
		}
	}
	slices.SortStableFunc(bad, func(a, b *conformance.CaseResult) int { return length(a) - length(b) })
	told := map[string]bool{}
	var first, rest []*conformance.CaseResult
	for _, c := range bad {
		key := string(c.Verdict)
		if accused := c.Accused(); len(accused) > 0 {
			key += accused[0].Rule.ID
		} else {
			why, _, _ := strings.Cut(c.Reason, " ") // deadlock, livelock, line
			key += why
		}
		if told[key] || len(first) == inFull {
			rest = append(rest, c)
			continue
		}
		told[key] = true
		first = append(first, c)
	}
	for len(rest) > 0 && len(first) < inFull {
		first, rest = append(first, rest[0]), rest[1:]
	}
	for _, c := range first {
		t.printf("\n%s", c.Describe(r.Target, r.Again[c.Case.Name], t.page))
	}
	if len(rest) == 0 {
		return
	}
	t.printf("\n%s\n", conformance.Counted(len(rest), "more case")+" of "+r.Target+" that did not pass")
	for i, c := range rest {
		if i == inBrief {
			t.printf("  and %d more; --format jsonl lists them all\n", len(rest)-i)
			return
		}
		what := string(c.Verdict)
		if accused := c.Accused(); len(accused) > 0 {
			ids := []string{}
			for _, v := range accused {
				if !slices.Contains(ids, v.Rule.ID) {
					ids = append(ids, v.Rule.ID)
				}
			}
			what += " " + strings.Join(ids, ", ")
		}
		t.printf("  %-50s %s\n", c.Case.Name, what)
		if again := r.Again[c.Case.Name]; again != "" {
			t.printf("      %s\n", t.page.Ink.Dim(again))
		}
	}
}

func length(c *conformance.CaseResult) int {
	if c.Trace == nil {
		return 0
	}
	return len(c.Trace.Events)
}

// Close writes the line that sums everything up.
func (t *text) Close() error {
	if len(t.all) == 0 {
		return t.err
	}
	ink := t.page.Ink
	n := map[conformance.Verdict]int{}
	names := map[string]bool{}
	held, broken, known, wrong := map[string]bool{}, map[string]bool{}, map[string]bool{}, 0
	yes := map[string][]string{} // by profile
	var order, no []string
	stopped, all := false, true
	for _, r := range t.all {
		for v, k := range r.Count() {
			n[v] += k
		}
		for i := range r.Cases {
			names[r.Cases[i].Case.Name] = true
		}
		for i := range r.Rules {
			switch x := &r.Rules[i]; {
			case !counted(x):
			case x.Verdict == spec.Held:
				held[x.Rule.ID] = true
			case x.Verdict == spec.Broken:
				broken[x.Rule.ID] = true
			case x.Verdict == spec.Known:
				known[x.Rule.ID] = true
			}
		}
		wrong += len(r.Wrong())
		stopped, all = stopped || r.Stopped, all && !r.partial()
		if ok, _ := r.conforms(); ok {
			if yes[r.Profile] == nil {
				order = append(order, r.Profile)
			}
			yes[r.Profile] = append(yes[r.Profile], r.Target)
		} else if why := r.why(); why != "" {
			no = append(no, why)
		}
	}
	for id := range broken {
		delete(held, id)
		delete(known, id)
	}
	for id := range known {
		delete(held, id)
	}
	line := fmt.Sprintf("%s, %s: %s; %s held", conformance.Counted(len(t.all), "target"), conformance.Counted(len(names), "case"), caseCounts(conformance.Ink{}, n), conformance.Counted(len(held), "rule"))
	if len(broken) > 0 {
		line += fmt.Sprintf(", %d broken", len(broken))
	}
	if len(known) > 0 {
		line += fmt.Sprintf(", %d known to be broken", len(known))
	}
	for _, p := range order {
		verb := " conform to "
		if len(yes[p]) == 1 {
			verb = " conforms to "
		}
		line += "; " + and(yes[p]) + verb + p
	}
	if len(no) > 0 {
		line += "; " + strings.Join(no, "; ")
	}
	if wrong > 0 {
		line += fmt.Sprintf("; %s of known failures to be changed", Entries(wrong))
	}
	if !all && len(no) == 0 && len(yes) == 0 {
		line += fmt.Sprintf("; for a verdict on the whole run all %d cases", t.all[0].All)
	}
	if stopped {
		line = "stopped, a partial result: " + line
	}
	t.printf("\n")
	for _, l := range conformance.Fold(line, t.width()) {
		t.printf("%s\n", ink.Bold(l))
	}
	return t.err
}

// partial reports whether some cases did not run.
func (r *Run) partial() bool { return r.Stopped || len(r.Cases) < r.All }

// why says what keeps the target from conforming, "" where it is only that not all cases ran.
func (r *Run) why() string {
	var broken, unseen []string
	for i := range r.Rules {
		x := &r.Rules[i]
		switch {
		case x.Rule.Binds != spec.Guarantee:
		case x.Verdict == spec.Broken:
			broken = append(broken, x.Rule.ID)
		case x.Verdict != spec.Held && x.Verdict != spec.Skipped && x.Rule.Level <= spec.SHOULD && conformance.InProfile(x.Rule, r.Profile):
			unseen = append(unseen, x.Rule.ID)
		}
	}
	n := r.Count()
	switch {
	case len(broken) > 0:
		return r.Target + " breaks " + brief(broken)
	case n[conformance.Error] > 0:
		return r.Target + ": " + conformance.Counted(n[conformance.Error], "case") + " could not be judged"
	case n[conformance.Known] > 0 && n[conformance.Fail]+n[conformance.Diverged] == 0:
		return fmt.Sprintf("%s has no unknown failures; %d known", r.Target, n[conformance.Known])
	case n[conformance.Pass] > 0 && !r.Exercised():
		return r.Target + ": no rule of " + r.Profile + " was exercised"
	case r.partial():
		return ""
	case len(unseen) > 0:
		return r.Target + " is not shown to conform: " + brief(unseen) + " not seen in full"
	}
	_, why := r.conforms()
	return r.Target + " is not shown to conform: " + why
}

func and(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
