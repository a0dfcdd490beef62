package spec

// Standing is what became of a claim of the source document.
type Standing string

const (
	Holds       Standing = "holds"
	Conditional Standing = "conditional" // holds under a discipline that the document does not name
	Refuted     Standing = "refuted"     // does not hold, or not as it is put
	Unsettled   Standing = "unsettled"   // this run cannot tell
)

// Claim is one statement of the document that the suite executes: a lecture note for game server programmers on completion ports
// and epoll. The words are ours; the statements, their order and their headings are the document's.
type Claim struct {
	ID      string // S1 … S37
	Section string
	Text    string
	Of      string   // completion, readiness, both
	Rules   []string // on which it rests: it stands only if they were held
	Shown   []string // cases that show it: it stands only if they passed
	// Against names cases that show where it does not hold. A claim for which they pass holds only under Condition, or, where
	// Condition is empty, not at all.
	Against   []string
	Condition string
	Counted   []string // rules whose checks are counted beside the verdict: a fault for each time one was broken, or seen where it is a MAY
	Measured  bool     // a matter of speed: measured, and reported as a number
}

// Claims returns the claims in the order of the document.
func Claims() []*Claim { return allClaims }

// ClaimByID returns the claim.
func ClaimByID(id string) (*Claim, bool) {
	for _, c := range allClaims {
		if c.ID == id {
			return c, true
		}
	}
	return nil, false
}
