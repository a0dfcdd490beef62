package engine

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/spec"
)

// Budget bounds how much is done to make a failure small. Where runs can be repeated the outcome depends on Runs alone, and For is there to cut it short.
type Budget struct {
	Runs int           // attempts; 0 is 16000, of which most failures take a few hundred
	For  time.Duration // 0: as long as it takes
}

// Minimised is a failure made small.
type Minimised struct {
	Case      *conformance.Case
	Picks     []uint32 // the choices that lead there, the zeros at the end cut off; none on a real machine
	Signature string
	Lines     int // of the script
	Runs      int // attempts it took
	Seen      int // of a real machine: in so many of the last Tries the failure came
	Tries     int
	Shown     *conformance.CaseResult // of a real machine: one of these
}

// MinimiseScript makes a failure small: its script and its choices together. s leads to the failure: a schedule that replays its choices, or the one that
// drew them. What it returns has failed with the signature twice in a row; false means that the failure could not be repeated to begin with.
//
// Lines and blocks are left out, with what depends on them; threads and things become one; blocks are dissolved; what is done to many things alike becomes a repeat; numbers become plain
// and options go; choices become 0; what is left gets plain names. Since a script that has changed asks for other choices, a change that does not fail with the old ones is
// tried as the old run went on without what is gone (follow.go), and with others, before it is given up.
func MinimiseScript(p *conformance.Player, c *conformance.Case, s spec.Schedule, signature string, budget Budget) (Minimised, bool) {
	m := &minimiser{player: p, signature: signature, left: budget.Runs, real: p.Target().About.World != "sim"}
	if m.left == 0 {
		m.left = 16000
	}
	if budget.For > 0 {
		m.until = time.Now().Add(budget.For)
	}
	if !m.begin(c, s) {
		return Minimised{Case: c, Signature: signature, Runs: m.runs}, false
	}
	whole, picks, patience := m.c, m.picks, m.tries
	m.reduce(patience)
	for m.way = 1; m.way < ways && count(m.body()) > enough && !m.real && !m.over(); m.way++ {
		small, its := m.c, m.picks
		m.c, m.picks, m.moves = whole, picks, nil
		if m.reduce(patience); count(m.body()) >= count(steps(small.File.Lines)) {
			m.c, m.picks, m.moves = small, its, nil
		}
	}
	m.rename()
	return m.end()
}

// A failure of which more than enough lines are left is made small in other ways as well: which lines go first, and which other schedules they are tried with, decides on how far it goes.
const (
	ways   = 3
	enough = 3
)

// reduce makes the script smaller until nothing does any more.
func (m *minimiser) reduce(patience int) {
	for again := true; again && !m.over(); {
		before := m.weight()
		m.tries = min(patience, 4) // most of what can go goes easily
		m.mergeThings()
		m.leaveOut()
		m.tries = patience
		m.leaveOut()
		m.dissolve()
		m.mergeThreads()
		m.unbrace()
		m.roll()
		m.plain()
		m.dull()
		if again = m.weight() < before; !again {
			again = m.leaveOutTwo()
		}
	}
}

type minimiser struct {
	player    *conformance.Player
	right     *conformance.Player     // on a back end that does nothing wrong
	beside    []*conformance.Player   // on a real machine: for runs at the same time, as in the campaign
	shown     *conformance.CaseResult // of the latest that failed there
	signature string
	real      bool
	c         *conformance.Case
	picks     []uint32
	moves     []move // that the choices are; nil: not noted yet
	tries     int    // other schedules that a change is tried with
	way       int    // in which it is made small, from 0
	left      int
	runs      int
	until     time.Time
}

func (m *minimiser) over() bool { return m.left <= 0 || !m.until.IsZero() && time.Now().After(m.until) }

// play reports whether the script fails so under the schedule, and keeps its choices if it does.
func (m *minimiser) play(c *conformance.Case, s spec.Schedule) bool {
	m.left--
	m.runs++
	a := m.player.Play(c, s)
	if a.Signature() != m.signature {
		return false
	}
	m.picks, m.moves = cut(append(m.picks[:0:0], a.Picks...)), nil
	return true
}

// atOnce is how many runs there are at the same time on a real machine. A race that was seen beside others may never be lost by a run that has the machine to itself, and most of a
// run is waiting.
const atOnce = 8

// playAtOnce runs the script so many times on a real machine, and tells how often it failed so.
func (m *minimiser) playAtOnce(c *conformance.Case) (seen int) {
	for len(m.beside) < atOnce {
		m.beside = append(m.beside, m.player.Beside())
	}
	failed := make([]*conformance.CaseResult, atOnce)
	var all sync.WaitGroup
	for i, p := range m.beside {
		all.Go(func() {
			if a := p.Play(c, spec.Schedule{}); a.Signature() == m.signature {
				failed[i] = a.Result(c)
			}
		})
	}
	all.Wait()
	m.left -= atOnce
	m.runs += atOnce
	for _, r := range failed {
		if r != nil {
			m.shown = r
			seen++
		}
	}
	return seen
}

