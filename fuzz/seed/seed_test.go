package seed_test

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"

	"github.com/ioconform/ioconform/fuzz/seed"
)

func TestASeedIsReadAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		input := rapid.SliceOf(rapid.Byte()).Draw(t, "input")
		back, err := seed.Decode(seed.Encode(input))
		if err != nil || !bytes.Equal(back, input) {
			t.Fatalf("%q became %q, %v", input, back, err)
		}
	})
}

func TestWhatIsNoSeedIsAnError(t *testing.T) {
	for _, file := range []string{"", "go test fuzz v1\n", "go test fuzz v2\n[]byte(\"a\")\n", "go test fuzz v1\nstring(\"a\")\n", "go test fuzz v1\n[]byte(\"a\")\nint(1)\n", "go test fuzz v1\n[]byte(a)\n"} {
		if input, err := seed.Decode([]byte(file)); err == nil {
			t.Errorf("%q was read as %q", file, input)
		}
	}
}
