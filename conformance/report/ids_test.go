package report

import (
	"strings"
	"testing"
)

func TestIDsThatFollowEachOtherAreARange(t *testing.T) {
	for in, want := range map[string]string{
		"":                              "",
		"ACC-1":                         "ACC-1",
		"ACC-1 ACC-2":                   "ACC-1, ACC-2",
		"ACC-1 ACC-2 ACC-3 CAN-4 CAN-6": "ACC-1…3, CAN-4, CAN-6",
		"PKT-9 PKT-10 PKT-11 OPN-1":     "PKT-9…11, OPN-1",
	} {
		if got := brief(strings.Fields(in)); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}
