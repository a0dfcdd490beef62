package fuzz

import (
	"fmt"
	"slices"
	"time"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/spec"
)

// Script writes the program in the scenario language. What a step is about is decided when a program runs, and in a script when it is written: of a program's sockets and
// operations a step takes those that there would be if its steps ran in the order in which they stand. So a script does nearly what the program does, its choices are
// others, and a failure has to be looked for again: see Search. Its connections are made one after the other, each a line.
func (p *Program) Script() *conformance.Case {
	return p.script((*script).sessions)
}

// apart is Script with all accepts posted, and the connections made, as the program does it: where it is that what fails.
func (p *Program) apart() *conformance.Case {
	return p.script((*script).connections)
}

// sessions makes each connection in one line.
func (s *script) sessions(socks, far []*thing) {
	for i := range socks {
		s.line("session %s key=%d peer=%s", socks[i].name, 2+i, far[i].name)
	}
}

// connections makes them step by step.
func (s *script) connections(socks, far []*thing) {
	s.line("listen L on P key=0")
	for _, x := range socks {
		o := &thing{name: s.name('a')}
		s.line("accept %s on L as %s", o.name, x.name)
		s.ops = append(s.ops, o)
	}
	for _, f := range far {
		s.peer("%s connects L", f.name)
	}
	for range socks {
		s.line("wait P")
	}
	for i, x := range socks {
		s.line("associate %s to P key=%d", x.name, 2+i)
	}
}

func (p *Program) script(connect func(s *script, socks, far []*thing)) *conformance.Case {
	s := &script{names: map[byte]int{}}
	limit := ""
	if p.Limit > 0 {
		limit = fmt.Sprintf(" concurrency=%d", p.Limit)
	}
	s.line("port P%s", limit)
	far := make([]*thing, p.Sessions) // the latest of each far end's thread
	for i := range p.Sessions {
		s.socks = append(s.socks, &thing{name: s.name('s')})
		far[i] = &thing{name: s.name('c')}
	}
	connect(s, s.socks, far)
	if len(p.Steps) > 0 {
		s.text.WriteString("par {\n")
		s.indent = "  "
		for i := range p.Steps {
			if step := &p.Steps[i]; int(step.Thread) < p.Threads {
				s.at = fmt.Sprintf("t%d", step.Thread+1)
				s.step(step)
				s.at = ""
			} else {
				s.farStep(step, &far[(int(step.Thread)-p.Threads)%p.Sessions])
			}
		}
		s.text.WriteString("}\n")
	}
	return s.finish(0)
}

// exits is the script with the end of each of its threads at the end. When a program is over its threads are too, while those of a script last as long as that.
func exits(c *conformance.Case) (*conformance.Case, bool) {
	nodes := c.File.Lines
	var threads []string
	eachLine(nodes, func(l *scenario.Line) {
		if l.Thread != "" && !slices.Contains(threads, l.Thread) {
			threads = append(threads, l.Thread)
			nodes = append(nodes[:len(nodes):len(nodes)], &scenario.Line{Thread: l.Thread, Action: &scenario.ExitLine{}})
		}
	})
	return rebuilt(c, nodes)
}

func (s *script) step(step *Step) {
	x := s.socks[int(step.Obj)%len(s.socks)]
	start := func(letter byte, verb, on, rest string) {
		o := &thing{name: s.name(letter)}
		s.line("%s %s on %s%s", verb, o.name, on, rest)
		s.ops = append(s.ops, o)
	}
	switch step.Act {
	case Recv:
		start('r', "recv", x.name, fmt.Sprintf(" len=%d", step.N))
	case Send:
		start('w', "send", x.name, fmt.Sprintf(" len=%d", step.N))
	case Accept:
		data := ""
		if step.N > 0 {
			data = fmt.Sprintf(" data=%d", step.N)
		}
		start('a', "accept", "L", data)
	case Cancel:
		if n := len(s.ops); n > 0 { // mostly one of the latest
			s.line("cancel %s", s.ops[n-1-int(step.Obj)%min(n, 6)].name)
		}
	case CancelAll:
		s.line("cancel all %s", x.name)
	case Close:
		s.line("close %s", x.name)
	case ShutSend:
		s.line("shutdown %s send", x.name)
	case ShutRecv:
		s.line("shutdown %s receive", x.name)
	case Skip:
		s.line("skip %s", x.name)
	case Post:
		s.line("post %s to P key=%d bytes=%d", s.name('k'), step.Obj, step.N)
	case Poll:
		s.line("wait P 0s max=%d", max(step.N, 1))
	case Wait:
		s.line("wait P max=%d", max(step.N, 1))
	}
}

func (s *script) farStep(step *Step, far **thing) {
	f := *far
	if step.Act == Dial {
		*far = &thing{name: s.name('c')}
		s.peer("%s connects L", (*far).name)
		return
	}
	if f.gone {
		return
	}
	switch step.Act {
	case PeerSend:
		s.peer("%s sends %d", f.name, max(step.N, 1))
	case PeerRead:
		s.peer("%s reads %d", f.name, max(step.N, 1))
	case PeerHalf:
		s.peer("%s half-closes", f.name)
	case PeerClose, PeerReset:
		f.gone = true
		s.peer("%s %s", f.name, map[Act]string{PeerClose: "closes", PeerReset: "resets"}[step.Act])
	}
}

// Search looks for a schedule under which the script fails with the signature, in so many tries.
func Search(p *conformance.Player, c *conformance.Case, signature string, tries int) (spec.Schedule, bool) {
	return search(p, c, signature, tries, time.Time{})
}

// search begins no try after that time, unless it is 0.
func search(p *conformance.Player, c *conformance.Case, signature string, tries int, until time.Time) (spec.Schedule, bool) {
	for i := range uint64(max(tries, 1)) {
		if !until.IsZero() && time.Now().After(until) {
			break
		}
		s := ScheduleOf(i)
		if a := p.Play(c, s); a.Signature() == signature {
			return s, true
		}
	}
	return spec.Schedule{}, false
}
