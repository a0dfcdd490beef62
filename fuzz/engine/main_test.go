package engine

import (
	"os"
	"testing"

	"github.com/ioconform/ioconform/simnet/simtest"
)

func TestMain(m *testing.M) {
	simtest.AtOnce(4) // some wait for what never ends
	os.Exit(m.Run())
}
