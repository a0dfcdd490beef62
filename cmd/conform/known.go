package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/known"
)

// readKnown reads files of known failures and hands each to the subject that it is for.
func readKnown(names []string, subjects []subject) (map[string][]*known.File, error) {
	by := map[string][]*known.File{}
	for _, name := range names {
		src, err := os.ReadFile(name)
		if err != nil {
			return nil, plain(err)
		}
		f, err := conformance.ParseKnown(name, src)
		if err != nil {
			return nil, err
		}
		s, err := subjectOf(f, subjects)
		if err != nil {
			return nil, err
		}
		if err := apart(f, by[s.name]); err != nil {
			return nil, err
		}
		by[s.name] = append(by[s.name], f)
	}
	return by, nil
}

// subjectOf is the subject that the file is for.
func subjectOf(f *known.File, subjects []subject) (subject, error) {
	var names []string
	for _, s := range subjects {
		if s.name == f.Target() {
			return s, f.For(s.name, &s.target.About)
		}
		names = append(names, s.name)
	}
	return subject{}, fmt.Errorf("%w; this run has %s", f.For("", &subjects[0].target.About), strings.Join(names, ", "))
}

// apart refuses an entry that stands in another file as well.
func apart(f *known.File, others []*known.File) error {
	for _, o := range others {
		for _, b := range o.Entries {
			for _, a := range f.Entries {
				if a.String() == b.String() {
					return fmt.Errorf("%s: the entry %s stands at %s as well", a.Place(), a, b.Place())
				}
			}
		}
	}
	return nil
}
