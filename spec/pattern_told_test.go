package spec

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

func patterned(uid uint32, at uint64, n int) []byte {
	b := make([]byte, n)
	Pattern(b, uid, at)
	return b
}

// Eight bytes are told, wherever they are from. Most tell their source and their place; those that are alike elsewhere are told as that, and are the same bytes.
func TestEightBytesTellTheirSource(t *testing.T) {
	const sources, length = 300, 2048
	var r PatternReader
	for uid := uint32(1); uid <= sources; uid++ {
		r.Sent(uid, length)
	}
	others := 0
	for i := range uint64(4000) {
		uid, at := uint32(1+i*7919%sources), i*104729%(length-patternLeast)
		if i%50 == 0 {
			at = length - patternLeast
		}
		b := patterned(uid, at, patternLeast)
		list := r.Runs(nil, i, b)
		if len(list) != 1 || list[0].N != patternLeast || list[0].Raw != nil || !bytes.Equal(patterned(list[0].UID, list[0].Off, patternLeast), b) {
			t.Fatalf("eight bytes of source %d at %d are told as %+v", uid, at, list)
		}
		if list[0].UID != uid || list[0].Off != at {
			others++
		}
	}
	if others > 4000/3 {
		t.Errorf("of 4000 places %d are taken for others", others)
	}
}

// told writes runs down: 7@40+12 is of source 7, from 40 on, 12 bytes; raw 3 are three of nobody.
func toldRuns(list []PatternRun) string {
	var words []string
	for _, x := range list {
		if x.Raw != nil || x.UID == 0 {
			words = append(words, fmt.Sprintf("raw %d", len(x.Raw)))
			if len(x.Raw) != x.N {
				words = append(words, fmt.Sprintf("of %d", x.N))
			}
			continue
		}
		words = append(words, fmt.Sprintf("%d@%d+%d", x.UID, x.Off, x.N))
	}
	return strings.Join(words, ", ")
}

// What is of nobody, or too short, stands between the runs as it is; a stream goes on where it stopped.
func TestRunsAreToldWithWhatIsBetweenThem(t *testing.T) {
	var r PatternReader
	r.Sent(7, 100)
	r.Sent(9, 100)
	r.Sent(7, 50) // said again, and less: it has got to 100
	junk := func(n int) []byte { return []byte("################")[:n] }
	join := func(list ...[]byte) (b []byte) {
		for _, x := range list {
			b = append(b, x...)
		}
		return b
	}
	for _, x := range []struct {
		name string
		b    []byte
		want string
	}{
		{"nothing", nil, ""},
		{"a run", patterned(7, 0, 20), "7@0+20"},
		{"the stream goes on", patterned(7, 20, 10), "7@20+10"},
		{"too few bytes, as they should be", patterned(7, 30, 3), "raw 3"},
		{"the stream goes on behind them", patterned(7, 33, 8), "7@33+8"},
		{"seven bytes of another", patterned(9, 40, 7), "raw 7"},
		{"another source", patterned(9, 40, 12), "9@40+12"},
		{"nobody's", junk(10), "raw 10"},
		{"between what is nobody's", join(junk(3), patterned(9, 60, 9), junk(5), patterned(7, 10, 11), junk(1)), "raw 3, 9@60+9, raw 5, 7@10+11, raw 1"},
		{"two sources in a row", join(patterned(9, 60, 9), patterned(7, 10, 11)), "9@60+9, 7@10+11"},
		{"a run and the beginning of another", join(patterned(9, 60, 9), patterned(7, 10, 5)), "9@60+9, raw 5"},
		{"up to where the source has got", patterned(7, 88, 12), "7@88+12"},
		{"beyond where the source has got", patterned(7, 88, 20), "7@88+12, raw 8"},
		{"only beyond", patterned(7, 101, 12), "raw 12"},
	} {
		if got := toldRuns(r.Runs(nil, 1, x.b)); got != x.want {
			t.Errorf("%s: %s, want %s", x.name, got, x.want)
		}
	}
	if got := toldRuns(new(PatternReader).Runs(nil, 1, junk(9))); got != "raw 9" {
		t.Errorf("a reader that knows no source: %s", got)
	}
}
