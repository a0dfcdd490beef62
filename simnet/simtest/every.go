package simtest

import "flag"

// Every returns 1 where a sample is whole, and else n: every n-th of what makes the sample is a part that is spread over it. It is whole also where more is asked for
// than that, with the flag -long of a package that has one. Where something recurs along the sample, n should have no divisor in common with its period.
func Every(n int) int {
	if f := flag.Lookup("long"); Long() || f != nil && f.Value.String() == "true" {
		return 1
	}
	return n
}
