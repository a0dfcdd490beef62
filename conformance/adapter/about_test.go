package adapter

import (
	"slices"
	"testing"

	"github.com/ioconform/ioconform/spec"
)

// What the protocol has no words for is not asked of a back end behind it, whatever it declares: an accept that is to leave a socket without its context would arrive as one that is not, and the answer be
// taken for the back end's.
func TestWhatTheProtocolHasNoWordsForIsNotDeclared(t *testing.T) {
	hello := Message{Protocol: Version, Name: "mine", Version: "1", OS: "os"}
	for _, c := range spec.Capabilities {
		hello.Capabilities = append(hello.Capabilities, string(c.Name))
	}
	var about spec.About
	if f := introduce(&hello, &about); f == nil || f.Kind != Mistake {
		t.Fatalf("it is a poller and completes, and nobody complains: %v", f)
	}
	hello.Capabilities = slices.DeleteFunc(hello.Capabilities, func(c string) bool { return c == string(spec.CanPoll) })
	if f := introduce(&hello, &about); f != nil {
		t.Fatal(f)
	}
	for _, c := range []spec.Capability{spec.CanContext, spec.CanArguments, spec.CanEvent, spec.CanAPC, spec.CanDuplicate, spec.CanThreadExit} {
		if about.Can(c) {
			t.Errorf("%s is asked for, and the protocol cannot say it", c)
		}
	}
	for _, c := range []spec.Capability{spec.CanAccept, spec.CanWin32, spec.CanDisconnect, spec.CanWaitAll, spec.CanDatagram} {
		if !about.Can(c) {
			t.Errorf("%s is not asked for", c)
		}
	}
}
