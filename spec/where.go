package spec

import (
	"fmt"
	"slices"
	"strings"
)

// Comes reports whether a situation of the rule can come up in a target that says this of itself, and if not, why; in some target, which is nil, each can. It is asked for only
// where it can: a back end that has one receive outstanding at most is not to show what becomes of several.
func (r *Rule) Comes(situation string, a *About) (why string, comes bool) {
	if a == nil {
		return "", true
	}
	for _, word := range strings.Fields(r.Where[situation]) {
		if why, comes = a.Meets(word); !comes {
			return why, false
		}
	}
	return "", true
}

// Meets reports whether the target has a capability, or declares a value of an axis, or another than that, or one of several of these, and if not, why: post, receives=n,
// inline!=never, accept|connect.
func (a *About) Meets(word string) (why string, meets bool) {
	if strings.Contains(word, "|") {
		for _, one := range strings.Split(word, "|") {
			if _, meets = a.Meets(one); meets {
				return "", true
			}
		}
		return "needs " + strings.ReplaceAll(word, "|", " or "), false
	}
	name, want, isAxis := strings.Cut(word, "=")
	if !isAxis {
		if lacks := a.lacks(Capability(name)); lacks != "" {
			return "needs " + lacks, false
		}
		return "", true
	}
	name, not := strings.CutSuffix(name, "!")
	got := a.Axes.Get(name)
	if meets = (got == want) != not; meets {
		return "", true
	}
	if not {
		return fmt.Sprintf("does not come up with %s=%s", name, want), false
	}
	return fmt.Sprintf("needs %s=%s, the target declares %s", name, want, got), false
}

// WithWhere adds to each of these situations of the rule what a target must be able to do, or must declare, for it to come up.
func (r *Rule) WithWhere(situations []string) (texts []string) {
	for _, s := range situations {
		if words := strings.Fields(r.Where[s]); len(words) > 0 {
			s += " (with " + strings.ReplaceAll(strings.Join(words, " and "), "|", " or ") + ")"
		}
		texts = append(texts, s)
	}
	return texts
}

// Absent reports whether none of the rule's situations can come up in the target, and why.
func (r *Rule) Absent(a *About) (why string, absent bool) {
	comes := slices.ContainsFunc(r.Situations, func(s string) bool {
		reason, can := r.Comes(s, a)
		if why == "" {
			why = reason
		}
		return can
	})
	return why, !comes && len(r.Situations) > 0
}
