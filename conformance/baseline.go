package conformance

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ioconform/ioconform/conformance/known"
)

// Change is what Baseline has done to a file of known failures.
type Change struct {
	New     []*known.Entry
	Kept    []*known.Entry
	Dropped []*KnownResult // stale or unmatched
}

// Baseline brings a file of known failures up to date with a run that was made with it and with KeepOn, or begins one where old is nil: entries that
// are stale or unmatched go, everything that is not known gets an entry of its own, all others stay as they are. What it adds is todo,
// or racy where not every repetition showed it; the reason and the source are left to be written, and until they are Parse refuses
// the file. Old is changed.
func Baseline(name, target string, old *known.File, r *Report) (*known.File, Change) {
	var did Change
	f := old
	if f == nil {
		f = &known.File{Name: name, Head: []known.Line{{Word: "target", Value: target, Before: []string{
			"# What " + target + " is known to get wrong. conform run --known takes this file once every reason and source is written.",
		}}}}
		if system, _, _ := strings.Cut(r.About.OS, " "); r.About.World == "real" && system != "" {
			f.Head = append(f.Head, known.Line{Word: "os", Value: system})
		}
	}
	did.Dropped = r.Wrong()
	drop(f, did.Dropped)
	did.Kept = slices.Clone(f.Entries)
	for i := range r.Cases {
		c := &r.Cases[i]
		for _, x := range c.Faults {
			if len(x.Known) > 0 {
				continue
			}
			e := &known.Entry{
				Before: []string{"", "# seen " + often(x.Rounds, c.Rounds) + ": " + plainLine(x.Said)}, Pattern: c.Case.Name, Fault: x.What, File: f,
				Fields: []known.Line{{Word: "kind", Value: string(known.Todo)}, {Word: "reason", Value: known.ReasonToWrite}, {Word: "source", Value: known.SourceToWrite}},
			}
			if x.Rounds < c.Rounds {
				e.Fields[0].Value = string(known.Racy)
			}
			did.New = append(did.New, e)
			at := slices.IndexFunc(f.Entries, func(o *known.Entry) bool { return after(o, e) })
			if at < 0 {
				at = len(f.Entries)
			}
			f.Entries = slices.Insert(f.Entries, at, e)
		}
	}
	return f, did
}

// after orders entries by case and by what fails.
func after(a, b *known.Entry) bool {
	if a.Pattern != b.Pattern {
		return a.Pattern > b.Pattern
	}
	return a.Fault > b.Fault
}

func often(k, n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("in %d of %d runs", k, n)
}

// plainLine is s as one line that a file of known failures can hold.
func plainLine(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\ufffd' {
			return ' '
		}
		return r
	}, s)), " ")
}

// drop takes entries out. Comments that a blank line parts from an entry head a section rather than it, and stay.
func drop(f *known.File, wrong []*KnownResult) {
	var left []string
	f.Entries = slices.DeleteFunc(f.Entries, func(e *known.Entry) bool {
		gone := slices.ContainsFunc(wrong, func(k *KnownResult) bool { return k.Entry == e })
		if gone {
			left = append(left, section(e.Before)...)
		} else {
			e.Before = append(left, e.Before...)
			left = nil
		}
		return gone
	})
	f.Tail = append(left, f.Tail...)
}

// section is the part of the lines before an entry up to the last blank one, if it says anything.
func section(before []string) []string {
	for i := len(before) - 1; i > 0; i-- {
		if before[i] == "" && slices.ContainsFunc(before[:i], func(l string) bool { return l != "" }) {
			return before[:i:i]
		}
	}
	return nil
}
