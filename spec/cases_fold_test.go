package spec

import (
	"slices"
	"strings"
	"testing"
)

// TestWhatTheLedgerKeepsDecides runs traces that differ from what is legal, or from what is broken, in one thing that the ledger has to keep.
func TestWhatTheLedgerKeepsDecides(t *testing.T) { judgeAsShown(t, ledgerSamples()) }

// Told with less, they are accused of the same or of nothing.
func TestWhatTheLedgerKeepsDecidesAtEveryLevel(t *testing.T) {
	c := NewChecker()
	for _, s := range ledgerSamples() {
		for name, form := range leveled(t, build(t, s.about(), s.text)) {
			ids, why := brokenBy(c.Check(form))
			if got := strings.Join(ids, " "); got != s.broken && got != "" && !foreignName(name, s.broken, got) {
				t.Errorf("%s, %s: broken %q, want %q\n%s", s.name, name, got, s.broken, strings.Join(why, "\n"))
			}
		}
	}
}

func ledgerSamples() []shown {
	return slices.Concat(ledgerOfCloses, ledgerOfDisturbances, ledgerOfStreams, ledgerOfDoors, ledgerOfDatagrams, ledgerOfEvents, ledgerOfHandlers, ledgerOfRest, ledgerOfWaits)
}
