package skeleton

import (
	"os"
	"testing"

	"github.com/ioconform/ioconform/simnet/simtest"
)

func TestMain(m *testing.M) {
	simtest.AtOnce(6) // they wait for adapters
	os.Exit(m.Run())
}
