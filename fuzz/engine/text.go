package engine

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// MarshalText writes the program on one line, as a corpus keeps it: sessions, threads and limit, then thread, act, object and number of each step.
func (p *Program) MarshalText() ([]byte, error) {
	b := fmt.Appendf(nil, "%d %d %d", p.Sessions, p.Threads, p.Limit)
	for _, s := range p.Steps {
		b = fmt.Appendf(b, ", %d %s %d %d", s.Thread, s.Act, s.Obj, s.N)
	}
	return b, nil
}

// UnmarshalText reads what MarshalText wrote.
func (p *Program) UnmarshalText(text []byte) error {
	head, rest, more := strings.Cut(string(text), ", ")
	var err error
	number := func(s string, most int) int {
		n, e := strconv.Atoi(s)
		if e != nil || n < 0 || n > most {
			err = fmt.Errorf("%q is no number up to %d", s, most)
		}
		return n
	}
	shape := strings.Split(head, " ")
	if len(shape) != 3 {
		return fmt.Errorf("%q: sessions, threads and limit are wanted", head)
	}
	q := Program{Sessions: number(shape[0], MaxSessions), Threads: number(shape[1], MaxThreads), Limit: number(shape[2], 64)}
	if err == nil && (q.Sessions < 1 || q.Threads < 1) {
		err = errors.New("at least one session and one thread")
	}
	for more && err == nil {
		var step string
		step, rest, more = strings.Cut(rest, ", ")
		w := strings.Split(step, " ")
		if len(w) != 4 {
			return fmt.Errorf("step %d: %q: thread, act, object and number are wanted", len(q.Steps)+1, step)
		}
		act := slices.Index(actWord[:], w[1])
		if act < 0 {
			return fmt.Errorf("step %d: there is no act %q", len(q.Steps)+1, w[1])
		}
		s := Step{uint8(number(w[0], q.Threads+q.Sessions-1)), Act(act), uint8(number(w[2], 255)), uint32(number(w[3], 1<<24))}
		if q.Steps = append(q.Steps, s); len(q.Steps) > MaxSteps {
			return fmt.Errorf("more than %d steps", MaxSteps)
		}
	}
	if err != nil {
		return err
	}
	*p = q
	return nil
}
