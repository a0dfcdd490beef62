package engine

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/ioconform/ioconform/conformance"
)

// WriteExam writes what an exam came to, in one of the Formats.
func WriteExam(w io.Writer, format string, all []Examined, missing int, p conformance.Page) error {
	var survivors []string
	var shrink, lines []float64
	for i := range all {
		h := &all[i]
		if !h.Found {
			survivors = append(survivors, h.Name)
			continue
		}
		shrink, lines = append(shrink, h.Finding.Seconds), append(lines, float64(h.Finding.Lines))
	}
	if format == "jsonl" {
		return examJSON(w, all, survivors, missing, Median(shrink), Median(lines))
	}
	var b strings.Builder
	for i := range all {
		h := &all[i]
		if h.Found {
			fmt.Fprintf(&b, "  %-44s %10s %-4s %7.2f s  %-7s %3d %-5s after %.2f s\n", h.Name, grouped(h.Runs), conformance.Noun(h.Runs, "run"), h.Seconds, h.Finding.Signature,
				h.Finding.Lines, conformance.Noun(h.Finding.Lines, "line"), h.Finding.Seconds)
		} else {
			how := "not found"
			if h.Anyway {
				how += ": " + h.Finding.Signature + " fails without the bug too"
			}
			fmt.Fprintf(&b, "  %-44s %10s %-4s %7.2f s  %s\n", h.Name, grouped(h.Runs), conformance.Noun(h.Runs, "run"), h.Seconds, p.Ink.Bad(how))
		}
	}
	b.WriteString("\n")
	for _, at := range Curve(all) {
		fmt.Fprintf(&b, "  %4d found after %s %s\n", at.Found, grouped(at.Runs), conformance.Noun(at.Runs, "run"))
	}
	if missing > 0 {
		fmt.Fprintf(&b, "%s\n", p.Ink.Warn(fmt.Sprintf("stopped: %s not looked for", were(missing))))
	}
	fmt.Fprintf(&b, "%s: %d found by programs that nobody wrote, %d not; made small in %.2f s, to %s (medians)\n",
		conformance.Counted(len(all), "planted bug"), len(all)-len(survivors), len(survivors), Median(shrink), conformance.Counted(int(math.RoundToEven(Median(lines))), "line"))
	if len(survivors) > 0 {
		fmt.Fprintf(&b, "%s\n", p.Ink.Bad("survivors: "+strings.Join(survivors, ", ")))
	}
	for i := range all {
		if h := &all[i]; h.Anyway {
			fmt.Fprintf(&b, "\n%s\n%s", p.Ink.Bad("fails without "+h.Name+" too, by a fault of a rule or of the reference:"), h.Finding.Text)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func examJSON(w io.Writer, all []Examined, survivors []string, missing int, seconds, lines float64) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	for i := range all {
		h := &all[i]
		f := &h.Finding
		err := out.Encode(struct {
			Type      string  `json:"type"`
			Mutant    string  `json:"mutant"`
			By        string  `json:"by"`
			Killed    bool    `json:"killed"`
			Runs      int     `json:"runs"`
			Seconds   float64 `json:"seconds"`
			Signature string  `json:"signature,omitempty"`
			Lines     int     `json:"lines,omitempty"`
			Shrink    float64 `json:"shrink_seconds,omitempty"`
			Repeated  bool    `json:"repeated,omitempty"`
			Anyway    bool    `json:"fails_without,omitempty"`
			Script    string  `json:"script,omitempty"`
		}{"mutant", h.Name, "fuzz", h.Found, h.Runs, h.Seconds, f.Signature, f.Lines, f.Seconds, f.Again, h.Anyway, string(f.Text)})
		if err != nil {
			return err
		}
	}
	if survivors == nil {
		survivors = []string{}
	}
	return out.Encode(struct {
		Type      string      `json:"type"`
		By        string      `json:"by"`
		Mutants   int         `json:"mutants"`
		Killed    int         `json:"killed"`
		Survivors []string    `json:"survivors"`
		Curve     []Milestone `json:"curve"`
		Shrink    float64     `json:"median_shrink_seconds"`
		Lines     float64     `json:"median_lines"`
		Missing   int         `json:"missing"`
	}{"exam", "fuzz", len(all), len(all) - len(survivors), survivors, Curve(all), seconds, lines, missing})
}
