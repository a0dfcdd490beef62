package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ioconform/ioconform/spec"
)

// profiles says which profiles there are.
func profiles() string {
	return strings.Join(plainProfiles(), ", ") + "; as it was in a version of the contract with " + versions() + " behind it, to gain no rule"
}

func plainProfiles() []string {
	return slices.DeleteFunc(spec.Profiles(), func(p string) bool { return strings.Contains(p, "@") })
}

func versions() string { return "@1 to @" + spec.Current().Name }

// knownProfile tells what is wrong with the name of a profile. None is not wrong.
func knownProfile(name string) error {
	if name == "" || slices.Contains(spec.Profiles(), name) {
		return nil
	}
	plain, version, pinned := strings.Cut(name, "@")
	if pinned && slices.Contains(plainProfiles(), plain) {
		return fmt.Errorf("unknown profile %q: %s has no version %q; there are %s", name, plain, version, versions())
	}
	return fmt.Errorf("unknown profile %q%s; there are %s", name, didYouMean(plain, plainProfiles()), profiles())
}