// cut leaves out the zeros at the end: past the end every choice is 0.
func cut(picks []uint32) []uint32 {
	for len(picks) > 0 && picks[len(picks)-1] == 0 {
		picks = picks[:len(picks)-1]
	}
	return picks
}

// FailureFile is the text of a file that conform replay makes the failure from again; target names the target, with its planted bug if it has one.
func (m *Minimised) FailureFile(about *spec.About, target string) []byte {
	r := conformance.CaseResult{Case: m.Case, Picks: m.Picks}
	if strings.Contains(m.Signature, "-") { // a rule's id
		m.Case.File.SetHeader("rules", m.Signature)
	}
	return r.FailureFile(about, target)
}

func replay(picks []uint32) spec.Schedule { return spec.Schedule{Strategy: "replay", Picks: picks} }

// other is the i-th of the schedules that a change is tried with.
func other(i int) spec.Schedule {
	if i == 0 {
		return spec.Schedule{Strategy: "dull"}
	}
	return ScheduleOf(uint64(i))
}

// most is how many other schedules, or repetitions on a real machine, a change is tried with at most.
const most = 48

// begin repeats the failure and finds out how often it comes by itself: the rarer it is, the more often a change is tried.
func (m *minimiser) begin(c *conformance.Case, s spec.Schedule) bool {
	c = tidy(c)
	if m.real {
		seen := 0
		for m.runs < 200 && seen < 5 && !m.over() {
			seen += m.playAtOnce(c)
		}
		m.c, m.tries = c, min(200, 3*m.runs/max(seen, 1)+1)
		return seen > 0
	}
	if !m.play(c, s) || !m.play(c, replay(m.picks)) {
		return false
	}
	m.c = c
	picks, seen := m.picks, 0
	for i := range most {
		if m.play(c, other(i)) {
			seen++
		}
	}
	m.picks = picks
	if m.tries = most; seen > 0 {
		m.tries = min(most, 3*most/seen+1)
	}
	return true
}

// try takes a change of the script if it still fails: with the choices that there are, as the run that there is goes on without what is gone, else with others.
func (m *minimiser) try(nodes []scenario.Node) bool {
	if m.over() {
		return false
	}
	c, ok := rebuilt(m.c, nodes)
	if !ok {
		return false
	}
	if _, fits := c.Applies(&m.player.Target().About); !fits {
		return false // what is left may be none for the target: a port, of what watches sockets
	}
	before := m.picks
	if !m.fails(c) {
		return false // the run that there is is the same, and its moves are
	}
	if (m.signature == hangs || waitsForEver(nodes)) && m.hangsByItself(c) {
		m.picks, m.moves = before, nil
		return false
	}
	m.c = c
	return true
}

// hangs is the signature of a run that did not end.
const hangs = "hang"

// waitsForEver reports whether there is a wait without an end.
func waitsForEver(nodes []scenario.Node) (does bool) {
	eachLine(nodes, func(l *scenario.Line) {
		a, is := l.Action.(*scenario.WaitLine)
		does = does || is && a.Forever
	})
	return does
}

// hangsByItself reports whether a script hangs on a back end that does nothing wrong: it waits for what nobody does any more, now that the line is gone that did it.
func (m *minimiser) hangsByItself(c *conformance.Case) bool {
	if m.right == nil {
		right := simulated.Model(simnet.Options{})
		if isPoller(&m.player.Target().About) {
			right = simulated.Poller(simnet.Options{})
		}
		m.right = conformance.NewPlayer(right, "", nil)
	}
	if _, fits := c.Applies(&m.right.Target().About); !fits {
		return false
	}
	for i := range 3 {
		if a := m.right.Play(c, other(i)); a.Signature() == hangs {
			return true
		}
	}
	return false
}

// fails looks for a run of a changed script that fails.
func (m *minimiser) fails(c *conformance.Case) bool {
	if m.real {
		for i := 0; i < m.tries && !m.over(); i += atOnce {
			if m.playAtOnce(c) > 0 {
				return true
			}
		}
		return false
	}
	if m.play(c, replay(m.picks)) {
		return true
	}
	moves := m.noted()
	threads := renumbered(threadsOf(m.c.File.Lines), threadsOf(c.File.Lines))
	if m.play(c, following(moves, threads)) {
		return true
	}
	for i := 0; i < m.tries && !m.over(); i++ {
		k := i + m.way*most
		if i%2 == 0 && m.play(c, other(k/2)) || i%2 == 1 && m.play(c, following(lacking(moves, uint64(k)), threads)) {
			return true
		}
	}
	return false
}

// noted is the moves of the run that there is.
func (m *minimiser) noted() []move {
	if m.moves == nil {
		n := &noted{picks: m.picks}
		m.player.Play(m.c, spec.Schedule{Strategy: "source", Source: n})
		m.moves = n.moves
		m.left--
		m.runs++
	}
	return m.moves
}

// body is the script without its headers.
func (m *minimiser) body() []scenario.Node { return steps(m.c.File.Lines) }

