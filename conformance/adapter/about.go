package adapter

import (
	"maps"
	"regexp"
	"slices"

	"github.com/ioconform/ioconform/spec"
)

var namePattern = regexp.MustCompile(`^[a-z][a-z0-9._-]{0,63}$`)

// introduce takes what the answer of the hello says about the back end.
func introduce(a *Message, about *spec.About) *Fault {
	switch {
	case a.Protocol != Version:
		return faultf(Mistake, "it speaks protocol %d; this is %d", a.Protocol, Version)
	case !namePattern.MatchString(a.Name):
		return faultf(Mistake, "the name %q is not made of small letters, digits, '.', '_' and '-', a letter first", a.Name)
	}
	axes := spec.Axes(a.Axes)
	if err := axes.Check(); err != nil {
		return faultf(Mistake, "in its hello: %v", err)
	}
	*about = spec.About{Name: a.Name, Version: a.Version, OS: a.OS, World: "real", Axes: maps.Clone(axes)}
	if about.Axes == nil {
		about.Axes = spec.Axes{}
	}
	for _, c := range a.Capabilities {
		if c := spec.Capability(c); sayable(c, slices.Contains(a.Capabilities, string(spec.CanPoll))) {
			about.Capabilities = append(about.Capabilities, c)
		}
	}
	if about.Can(spec.CanPoll) && about.Can(spec.CanComplete) {
		return faultf(Mistake, "it declares capabilities poller and completion: an adapter is of one of the two")
	}
	return nil
}

// sameAbout reports whether two processes of one adapter say the same.
func sameAbout(a, b *spec.About) bool {
	return a.Name == b.Name && a.Version == b.Version && a.OS == b.OS && slices.Equal(a.Capabilities, b.Capabilities) && maps.Equal(a.Axes, b.Axes)
}
