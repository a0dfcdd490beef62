package engine

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A folder that came through a store of artifacts lacks what was empty: the campaign goes on there all the same, and keeps what it finds.
func TestAFolderWithoutItsEmptyFolders(t *testing.T) {
	o := Options{Target: hanging(t, nil, func(int64) bool { return false }), Runs: 8, Lanes: 2, Dir: t.TempDir(), limits: &short}
	if _, err := Campaign(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	for _, sub := range []string{"found", "lanes"} {
		if err := os.RemoveAll(filepath.Join(o.Dir, sub)); err != nil {
			t.Fatal(err)
		}
		o.Runs += 8
		o.Target = hanging(t, errors.New(`thread "t1" panicked: bad`), func(int64) bool { return false })
		r, err := Campaign(t.Context(), o)
		if err != nil {
			t.Fatalf("without %s: %v", sub, err)
		}
		if len(r.Findings) != 1 || r.Tally.Runs != o.Runs {
			t.Fatalf("without %s: %d findings in %d runs", sub, len(r.Findings), r.Tally.Runs)
		}
		if _, err := os.Stat(r.Findings[0].File); err != nil {
			t.Error(err)
		}
	}
}

// What goes wrong when a folder is closed is told: until then a file may not have been written.
func TestAFolderThatCannotBeClosed(t *testing.T) {
	o := finds(t.TempDir())
	o.Name = o.Target.About.Name
	for _, before := range []error{nil, errors.New("it was full")} {
		s, err := openStore(o.Dir, &o)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.load(newLane(0, &o)); err != nil {
			t.Fatal(err)
		}
		if err := s.files[0].Close(); err != nil {
			t.Fatal(err)
		}
		err = before
		s.closed(&err)
		if !errors.Is(err, os.ErrClosed) || before != nil && !strings.Contains(err.Error(), before.Error()) {
			t.Errorf("after %v: %v", before, err)
		}
	}
}
