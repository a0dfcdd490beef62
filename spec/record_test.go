package spec

import "testing"

// A recorder that is used again keeps the memory of ordinary operations, not that of the largest sends it has ever recorded.
func TestARecorderDoesNotKeepWhatIsLarge(t *testing.T) {
	r := &Recorder{}
	for range 8 {
		r.keep(make([]byte, 8<<20))
		r.keep([]byte("small"))
	}
	if n := cap(r.bytes); n == 0 || n > mostRoom {
		t.Errorf("an arena of %d bytes is kept; want some, and at most %d", n, mostRoom)
	}
}
