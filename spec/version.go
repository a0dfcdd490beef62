package spec

import (
	"embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Version is a frozen state of the contract: the rules that there are, what each asks for, and the profiles that it stands in. A version that has been
// committed does not change: a rule that is new, or that binds more than it did, is of a new version. So whoever is judged by a profile of a
// version, such as portable@1, is never told that something is broken because a rule was added.
type Version struct {
	Name  string // 1, 2, …
	Terms []Terms
}

// Terms are what a version fixes of a rule, beside the words.
type Terms struct {
	Rule     string // id
	Level    string
	Binds    string
	Sim      bool
	Profiles []string
	Needs    []string
	Axes     []string // name=value, in the order of their names
	Assume   []string
}

//go:embed versions
var versionFiles embed.FS

// Versions returns the versions, oldest first. They are read from spec/versions and shared; do not change them.
var Versions = sync.OnceValue(func() (all []*Version) {
	for n := 1; ; n++ {
		src, err := versionFiles.ReadFile(fmt.Sprintf("versions/%d.txt", n))
		if err != nil {
			return all
		}
		all = append(all, &Version{Name: fmt.Sprint(n), Terms: readTerms(string(src))})
	}
})

// Current is the newest version.
func Current() *Version { return Versions()[len(Versions())-1] }

// Rules lists the ids of the version's rules.
func (v *Version) Rules() (ids []string) {
	for _, t := range v.Terms {
		ids = append(ids, t.Rule)
	}
	return ids
}

// Profile lists the ids of the rules that stand in the profile.
func (v *Version) Profile(name string) (ids []string) {
	for _, t := range v.Terms {
		if slices.Contains(t.Profiles, name) {
			ids = append(ids, t.Rule)
		}
	}
	return ids
}

// Since is the name of the version that the rule has been in since, "" if it is in none yet.
func (r *Rule) Since() string {
	for _, v := range Versions() {
		if slices.Contains(v.Rules(), r.ID) {
			return v.Name
		}
	}
	return ""
}

// In reports whether the rule stands in the profile: in its newest version where a name alone is given, such as portable, else in the one that is named,
// such as portable@1.
func (r *Rule) In(profile string) bool {
	name, version, pinned := strings.Cut(profile, "@")
	if !pinned {
		return slices.Contains(r.Profiles, name)
	}
	for _, v := range Versions() {
		if v.Name == version {
			return slices.Contains(v.Profile(name), r.ID)
		}
	}
	return false
}

// Profiles lists the profiles there are, those of a version last.
func Profiles() (names []string) {
	for _, r := range Rules() {
		for _, p := range r.Profiles {
			if !slices.Contains(names, p) {
				names = append(names, p)
			}
		}
	}
	plain := slices.Clone(names)
	for _, v := range Versions() {
		for _, p := range plain {
			if len(v.Profile(p)) > 0 {
				names = append(names, p+"@"+v.Name)
			}
		}
	}
	return names
}

// Terms are what the rule asks for as it stands in the code.
func (r *Rule) Terms() Terms {
	t := Terms{Rule: r.ID, Level: r.Level.String(), Binds: r.Binds.String(), Sim: r.Sim, Profiles: r.Profiles, Assume: r.Assume}
	for _, n := range r.Needs {
		t.Needs = append(t.Needs, string(n))
	}
	for _, name := range slices.Sorted(maps.Keys(r.Axes)) {
		t.Axes = append(t.Axes, name+"="+r.Axes[name])
	}
	return t
}

// Judged reports whether a trace can break the rule: some obligations are only taken into account.
func (r *Rule) Judged() bool { return r.check != nil }

// String is t as it stands in the file of its version.
func (t Terms) String() string {
	words := []string{fmt.Sprintf("%-7s", t.Rule), t.Level, t.Binds}
	if t.Sim {
		words = append(words, "sim")
	}
	for _, l := range t.lists() {
		if len(*l.list) > 0 {
			words = append(words, l.word+":"+strings.Join(*l.list, ","))
		}
	}
	return strings.Join(words, " ")
}

func (t *Terms) lists() [4]struct {
	word string
	list *[]string
} {
	return [4]struct {
		word string
		list *[]string
	}{{"profiles", &t.Profiles}, {"needs", &t.Needs}, {"axes", &t.Axes}, {"assumes", &t.Assume}}
}

// readTerms reads what String has written, a line each. What is embedded is what the tests have read, so a mistake in it is a panic.
func readTerms(src string) (all []Terms) {
	for line := range strings.Lines(src) {
		words := strings.Fields(line)
		if len(words) == 0 || line[0] == '#' {
			continue
		}
		if len(words) < 3 {
			panic("spec/versions: no rule stands in the line " + line)
		}
		t := Terms{Rule: words[0], Level: words[1], Binds: words[2]}
	next:
		for _, w := range words[3:] {
			if w == "sim" {
				t.Sim = true
				continue
			}
			name, list, _ := strings.Cut(w, ":")
			for _, l := range t.lists() {
				if l.word == name {
					*l.list = strings.Split(list, ",")
					continue next
				}
			}
			panic("spec/versions: " + w + " says nothing of " + t.Rule)
		}
		all = append(all, t)
	}
	return all
}
