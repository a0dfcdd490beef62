package engine_test

import (
	"testing"

	"github.com/ioconform/ioconform/reference"
	"github.com/ioconform/ioconform/simnet/simtest"
)

// The same scripts on the kernel of this machine: nothing of it is accused.
func TestScriptsAccuseNothingRealEither(t *testing.T) {
	t.Parallel() // it mostly waits
	n, step := *scripts/20, every(3)
	switch {
	case testing.Short():
		n, step = n/16, 1
	case simtest.Raced:
		n, step = n/4, 1
	}
	for _, name := range []string{"epoll", "poller", "uring"} {
		t.Run(name, func(t *testing.T) {
			target, err := reference.Lookup(name)
			if err != nil && name == "uring" {
				t.Skip(err) // which says what would help
			}
			if err != nil {
				t.Fatal(err)
			}
			soundScripts(t, target, *firstOne, n, step)
		})
	}
}
