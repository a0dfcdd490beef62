package adapter

import (
	"fmt"
	"strings"

	"github.com/ioconform/ioconform/conformance/known"
)

// Kind is what went wrong with an adapter.
type Kind string

const (
	Crash Kind = "crash" // the process ended, or closed its output
	// Sanitizer is a crash that a sanitizer, built into the adapter, has made and explained: memory, undefined behaviour, a race.
	Sanitizer Kind = "sanitizer"

	Hang    Kind = "hang"    // a request was not answered
	Garbage Kind = "garbage" // a line that is no message
	Flood   Kind = "flood"   // more than anybody can have asked for
	Mistake Kind = "mistake" // a message that does not belong there, or lacks something
	Lie     Kind = "lie"     // what was declared is not so
	Unable  Kind = "error"   // the adapter itself says that it could not
)

// whose says whose mistake each is. A crash or a hang may be either's: the adapter calls the back end.
var whose = map[Kind]string{
	Crash: "the adapter or its back end crashed", Hang: "the adapter or its back end hangs", Garbage: "the adapter's mistake",
	Flood: "the adapter's mistake", Mistake: "the adapter's mistake", Lie: "the adapter's mistake: it declares what is not so",
	Unable: "the adapter reports an error of its own", Sanitizer: "a sanitizer found a mistake of the adapter or its back end",
}

// Fault is what makes a case impossible to judge. It says nothing against the back end's behaviour.
type Fault struct {
	Kind    Kind
	Said    string // what was done, what was seen, what was allowed
	Pending string // requests without an answer
	Log     string // what the adapter had written to its standard error
}

// Error tells all of it: the first line by itself says whose mistake it is.
func (f *Fault) Error() string {
	s := whose[f.Kind] + ": " + f.Said
	if f.Pending != "" {
		s += "; unanswered: " + f.Pending
	}
	if f.Log != "" {
		s += "\nits standard error:\n    " + strings.ReplaceAll(f.Log, "\n", "\n    ")
	}
	return s
}

func faultf(k Kind, format string, args ...any) *Fault {
	return &Fault{Kind: k, Said: fmt.Sprintf(format, args...)}
}

// Ending is what it is called in a file of known failures.
func (f *Fault) Ending() known.Ending {
	switch f.Kind {
	case Crash:
		return known.Crash
	case Sanitizer:
		return known.Sanitizer
	case Hang:
		return known.Hang
	}
	return known.Error
}
