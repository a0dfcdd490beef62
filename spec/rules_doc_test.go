package spec

import (
	"bytes"
	"flag"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write RULES.md instead of comparing it")

func TestTheBookOfRulesIsUpToDate(t *testing.T) {
	for _, page := range []struct {
		name  string
		write func(io.Writer) error
	}{{"RULES.md", WriteRules}, {"OMITTED.md", WriteOmitted}} {
		var b bytes.Buffer
		if err := page.write(&b); err != nil {
			t.Fatal(err)
		}
		if *update {
			if err := os.WriteFile(page.name, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		file, err := os.ReadFile(page.name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(file, b.Bytes()) {
			t.Errorf("%s is not what the rules say; run: go generate ./spec", page.name)
		}
	}
}

// Every rule can be followed to where it comes from, and nothing that it names is missing.
func TestEveryRuleIsTraceable(t *testing.T) {
	form := regexp.MustCompile(`^([A-Z]{3})-([1-9][0-9]?)$`)
	seen, groups := map[string]bool{}, map[string]bool{}
	known := func(name string) bool {
		return slices.ContainsFunc(Groups, func(g Group) bool { return g.Name == name })
	}
	for _, r := range Rules() {
		m := form.FindStringSubmatch(r.ID)
		if m == nil || !known(m[1]) {
			t.Errorf("%s is no id of a rule", r.ID)
			continue
		}
		if seen[r.ID] {
			t.Errorf("%s comes twice", r.ID)
		}
		seen[r.ID], groups[m[1]] = true, true
		if !strings.HasSuffix(r.Text, ".") {
			t.Errorf("%s: %q is no sentence", r.ID, r.Text)
		}
		if len(r.Sources) == 0 {
			t.Errorf("%s has no source", r.ID)
		}
		if n := max(len(r.Situations), len(r.Alternatives)); n > 32 {
			t.Errorf("%s has %d situations or alternatives; 32 can be counted", r.ID, n)
		}
		if n := len(r.Situations) * (len(r.Alternatives) + 1); n > 64 {
			t.Errorf("%s has %d pairs of a situation and an alternative; 64 can be counted", r.ID, n)
		}
		if (r.check == nil) != (len(r.at) == 0) {
			t.Errorf("%s is never asked, or has nothing to say", r.ID)
		}
		if r.check != nil && len(r.Situations) == 0 {
			t.Errorf("%s names no situation, so that it can never be held", r.ID)
		}
		if r.check != nil && r.Binds == Guarantee && len(r.Profiles) == 0 {
			t.Errorf("%s stands in no profile", r.ID)
		}
		for _, c := range r.Claims {
			if n, err := strconv.Atoi(strings.TrimPrefix(c, "S")); err != nil || c[0] != 'S' || n < 1 || n > 37 {
				t.Errorf("%s: there is no claim %s", r.ID, c)
			}
		}
		for _, id := range r.Assume {
			if a, found := RuleByID(id); !found || a.Binds != Obligation {
				t.Errorf("%s assumes %s, which is no obligation", r.ID, id)
			}
		}
		for _, c := range r.Needs {
			if !slices.ContainsFunc(Capabilities, func(x struct {
				Name    Capability
				Meaning string
			}) bool {
				return x.Name == c
			}) {
				t.Errorf("%s needs %s, which is no capability", r.ID, c)
			}
		}
		if err := r.Axes.Check(); err != nil {
			t.Errorf("%s: %v", r.ID, err)
		}
	}
	for _, g := range Groups {
		if !groups[g.Name] {
			t.Errorf("the group %s has no rule", g.Name)
		}
	}
}

// A heading is linked to as Markdown names it: small letters and digits, and hyphens for blanks; the rest is left out.
func TestHeadingsAreLinkedTo(t *testing.T) {
	for g, want := range map[Group]string{
		{"RDY", "readiness: what pollers tell"}:         "rdy-readiness-what-pollers-tell",
		{"AZ", "0 to 9, a-z {and} [some] more/others:"}: "az-0-to-9-a-z-and-some-moreothers",
	} {
		if got := anchor(g); got != want {
			t.Errorf("%v is linked to as %q, want %q", g, got, want)
		}
	}
}
