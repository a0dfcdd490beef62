package spec

import "testing"

// One byte is no bytes.
func TestOneByteIsOne(t *testing.T) {
	for _, x := range []struct {
		n    int
		want string
	}{{0, "0 bytes of 0 bytes"}, {1, "1 byte of 1 byte"}, {21, "21 bytes of 21 bytes"}, {-1, "-1 bytes of -1 bytes"}} {
		if got := bad("%d bytes of %d bytes", x.n, x.n).said; got != x.want {
			t.Errorf("%q, want %q", got, x.want)
		}
	}
}
