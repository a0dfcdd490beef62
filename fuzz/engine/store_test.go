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

// A campaign behind an adapter does not go on on a target of the same name that is no adapter, nor the other way round; the command line may be another, as on another machine.
// A folder of before, which does not say which of the two it is of, is the first's that goes on with it.
func TestAFolderIsOfAnAdapterOrNot(t *testing.T) {
	plain := finds(t.TempDir())
	plain.Runs = 4
	behind := plain
	behind.Dir, behind.Exec = t.TempDir(), "./adapter"
	for _, o := range []Options{plain, behind} {
		campaignOn(t, t.Context(), o)
	}
	moved := behind
	moved.Exec = "/opt/adapter"
	campaignOn(t, t.Context(), moved)
	mergedOn(t, t.Context(), moved, t.TempDir(), behind.Dir)
	if name, exec, err := TargetOf(behind.Dir); name != behind.Name || exec != "./adapter" || err != nil {
		t.Errorf("%q, %q, %v", name, exec, err)
	}
	refused := func(o Options, dir string) {
		t.Helper()
		from := dir
		o.Dir = dir
		_, err := Campaign(t.Context(), o)
		_, err2 := Merge(t.Context(), o, []string{from}, t.TempDir())
		for _, err := range []error{err, err2} {
			if err == nil || !strings.Contains(err.Error(), "behind the adapter ./adapter") || dir == behind.Dir && strings.Contains(err.Error(), "go on with that") && !strings.Contains(err.Error(), "(--exec with that adapter --seed 7 --lanes 4)") {
				t.Errorf("%v", err)
			}
		}
	}
	refused(plain, behind.Dir)
	refused(behind, plain.Dir)
	if _, err := Merge(t.Context(), plain, []string{plain.Dir, behind.Dir}, t.TempDir()); err == nil || !strings.Contains(err.Error(), "not parts of one") {
		t.Errorf("%v", err)
	}
	for _, o := range []Options{plain, behind} {
		name := filepath.Join(o.Dir, "campaign.json")
		old, _, _ := strings.Cut(textAt(t, name), `,"exec"`)
		if err := os.WriteFile(name, []byte(old+"}\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		mergedOn(t, t.Context(), o, t.TempDir(), o.Dir)
		campaignOn(t, t.Context(), o)
	}
	refused(plain, behind.Dir)
	refused(behind, plain.Dir)
}

// Whoever goes on with a campaign need not say how many lanes it has, and may not say another number.
func TestAFolderKnowsItsLanes(t *testing.T) {
	o := finds(t.TempDir())
	o.Runs = 4
	campaignOn(t, t.Context(), o)
	o.Lanes, o.Runs = 0, 12
	if r := campaignOn(t, t.Context(), o); r.Options.Lanes != 4 || r.New != 8 {
		t.Errorf("%d lanes, %d new runs", r.Options.Lanes, r.New)
	}
	o.Lanes = 5
	if _, err := Campaign(t.Context(), o); err == nil || !strings.Contains(err.Error(), "seed 7, 4 lanes, not on model/lifo-fill, seed 7, 5 lanes") {
		t.Errorf("%v", err)
	}
}

// A folder that says that its campaign has more lanes than any can have, or none, is not taken at its word.
func TestAFolderWithImpossibleLanes(t *testing.T) {
	for _, lanes := range []string{"-1", "0", "999999999"} {
		dir := t.TempDir()
		name := filepath.Join(dir, "campaign.json")
		if err := os.WriteFile(name, []byte(`{"target":"model","seed":1,"lanes":`+lanes+`,"rules":"00"}`), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := readIdentity(dir); err == nil || !strings.Contains(err.Error(), name+": "+lanes+" lanes: from 1 to 65536") {
			t.Errorf("%s lanes: %v", lanes, err)
		}
	}
}

// A folder of another version of conform is said to be that, and not to be gone on with by what it says of itself.
func TestAFolderOfOtherRules(t *testing.T) {
	o := finds(t.TempDir())
	o.Runs = 4
	campaignOn(t, t.Context(), o)
	name := filepath.Join(o.Dir, "campaign.json")
	suite := o.identity().Suite
	if err := os.WriteFile(name, []byte(strings.Replace(textAt(t, name), suite, "0123456789abcdef", 1)), 0o666); err != nil {
		t.Fatal(err)
	}
	_, err := Campaign(t.Context(), o)
	_, err2 := Merge(t.Context(), o, []string{o.Dir}, t.TempDir())
	for _, err := range []error{err, err2} {
		if err == nil || !strings.Contains(err.Error(), "is a campaign on model/lifo-fill, seed 7, 4 lanes, by the rules of another version of conform") || strings.Contains(err.Error(), suite) || strings.Contains(err.Error(), "--seed") {
			t.Errorf("%v", err)
		}
	}
}
