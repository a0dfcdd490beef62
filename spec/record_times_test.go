package spec

import (
	"math"
	"testing"
	"time"
)

// A time that is waited is for ever exactly if it is negative, whatever there is room for: on 32 bits, too.
func TestATimeThatIsLongIsNotForEver(t *testing.T) {
	for _, d := range []time.Duration{-time.Hour, -1, 0, 1, time.Millisecond, 1500 * time.Microsecond, 3 * time.Second, 1000 * time.Hour, math.MaxInt64} {
		for _, unit := range []time.Duration{time.Nanosecond, time.Millisecond} {
			if n := inUnits(d, unit); (n < 0) != (d < 0) || (n == 0) != (d == 0) {
				t.Errorf("%v is %d times %v", d, n, unit)
			}
		}
	}
	if n := milliseconds(1500 * time.Microsecond); n != 2 {
		t.Errorf("1.5 ms are %d ms", n)
	}
}