// with is the headers and that body.
func (m *minimiser) with(body []scenario.Node) []scenario.Node {
	var list []scenario.Node
	for _, n := range m.c.File.Lines {
		if _, is := n.(*scenario.Header); is {
			list = append(list, n)
		}
	}
	return append(list, body...)
}

// leaveOut leaves out stretches of lines and blocks, long ones first, then single lines, wherever they stand; one way from the beginning, another from the end.
func (m *minimiser) leaveOut() {
	for width := (len(m.body()) + 1) / 2; width > 1; width /= 2 {
		for at := 0; at < len(m.body()); {
			body := m.body()
			from, to := at, min(at+width, len(body))
			if m.way%2 == 1 {
				from, to = len(body)-to, len(body)-from
			}
			if !m.try(m.with(slices.Delete(slices.Clone(body), from, to))) {
				at += width
			}
		}
	}
	for k := 0; ; {
		at := k
		if m.way%2 == 1 {
			at = size(m.body()) - 1 - k
		}
		body, there := replaced(m.body(), at, func(scenario.Node) []scenario.Node { return nil })
		if !there {
			return
		}
		if !m.try(m.with(body)) {
			k++
		}
	}
}

// leaveOutTwo leaves out two lines at once, of which neither can go alone, and reports whether there were such.
func (m *minimiser) leaveOutTwo() bool {
	patience := m.tries
	defer func() { m.tries = patience }()
	m.tries = min(patience, 8)
	nothing := func(scenario.Node) []scenario.Node { return nil }
	n := size(m.body())
	for i := range n {
		for k := i + 1; k < n && n <= 24; k++ {
			body, _ := replaced(m.body(), k, nothing)
			if body, _ = replaced(body, i, nothing); m.try(m.with(body)) {
				return true
			}
		}
	}
	return false
}

// replaced puts others in the place of the k-th node, counted from 0 in the order of the text, and reports whether there is one.
func replaced(nodes []scenario.Node, k int, by func(scenario.Node) []scenario.Node) (list []scenario.Node, there bool) {
	for _, n := range nodes {
		if k == 0 {
			list, there = append(list, by(n)...), true
			k--
			continue
		}
		if k--; k >= 0 {
			if b, is := n.(*scenario.Block); is {
				x := *b
				inside := size(b.Lines)
				if k < inside {
					x.Lines, there = replaced(b.Lines, k, by)
					n = &x
				}
				if k -= inside; k < 0 && len(x.Lines) == 0 {
					continue
				}
			}
		}
		list = append(list, n)
	}
	return list, there
}

// size is how many lines and blocks there are.
func size(nodes []scenario.Node) (n int) {
	for _, x := range nodes {
		n++
		if b, is := x.(*scenario.Block); is {
			n += size(b.Lines)
		}
	}
	return n
}

// plain makes lines plainer, one after the other: options go, numbers become small, waits need no time.
func (m *minimiser) plain() {
	n := 0
	eachLine(m.c.File.Lines, func(*scenario.Line) { n++ })
	for i := range n {
		for k := 0; ; k++ {
			at, more := -1, false
			body := changed(m.body(), func(l *scenario.Line) {
				if at++; at == i {
					more = plainer(l, k)
				}
			})
			if !more {
				break
			}
			if m.try(m.with(body)) {
				k-- // what has its place now
			}
		}
	}
}

// dull moves choices towards 0: stretches of them, long ones first.
func (m *minimiser) dull() {
	if m.real {
		return
	}
	for width := len(m.picks); width > 0 && !m.over(); width /= 2 {
		for at := 0; at < len(m.picks) && !m.over(); at += width {
			end := min(at+width, len(m.picks))
			if !slices.ContainsFunc(m.picks[at:end], func(c uint32) bool { return c != 0 }) {
				continue
			}
			before := m.picks
			less := slices.Clone(before)
			clear(less[at:end])
			if !m.play(m.c, replay(less)) || len(cut(m.picks)) > len(before) {
				m.picks = before
			}
		}
	}
}

// weight is what is to become less.
func (m *minimiser) weight() int {
	n := 0
	for _, p := range m.picks {
		if p != 0 {
			n++
		}
	}
	return 1000*count(m.body()) + len(scenario.Print(m.c.File)) + n
}

// rename gives what is left the names that one would give, if it fails under them as well.
func (m *minimiser) rename() {
	if body, ok := plainNames(m.body()); ok {
		m.left = max(m.left, m.tries+2)
		m.try(m.with(body))
	}
}

// end replays what is left twice.
func (m *minimiser) end() (Minimised, bool) {
	out := Minimised{Case: m.c, Signature: m.signature, Lines: count(m.body()), Tries: 2}
	if m.real {
		most := 2 * m.tries
		for out.Tries = 0; out.Tries < most && (!m.over() || out.Tries == 0); out.Tries += atOnce {
			out.Seen += m.playAtOnce(m.c)
		}
		out.Shown = m.shown
	} else {
		out.Picks = m.picks
		for range out.Tries {
			if m.play(m.c, replay(out.Picks)) {
				out.Seen++
			}
		}
	}
	out.Runs = m.runs
	return out, out.Seen >= 2
}
