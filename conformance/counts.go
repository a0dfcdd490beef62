package conformance

import "github.com/ioconform/ioconform/spec"

// Counts returns what the runs of the case showed of each rule, by the index of spec.Rules; nil if it was skipped. They are shared; do not change
// them.
func (c *CaseResult) Counts() []spec.Count {
	if c.Runs == 0 {
		return nil
	}
	return c.counts
}
