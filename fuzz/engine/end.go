package engine

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// A run in the real world may take long to end, or never do, whatever the world does to give it up: a call that does not return keeps its thread. A campaign comes to
// its report all the same:
//
//  1. When its time is over no run is begun. Those under way have some time to end, less if somebody has asked for the end.
//  2. Those that have not ended by then are left behind, and told as such: their lane is not touched any more, and what is wrong with them, if anything, is not known.
//  3. What failed is made small, each failure and all together within a time. Nothing is made small any more where a run was left behind, or somebody has asked for the end.
//
// These times decide how much is found out, never what is held against a target. In a simulated world, where what comes out must be the same everywhere, numbers of steps and runs bound
// everything instead, until somebody asks for the end: what has not been made small by then is the next time that the campaign goes on.
type limits struct {
	look  time.Duration // how often is looked; last and asked are counted in looks
	last  time.Duration // that runs under way have to end
	asked time.Duration // likewise, if somebody has asked for the end
	each  time.Duration // for a failure to be made small
	all   time.Duration // for all failures
}

// usual are the limits of campaigns. The world gives up a run in which nothing happens in half of last, on an idle machine.
var usual = limits{look: time.Second, last: 30 * time.Second, asked: 5 * time.Second, each: 20 * time.Second, all: 45 * time.Second}

// play plays the input of a lane. false: the campaign has ended without it, and the lane is not the worker's any more.
func (c *campaign) play(l *lane, p *runner, in Input) (Run, bool) {
	if !c.real {
		return p.play(in), true
	}
	c.mu.Lock()
	c.playing[l], l.early = in, c.shut == 0
	c.mu.Unlock()
	r := p.play(in)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left {
		return r, false
	}
	delete(c.playing, l)
	c.move()
	return r, true
}

// move notes that a run has ended or could still be begun.
func (c *campaign) move() { c.moved, c.looks = time.Now(), 0 }

// leave leaves behind the runs that do not end, if nothing else is to be waited for and they have had their time. It reports whether the campaign has ended so.
func (c *campaign) leave(asked, ended bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case !c.real || !ended && !c.over && c.idle == 0:
		c.move() // runs are still begun
		return false
	case len(c.playing) == 0 || c.busy > len(c.playing): // somebody is about to be done
		return false
	}
	patience := c.limits.last
	if asked {
		patience = c.limits.asked
	}
	if c.looks++; time.Duration(c.looks)*c.limits.look < patience {
		return false
	}
	c.left = true
	for l, in := range c.playing {
		said := fmt.Sprintf("it had not ended %.0f s after everything else had", time.Since(c.moved).Seconds())
		c.unended = append(c.unended, Failure{Signature: unended, Said: said, Lane: l.number, Run: l.tally.Runs, Input: in.clone()})
		l.tally.Runs++ // a campaign that goes on does not begin with it
		l.tally.Unended++
	}
	slices.SortFunc(c.unended, func(a, b Failure) int { return cmp.Compare(a.Lane, b.Lane) })
	return true
}

// allSmaller makes the first failure of each signature small, but for what folders have that has been so already.
func (c *campaign) allSmaller(ctx context.Context, dirs []string) []Finding {
	failures := first(c.lanes)
	list := make([]Finding, len(failures))
	var rest []int
	for i, f := range failures {
		if list[i] = c.taken(f, dirs, c.real); !list[i].Again {
			rest = append(rest, i)
		}
	}
	until := time.Now().Add(c.limits.all)
	for n, i := range rest {
		f, small, done := failures[i], Finding{}, false
		each := min(c.limits.each, time.Until(until)/time.Duration(len(rest)-n))
		if !c.left && ctx.Err() == nil && (!c.real || each > 0) {
			small, done = c.smallerWithin(ctx, f, each)
		}
		have := c.taken(f, dirs, c.real || !done)
		switch {
		case done && (small.Again || !c.real || have.Text == nil):
			list[i] = small
		case have.Text != nil:
			list[i] = have
		default:
			list[i] = f.asFound(&c.Options)
			list[i].untried = true
		}
	}
	for i := range list { // those that were taken from a file
		if f := &list[i]; f.Result == nil && f.Script && !c.real {
			f.Result = f.shown(&c.Options)
		}
	}
	return list
}

// smallerWithin makes a failure small, in the real world in about so long. false: a run does not end, or in a simulated world somebody has asked for the end, and the run is left
// behind.
func (c *campaign) smallerWithin(ctx context.Context, f Failure, limit time.Duration) (Finding, bool) {
	var late <-chan time.Time
	if !c.real {
		limit = 0
	} else {
		timer := time.NewTimer(limit + c.limits.last)
		defer timer.Stop()
		late = timer.C
	}
	done := make(chan Finding, 1)
	go func() { done <- smaller(&c.Options, f, limit) }()
	select {
	case small := <-done:
		return small, true
	case <-late:
	case <-ctx.Done():
		select {
		case small := <-done:
			return small, true
		case <-time.After(c.limits.asked):
		}
	}
	c.left = true
	return Finding{}, false
}

// mostShut is how often in a row a target may refuse to be opened, which is a failure each time, before the campaign ends: an adapter that does not start any more would fail
// thousands of runs in which nothing is run.
const mostShut = 100

// shutOut notes whether the target could be opened for the run, and reports whether the campaign is to end because it cannot be any more.
func (c *campaign) shutOut(l *lane, r *Run) bool {
	opened := r.Err == nil || r.Trace != nil
	if opened && !c.real {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if opened {
		if c.shut < mostShut && !l.early { // else it may have been opened before the others were not
			c.shut = 0
		}
		return false
	}
	c.shut++
	c.over = c.over || c.shut >= mostShut
	return c.shut > mostShut
}
