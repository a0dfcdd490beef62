package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"sync"

	"github.com/ioconform/ioconform/conformance"
)

//go:embed badge.svg.tmpl
var badgeText string

var badgeTemplate = sync.OnceValue(func() *template.Template { return template.Must(template.New("badge").Parse(badgeText)) })

// badge is what badge.svg.tmpl shows.
type badge struct {
	Name, Says  string
	Colour      template.CSS
	Left, Right int // widths of the two halves, in pixels
}

// badgeColours are dark enough for white text on them (contrast 4.5 to 1 at least).
var badgeColours = map[string]template.CSS{"good": "#1a7f37", "bad": "#b3261e", "known": "#8a5a00", "open": "#57606a"}

// letter is the width of a letter in pixels. It need not be exact: the text is told to be as wide as its room.
const letter = 6.6

// Badge writes a small SVG that says how the targets stand to their profile.
func (c *Comparison) Badge(w io.Writer) error {
	says, standing := c.standing()
	b := badge{Name: "ioconform", Says: says, Colour: badgeColours[standing]}
	if len(c.Targets) == 1 {
		b.Name = c.Targets[0].Name
	}
	b.Left, b.Right = int(letter*float64(len([]rune(b.Name))))+16, int(letter*float64(len([]rune(b.Says))))+16
	return fill(w, badgeTemplate(), b)
}

// Width, and the middle of the two halves.
func (b badge) Width() int       { return b.Left + b.Right }
func (b badge) LeftMid() int     { return b.Left / 2 }
func (b badge) RightMid() int    { return b.Left + b.Right/2 }
func (b badge) LeftRoom() int    { return b.Left - 16 }
func (b badge) RightRoom() int   { return b.Right - 16 }
func (b badge) Sentence() string { return b.Name + ": " + b.Says }

// standing sums all targets up: the worst of them.
func (c *Comparison) standing() (says, standing string) {
	n := map[string]int{}
	var profiles, broken []string
	cases := 0
	for _, t := range c.Targets {
		n[t.Standing()]++
		cases += t.Summary.Cases["known"]
		if !slices.Contains(profiles, t.Summary.Profile) {
			profiles = append(profiles, t.Summary.Profile)
		}
		for _, id := range t.broken() {
			if !slices.Contains(broken, id) {
				broken = append(broken, id)
			}
		}
	}
	switch all := len(c.Targets); {
	case all == 0:
		return "nothing ran", "open"
	case len(broken) > 0:
		return conformance.Counted(len(broken), "rule") + " broken", "bad"
	case n["bad"] > 0:
		return "failures", "bad"
	case n["open"] > 0:
		return "not shown to conform", "open"
	case n["known"] > 0:
		return fmt.Sprintf("%s, none new", conformance.Counted(cases, "known failure")), "known"
	case all == 1:
		return "conforms to " + profiles[0], "good"
	default:
		return fmt.Sprintf("%d conform to %s", all, and(profiles)), "good"
	}
}

// fill writes nothing if the template fails.
func fill(w io.Writer, t *template.Template, data any) error {
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}
