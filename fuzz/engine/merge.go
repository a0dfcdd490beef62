package engine

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Merge puts the folders of a campaign's shards together into the folder dir, which may be there already, and returns what all of them came to. Each lane is taken from
// the folder in which it has come farthest, so folders may overlap. What comes out is what one process would have left that had made all
// those runs: its folder can be gone on with, and merged again.
//
// The target, with its bugs, is what failures that are new to the whole are made small on.
func Merge(o Options, dirs []string, dir string) (*Report, error) {
	if len(dirs) == 0 {
		return nil, errors.New("no folder to merge")
	}
	var whole identity
	for i, d := range dirs {
		have, err := readIdentity(d)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			whole = have
		} else if have != whole {
			return nil, fmt.Errorf("%s is a campaign %v, and %s one %v: they are not parts of one", d, have, dirs[0], whole)
		}
	}
	o.Seed, o.Lanes = whole.Seed, whole.Lanes
	if want := o.identity(); want != whole {
		return nil, fmt.Errorf("%s: is a campaign %v; this suite's would be %v", dirs[0], whole, want)
	}
	s, err := openStore(dir, &o)
	if err != nil {
		return nil, err
	}
	defer s.close()
	var lanes []*lane
	for i := range o.Lanes {
		best, text, err := farthest(append([]string{dir}, dirs...), i, &o)
		if err != nil {
			return nil, err
		}
		if text == nil {
			continue
		}
		if err := writeWhole(laneName(dir, i), text); err != nil {
			return nil, err
		}
		lanes = append(lanes, best)
	}
	r := sum(o, lanes)
	for _, f := range first(lanes) {
		found, err := s.findingOf(&o, f, dirs)
		if err != nil {
			return nil, err
		}
		r.Findings = append(r.Findings, found)
	}
	return r, nil
}

// farthest returns a lane as it is in the folder in which it has made the most runs, and its file's text; none where no folder has the lane.
func farthest(dirs []string, number int, o *Options) (best *lane, text []byte, err error) {
	for _, d := range dirs {
		name := laneName(d, number)
		t, err := os.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) || err == nil && len(t) < headLength {
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		t = inLines(t)
		l := newLane(number, o)
		if err := l.read(t); err != nil {
			return nil, nil, fmt.Errorf("%s:%w", name, err)
		}
		if best == nil || l.tally.Runs > best.tally.Runs {
			best, text = l, t
		}
	}
	return best, text, nil
}

// findingOf takes over the finding from the folder of the shard that made it, or makes it.
func (s *store) findingOf(o *Options, f Failure, dirs []string) (Finding, error) {
	for _, d := range dirs {
		for _, script := range []bool{true, false} {
			named := Finding{Failure: f, Script: script}
			if found, err := readFinding(filepath.Join(d, "found", named.FileName()), f); err == nil {
				return found, s.keep(&found)
			}
		}
	}
	limit := usual.each
	if o.Target.About.World != "real" {
		limit = 0
	}
	found := smaller(o, f, limit)
	return found, s.keep(&found)
}
