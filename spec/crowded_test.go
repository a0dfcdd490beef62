package spec

import (
	"fmt"
	"strings"
	"testing"
)

// A connect that fails is accused as long as the far end's queue has room for certain: however many connects there were before, if their connections have been accepted.
func TestAFarEndThatAcceptsIsNotCrowded(t *testing.T) {
	dial := func(i int) string {
		return fmt.Sprintf("main socket s%d\nmain bind s%[1]d @0\nmain associate p1 s%[1]d key=1\nmain connect s%[1]d o%[1]d @90\n", i)
	}
	for _, x := range []struct {
		before   int
		accepted bool
		broken   string
	}{{15, false, "CON-1"}, {16, false, ""}, {16, true, "CON-1"}, {100, true, "CON-1"}} {
		var b strings.Builder
		b.WriteString(port1 + "l peer-listen c1 @90\n")
		for i := 1; i <= x.before; i++ {
			b.WriteString(dial(i))
			if x.accepted {
				fmt.Fprintf(&b, "l peer-accept c%d -> @%d\n", 1000+i, 5000+i)
			}
			fmt.Fprintf(&b, "main wait p1 -> o%d ok addr=@%d\n", i, 5000+i)
		}
		b.WriteString(dial(x.before+1) + fmt.Sprintf("main wait p1 -> o%d refused\n", x.before+1))
		ids, why := brokenBy(NewChecker().Check(build(t, able(), b.String())))
		if got := strings.Join(ids, " "); got != x.broken {
			t.Errorf("after %d connects, accepted: %v: broken %q, want %q\n%s", x.before, x.accepted, got, x.broken, strings.Join(why, "\n"))
		}
	}
}
