package spec

import (
	"regexp"
	"slices"
	"testing"
)

// one is where something is said of one as if there were several.
var one = regexp.MustCompile(`(^|[ (])1 (asynchronous procedure )?((byte|packet|datagram|event|call)s\b|(byte|packet|datagram|event|call) (that )?(are|were|have|wait)\b)`)

// What random programs find is made small, and small is often one: it is said as one.
func TestOneOfAThingIsSaidAsOne(t *testing.T) {
	if said, want := bad("room for %d bytes (recv of %d bytes), %d packets, -%d bytes, %d bytes", 1, 1, 1, 1, 11).said, "room for 1 byte (recv of 1 byte), 1 packet, -1 bytes, 11 bytes"; said != want {
		t.Errorf("%q, want %q", said, want)
	}
	violations := 0
	for _, s := range slices.Concat(doctoredSamples, doctoredHandles) {
		about := s.about()
		_, why := brokenBy(NewChecker().Check(build(t, about, s.text)))
		for _, said := range why {
			if violations++; one.MatchString(said) {
				t.Errorf("%s: %q in %s", s.name, one.FindString(said), said)
			}
		}
	}
	if violations < 100 {
		t.Errorf("only %d violations", violations)
	}
}
