//go:build !linux

package reference

import "errors"

// EchoRatio measures the same echo on completion and on readiness, on machines that have both side by side; this is none.
func EchoRatio() (ratios [3]float64, err error) {
	return ratios, errors.New("completion and readiness can be measured side by side on Linux only")
}
