package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Merge puts the folders of a campaign's shards together into the folder dir, which may be there already, and returns what all of them came to. Each lane is taken from
// the folder in which it has come farthest, so folders may overlap. What comes out is what one process would have left that had made all
// those runs: its folder can be gone on with, and merged again. A lane that no folder has is an error, unless o.Partial.
//
// The target, with its bugs, is what failures are made small on that no folder has so. Where ctx has ended they stay as they were found.
func Merge(ctx context.Context, o Options, dirs []string, dir string) (r *Report, err error) {
	if len(dirs) == 0 {
		return nil, errors.New("no folder to merge")
	}
	var whole identity
	var by string // the folder that whole.Known is of
	for i, d := range dirs {
		have, err := campaignIn(d)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			whole = have
		} else if !have.is(whole) {
			return nil, fmt.Errorf("%s is %s, as %s is: they are not parts of one", d, have.unlike(whole), dirs[0])
		} else if whole.Exec == nil {
			whole.Exec = have.Exec
		}
		switch {
		case unlike(whole.Known, have.Known):
			o.remark("%s: went by other known failures than %s (--known): what is put together is not what one campaign comes to", d, by)
		case have.Known != nil && by == "":
			whole.Known, by = have.Known, d
		}
	}
	if o.Name == "" {
		o.Name = o.Target.About.Name
	}
	if o.limits == nil {
		o.limits = &usual
	}
	o.Seed, o.Lanes, o.entries = whole.Seed, whole.Lanes, whole.Known
	if want := o.identity(); !want.is(whole) {
		return nil, fmt.Errorf("%s: is %s", dirs[0], whole.unlike(want))
	}
	lacking, err := lackingIn(dirs, dir, o.Lanes)
	if err != nil {
		return nil, err
	}
	if lacking != "" && !o.Partial {
		return nil, fmt.Errorf("%s: in none of the folders, and without it the whole is not what one campaign comes to; --partial puts together what there is", lacking)
	}
	s, err := openStore(dir, &o)
	if err != nil {
		return nil, err
	}
	defer s.closed(&err)
	from := append([]string{dir}, dirs...)
	var lanes []*lane
	var unended []Finding
	for i := range o.Lanes {
		if ctx.Err() != nil {
			return nil, errors.New("stopped before all was put together; the same command begins anew")
		}
		best, text, in, err := farthest(from, i, &o)
		if err != nil {
			return nil, err
		}
		if text == nil {
			continue
		}
		if err := WriteWhole(laneName(dir, i), text); err != nil {
			return nil, err
		}
		lanes = append(lanes, best)
		unended = append(unended, unendedOf(best, nil, append([]string{in}, from...))...)
	}
	r = sum(o, lanes)
	c := &campaign{Options: o, real: o.Target.About.World == "real", lanes: lanes}
	r.Findings = c.allSmaller(ctx, from)
	r.Unended, r.Left, r.Lacking = unended, c.left, lacking
	for _, f := range r.All() {
		if err := s.keep(f); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// farthest returns a lane as it is in the folder in which it has made the most runs, its file's text, and which folder that is; none where no folder has the lane.
func farthest(dirs []string, number int, o *Options) (best *lane, text []byte, in string, err error) {
	for _, d := range dirs {
		name := laneName(d, number)
		t, err := os.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) || err == nil && len(t) < headLength {
			continue
		}
		if err != nil {
			return nil, nil, "", err
		}
		t = inLines(t)
		l := newLane(number, o)
		if err := l.read(t); err != nil {
			return nil, nil, "", fmt.Errorf("%s:%w; without that file conform fuzz makes its runs again", name, err)
		}
		if best == nil || l.tally.Runs > best.tally.Runs {
			best, text, in = l, t, d
		}
	}
	return best, text, in, nil
}
