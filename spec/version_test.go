package spec

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// frozenVersions are the sums of the files of spec/versions. A sum that stands here is never changed: a rule that is new, that binds more than it did, or that
// is in one profile more is of the next version, spec/versions/N.txt, whose sum is added.
var frozenVersions = map[string]string{
	"1.txt": "fa4ea8d80ed8a4a26bb63f5aee48cffe460d91a99d95707ff2de8f33e3fc35f5",
	"2.txt": "2b4c6708a2c601d4f7c12db92c40491e24f6bf62f5063a3c9d382e7b9df8e85a",
	"3.txt": "dcef1ed9f8dc96d1e3c59f9fbee94ed903c7c6233278b4694a83f8e529821b80",
	"4.txt": "95e631586d7824575bc58b78700e6c2c44ddca5127142efc0bb2978827dfc087",
	"5.txt": "8589f6a87127473eb02fd3664fe9ccad4b8ed986056a9a08678943ab576dde9c",
	"6.txt": "502bb882ab94c5f2ce92a8fc652f8d3fbb23dac3584a272b32904d9133496847",
	"7.txt": "0eff7c8f8d43bc736b34b3811baa703b0e2d6a20bc5829cf5882f1641e67cbbf",
	"8.txt": "292eb2c4197e3ae94d47756f0c31dc3ded65db801b48cd802ee3de5bfc5d7f02",
	"9.txt": "72a5a8db22b88e95475f052ca4c087a175d7cc51c8619c8cdfd460be858d04a8",
}

func TestAFrozenVersionDoesNotChange(t *testing.T) {
	names, err := filepath.Glob("versions/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	if len(names) != len(Versions()) || len(names) != len(frozenVersions) {
		t.Errorf("there are %q, %d of them are read and %d are frozen; their names are 1.txt, 2.txt, …", names, len(Versions()), len(frozenVersions))
	}
	for _, name := range names {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		src = bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))
		if sum := fmt.Sprintf("%x", sha256.Sum256(src)); sum != frozenVersions[filepath.Base(name)] {
			t.Errorf("%s has the sum %s. If it was frozen before, take the change back: a changed rule belongs into the next version, %d.txt. If it is new, freeze it in spec/version_test.go",
				name, sum, len(names)+1)
		}
		n := strings.TrimSuffix(filepath.Base(name), ".txt")
		if head, _, _ := strings.Cut(string(src), "\n\n"); !strings.Contains(head, "Version "+n+" of") || !strings.Contains(head, "@"+n) {
			t.Errorf("%s says of itself\n%s", name, head)
		}
	}
}

// The newest version is what the code has, rule by rule.
func TestTheNewestVersionIsWhatTheRulesSay(t *testing.T) {
	frozen := map[string]Terms{}
	for _, x := range Current().Terms {
		frozen[x.Rule] = x
	}
	next := len(Versions()) + 1
	for _, r := range Rules() {
		want, had := frozen[r.ID]
		delete(frozen, r.ID)
		switch got := r.Terms(); {
		case !had:
			t.Errorf("%s is in no version. It is of the next: copy spec/versions/%s.txt to %d.txt and add the line\n%s", r.ID, Current().Name, next, got)
		case got.String() != want.String():
			t.Errorf("%s is\n%s\nand version %s has it as\n%s\nWhat binds more than it did is of the next version, spec/versions/%d.txt", r.ID, got, Current().Name, want, next)
		}
	}
	for id := range frozen {
		t.Errorf("%s is in version %s and no rule; what was promised once is not taken back", id, Current().Name)
	}
}

// A version has what the one before it had, in the same profiles.
func TestAVersionOnlyAdds(t *testing.T) {
	for i, v := range Versions()[1:] {
		for _, old := range Versions()[i].Terms {
			for _, p := range old.Profiles {
				if !slices.Contains(v.Profile(p), old.Rule) {
					t.Errorf("%s stands in %s of version %s and not of %s", old.Rule, p, Versions()[i].Name, v.Name)
				}
			}
		}
	}
}

// What is written is read back, and a profile can be pinned to a version.
func TestAProfileOfAVersion(t *testing.T) {
	for _, x := range Current().Terms {
		if got := readTerms(x.String()); len(got) != 1 || got[0].String() != x.String() {
			t.Errorf("%s is read back as %v", x, got)
		}
	}
	r, _ := RuleByID("KEY-1")
	for profile, want := range map[string]bool{"portable": true, "portable@1": true, "readiness@1": false, "readiness": false, "portable@0": false} {
		if r.In(profile) != want {
			t.Errorf("KEY-1 in %s: %v", profile, !want)
		}
	}
	if r.Since() != "1" {
		t.Errorf("KEY-1 since %q", r.Since())
	}
	for _, want := range []string{"portable", "windows", "readiness", "portable@1", "windows@1", "readiness@1"} {
		if !slices.Contains(Profiles(), want) {
			t.Errorf("%s is not among %s", want, strings.Join(Profiles(), ", "))
		}
	}
}

// What the code says of a rule is written as the line that stands in the file of the newest version.
func TestTermsAreWrittenAsTheyStandInTheFile(t *testing.T) {
	src, err := os.ReadFile("versions/" + Current().Name + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.ReplaceAll(string(src), "\r\n", "\n"), "\n")
	for _, r := range Rules() {
		if line := r.Terms().String(); !slices.Contains(lines, line) {
			t.Errorf("no line of version %s is %q", Current().Name, line)
		}
	}
}

// A profile that is listed has rules, in the version that it is pinned to as well.
func TestEveryProfileHasRules(t *testing.T) {
	for _, p := range Profiles() {
		if !slices.ContainsFunc(Rules(), func(r *Rule) bool { return r.In(p) }) {
			t.Errorf("no rule is in %s", p)
		}
	}
}

// A line that says nothing of a rule, or something that is no term, does not pass for one; comments and empty lines do.
func TestWhatIsNoTerm(t *testing.T) {
	for src, want := range map[string]string{
		"KEY-1 MUST\n":                         "no rule stands in the line",
		"KEY-1 MUST guarantee colours:red\n":   "colours:red says nothing of KEY-1",
		"KEY-1 MUST guarantee sim simulated\n": "simulated says nothing of KEY-1",
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, want) {
					t.Errorf("%q: %s, want %q", src, got, want)
				}
			}()
			readTerms(src)
		}()
	}
	if got := readTerms("# of comments\n\nKEY-1 MUST guarantee\n"); len(got) != 1 || got[0].Rule != "KEY-1" {
		t.Errorf("read %v", got)
	}
	if since := (&Rule{ID: "KEY-999"}).Since(); since != "" {
		t.Errorf("a rule of no version is said to be there since %q", since)
	}
}
