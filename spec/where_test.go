package spec

import (
	"slices"
	"strings"
	"testing"
)

// What a situation takes is said in words that there are, of situations that the rule has.
func TestWhatSituationsTakeIsSaidInKnownWords(t *testing.T) {
	known := func(word string) bool {
		name, value, isAxis := strings.Cut(word, "=")
		if isAxis {
			return Axes{strings.TrimSuffix(name, "!"): value}.Check() == nil
		}
		return slices.ContainsFunc(Capabilities, func(c struct {
			Name    Capability
			Meaning string
		}) bool {
			return string(c.Name) == word
		})
	}
	for _, r := range Rules() {
		for s, where := range r.Where {
			if !slices.Contains(r.Situations, s) {
				t.Errorf("%s has no situation %q", r.ID, s)
			}
			if where == "" {
				t.Errorf("%s, %s: nothing is said", r.ID, s)
			}
			for _, word := range strings.Fields(where) {
				for _, one := range strings.Split(word, "|") {
					if !known(one) {
						t.Errorf("%s, %s: %q is neither a capability nor a value of an axis", r.ID, s, one)
					}
				}
			}
		}
	}
}

// What a target has listed and has not, it has not for a reason.
func TestWhyACapabilityIsNotHad(t *testing.T) {
	for _, x := range []struct {
		needs string
		about About
		why   string
	}{
		{"workers", About{Capabilities: []Capability{CanWorkers}}, ""},
		{"workers", About{Capabilities: []Capability{CanWorkers}, Axes: Axes{"consumers": "1"}}, "needs consumers=n, the target declares 1"},
		{"workers", About{Axes: Axes{"consumers": "1"}}, "needs capability workers"},
		{"accept-into", About{Capabilities: []Capability{CanAcceptInto}}, "needs capability accept"},
		{"accept-data", About{Capabilities: []Capability{CanAccept}}, "needs capability accept-data"},
		{"accept-data", About{Capabilities: []Capability{CanAccept, CanAcceptData}}, ""},
	} {
		if why, meets := x.about.Meets(x.needs); meets != (x.why == "") || why != x.why {
			t.Errorf("%s of %v: %v, %q", x.needs, x.about, meets, why)
		}
	}
}

func TestASituationComesUpWhereAllIsMetThatItTakes(t *testing.T) {
	r := &Rule{Situations: []string{"always", "here"}}
	can := []Capability{CanPost, CanCancelAll}
	for _, x := range []struct {
		where string
		axes  Axes
		why   string
	}{
		{"", nil, ""},
		{"post", nil, ""},
		{"workers", nil, "needs capability workers"},
		{"post workers", nil, "needs capability workers"},
		{"cancel|cancel-all", nil, ""},
		{"cancel|workers", nil, "needs cancel or workers"},
		{"receives=n", nil, ""},
		{"receives=n", Axes{"receives": "1"}, "needs receives=n, the target declares 1"},
		{"inline!=never", nil, ""},
		{"inline!=never", Axes{"inline": "both"}, ""},
		{"inline!=never", Axes{"inline": "never"}, "does not come up with inline=never"},
		{"cancel|cancel-all after-cancel=usable", Axes{"after-cancel": "unspecified"}, "needs after-cancel=usable, the target declares unspecified"},
	} {
		r.Where = map[string]string{"here": x.where}
		a := &About{Capabilities: can, Axes: x.axes}
		if why, comes := r.Comes("here", a); why != x.why || comes != (why == "") {
			t.Errorf("%q with %v: %v, %q", x.where, x.axes, comes, why)
		}
		if why, comes := r.Comes("always", a); !comes {
			t.Errorf("what takes nothing does not come up: %s", why)
		}
		if _, comes := r.Comes("here", nil); !comes {
			t.Errorf("%q can come up nowhere", x.where)
		}
	}
}

// Who can do less is not asked for what takes more, and skips what takes more everywhere; what came up nevertheless counts.
func TestWhatCannotComeUpIsNotAskedFor(t *testing.T) {
	part := &Rule{Situations: []string{"one", "several"}, Where: map[string]string{"several": "receives=n"}}
	all := &Rule{Situations: []string{"a post"}, Where: map[string]string{"a post": "post"}}
	less := &About{Axes: Axes{"receives": "1"}}
	for _, x := range []struct {
		rule  *Rule
		about *About
		count Count
		want  Verdict
	}{
		{part, less, Count{Checks: 1, Situations: 0b01}, Held},
		{part, nil, Count{Checks: 1, Situations: 0b01}, NotExercised},
		{part, &About{}, Count{Checks: 1, Situations: 0b01}, NotExercised},
		{part, less, Count{Checks: 1, Situations: 0b10}, NotExercised},
		{part, less, Count{}, NotExercised},
		{part, less, Count{Broken: 1}, Broken},
		{all, less, Count{}, Skipped},
		{all, less, Count{Unknown: 1}, Skipped},
		{all, less, Count{Checks: 1, Situations: 1}, Held},
		{all, less, Count{Broken: 1}, Broken},
		{all, nil, Count{}, NotExercised},
	} {
		if got := x.count.Verdict(x.rule, x.about); got != x.want {
			t.Errorf("%q, %+v: %s, want %s", x.rule.Situations, x.count, got, x.want)
		}
	}
	if why, absent := all.Absent(less); !absent || why != "needs capability post" {
		t.Errorf("%v %q", absent, why)
	}
	if _, absent := part.Absent(less); absent {
		t.Error("one of two can come up")
	}
	if got := part.WithWhere(part.Situations); !slices.Equal(got, []string{"one", "several (with receives=n)"}) {
		t.Errorf("%q", got)
	}
}
