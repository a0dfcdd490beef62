package spec

import (
	"fmt"
	"strings"
	"testing"
)

// Every fact is judged, shown or explained away, by rules that exist. That the cases exist is tested where the cases are.
func TestEveryFactOfWindowsIsAccountedFor(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range Facts() {
		if seen[f.ID] {
			t.Errorf("%s stands twice", f.ID)
		}
		seen[f.ID] = true
		if f.Text == "" {
			t.Errorf("%s says nothing", f.ID)
		}
		judged := len(f.Rules)+len(f.Cases) > 0
		if judged == (f.Omitted != "") {
			t.Errorf("%s is to be judged or shown, or omitted with a reason: rules %v, cases %v, omitted %q", f.ID, f.Rules, f.Cases, f.Omitted)
		}
		for _, id := range f.Rules {
			if _, ok := RuleByID(id); !ok {
				t.Errorf("%s: there is no rule %s", f.ID, id)
			}
		}
	}
	for _, topic := range factTopics {
		for i := 1; i <= topic.Facts; i++ {
			id := fmt.Sprintf("%s-%02d", topic.Topic, i)
			if !seen[id] {
				t.Errorf("%s is missing", id)
			}
			delete(seen, id)
		}
	}
	for id := range seen {
		t.Errorf("%s is of no topic", strings.TrimSpace(id))
	}
}
