package reference_test

import (
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/reference"
	"github.com/ioconform/ioconform/simnet/simtest"
	"github.com/ioconform/ioconform/spec"
)

// Every rule that the real targets of this machine are judged by is exercised on one of them in all its situations; what is not is listed, with the reason
// (spec.Rule.Unseen). Under Wine the known failures of the suite stand in their file, and the listed situations with them.
func TestWhatWasNotSeenOnARealSystemIsListed(t *testing.T) {
	simtest.NotShort(t)
	targets, absent := reference.Targets()
	for _, a := range absent {
		t.Logf("%s cannot run here: %s", a.Name, a.Why)
	}
	seen := make([]spec.Count, len(spec.Rules()))
	judged := make([]bool, len(seen))
	lacking := true
	for rounds := 0; lacking && rounds < 5; rounds++ { // some situations are a matter of the moment
		lacking = false
		for _, r := range onEveryKernel(t, targets) {
			for i := range r.Rules {
				x := &r.Rules[i]
				if x.Verdict == spec.Skipped {
					continue
				}
				judged[i] = true
				seen[i].Add(x.Count)
			}
		}
		for i, rule := range spec.Rules() {
			listed, _ := rule.Unseen()
			lacking = lacking || judged[i] && slices.ContainsFunc(seen[i].Missing(rule, nil), func(s string) bool { return !slices.Contains(listed, s) })
		}
	}
	for i, rule := range spec.Rules() {
		listed, why := rule.Unseen()
		for _, s := range listed {
			if !slices.Contains(rule.Situations, s) {
				t.Errorf("%s is listed as not seen in %q, which is none of its situations", rule.ID, s)
			}
		}
		if !judged[i] && len(rule.Verified) == 0 && why == "" && rule.Binds == spec.Guarantee {
			t.Errorf("%s was verified nowhere, and nothing says why", rule.ID)
		}
		if !judged[i] {
			continue
		}
		if rule.Binds == spec.Guarantee && why == "" && !slices.ContainsFunc(rule.Verified, func(on string) bool { return strings.HasPrefix(on, runtime.GOOS+" ") }) {
			t.Errorf("%s is judged here, and is not listed as verified on %s", rule.ID, runtime.GOOS)
		}
		if seen[i].Checks == 0 && seen[i].Voided == 0 && why == "" {
			t.Errorf("%s was not exercised", rule.ID)
		}
		for _, s := range seen[i].Missing(rule, nil) {
			if !slices.Contains(listed, s) {
				t.Errorf("%s was not seen in the situation %q on a real system, and nothing says why", rule.ID, s)
			}
		}
	}
}

// onEveryKernel runs the suite on the real targets but Wine, whose suite is make wine, at the same time: most of it is waiting.
func onEveryKernel(t *testing.T, targets []*spec.Target) (reports []*conformance.Report) {
	t.Helper()
	var mu sync.Mutex
	var all sync.WaitGroup
	for _, target := range targets {
		if target.About.World != "real" || target.About.Name == "iocp" {
			continue
		}
		all.Go(func() {
			r, err := conformance.Run(t.Context(), target, conformance.Options{})
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
				return
			}
			reports = append(reports, r)
		})
	}
	all.Wait()
	return reports
}
