package datagrams

import (
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/reference/realworld"
	"github.com/ioconform/ioconform/spec"
)

// Every case of the suite is a subtest; those that the back end lacks the capability for are skipped, and say so.
func TestConformance(t *testing.T) {
	conformance.Test(t, &spec.Target{
		About: About,
		Open: func() (*spec.Instance, error) {
			world, err := realworld.New()
			if err != nil {
				return nil, err
			}
			return &spec.Instance{World: world, Backend: &Backend{}, Run: world.Run, Close: world.Close}, nil
		},
	})
}
