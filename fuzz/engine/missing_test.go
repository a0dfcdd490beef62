package engine

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/conformance"
)

// A merge from which a shard is missing would not be what one campaign comes to: it says which, and leaves nothing. Who wants what there is says so, and the report tells of it.
func TestAMergeTellsWhichShardIsMissing(t *testing.T) {
	o := finds("")
	o.Runs, o.Lanes = 16, 8
	shard := func(index, count int) string {
		s := o
		s.Dir, s.Shard = t.TempDir(), Shard{index, count}
		campaignOn(t, t.Context(), s)
		return s.Dir
	}
	var of [4]string
	for i := range of {
		of[i] = shard(i, 4)
	}
	half, lost := shard(0, 2), shard(2, 4)
	if err := os.Remove(laneName(lost, 6)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		dirs []string
		want string // "" where nothing is missing
	}{
		{of[:], ""},
		{[]string{half, of[1], of[3]}, ""},
		{[]string{of[0], of[1], of[3]}, "shard 2/4 (lanes 2 and 6 of 8)"},
		{of[2:3], "shards 0/4, 1/4 and 3/4 (lanes 0, 1, 3, 4, 5 and 7 of 8)"},
		{[]string{half, of[1]}, "lanes 3 and 7 of 8"},
		{[]string{of[0], of[1], lost, of[3]}, "lane 6 of 8"},
	} {
		whole := filepath.Join(t.TempDir(), "whole")
		_, err := Merge(t.Context(), o, c.dirs, whole)
		if c.want == "" {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		if err == nil || !strings.HasPrefix(err.Error(), c.want+": in none of the folders") {
			t.Errorf("%v, want %s", err, c.want)
		}
		if _, err := os.Stat(whole); err == nil {
			t.Errorf("%s: something was put together", c.want)
		}
		part := o
		part.Partial = true
		r, err := Merge(t.Context(), part, c.dirs, whole)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		r.Write(&b, "text", conformance.Page{}, func(file, _ string) string { return file })
		if want := "lacking: " + c.want; !strings.Contains(b.String(), want+"\n") {
			t.Errorf("the report lacks %q:\n%s", want, &b)
		}
		b.Reset()
		r.Write(&b, "jsonl", conformance.Page{}, func(file, _ string) string { return file })
		if want := `"lacking":"` + c.want + `"`; !strings.Contains(b.String(), want) {
			t.Errorf("the report lacks %s:\n%s", want, &b)
		}
		if r, err = Merge(t.Context(), o, of[:], whole); err != nil || r.Tally.Runs != o.Runs {
			t.Errorf("%v: with the others it is not the whole", err)
		}
	}
}

// Of how many shards folders are is told by their lanes, if those leave no choice.
func TestTheShardsThatLanesAreOf(t *testing.T) {
	for _, c := range []struct {
		lanes int
		have  [][]int
		want  int
	}{
		{16, [][]int{{1, 5, 9, 13}}, 4},
		{16, [][]int{{0, 12}}, 12},
		{16, [][]int{{5}}, 0},          // of 11, or 16
		{16, [][]int{{5}, {0}}, 16},    // 0/11 would have lane 11 as well
		{16, [][]int{{0, 12}, {3}}, 0}, // 3/12 would have lane 15 as well
		{16, [][]int{{1, 5, 9}}, 0},
		{16, [][]int{{1, 5, 9, 14}}, 0},
		{16, [][]int{{0, 2, 4, 6, 8, 10, 12, 14}, {1, 5, 9, 13}}, 0},
		{16, [][]int{{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}}, 0},
		{16, [][]int{{}, {1, 5, 9, 13}}, 4},
	} {
		if got := shardsOf(c.lanes, c.have); got != c.want {
			t.Errorf("%v of %d: %d, want %d", c.have, c.lanes, got, c.want)
		}
	}
}
