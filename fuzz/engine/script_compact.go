package engine

import (
	"fmt"
	"slices"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/spec"
)

// Script writes the program in the scenario language. What a step is about is decided when a program runs, and in a script when it is written: of a program's sockets and
// operations a step takes those that there would be if its steps ran in the order in which they stand. So a script does nearly what the program does, its choices are
// others, and a failure has to be looked for again: see Search. Its connections are made one after the other, each a line.
func (p *Program) Script() *conformance.Case {
	return p.script(rendering{limit: true})
}

// rendering is how a program is written as a script.
type rendering struct {
	// apart: all accepts are posted, and the connections made, as the program does it; where it is that what fails.
	apart bool
	// limit: the port lets no more threads run than the program says. Only some targets are capable of that.
	limit bool
	// about is what each step was about in a run of the program, see run.about; nil: what it would be about if the steps ran in the order in which they stand.
	about []int
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
		o := &thing{name: s.name('a'), verb: "accept"}
		s.line("accept %s on L as %s", o.name, x.name)
		s.ops = append(s.ops, o)
	}
	for _, f := range far {
		s.peer("%s connects L", f.name)
	}
	for range socks {
		s.line("wait P max=%d", len(socks)) // as the program does: they may come together
	}
	for i, x := range socks {
		s.line("associate %s to P key=%d", x.name, 2+i)
	}
}

func (p *Program) script(how rendering) *conformance.Case {
	s := &script{names: map[byte]int{}}
	limit := ""
	if p.Limit > 0 && how.limit {
		limit = fmt.Sprintf(" concurrency=%d", p.Limit)
	}
	s.line("port P%s", limit)
	far := make([]*thing, p.Sessions) // the latest of each far end's thread
	for i := range p.Sessions {
		s.socks = append(s.socks, &thing{name: s.name('s')})
		far[i] = &thing{name: s.name('c')}
	}
	if how.apart {
		s.connections(s.socks, far)
	} else {
		s.sessions(s.socks, far)
	}
	if len(p.Steps) > 0 {
		s.text.WriteString("par {\n")
		s.indent = "  "
		started := p.operations(s, how)
		for i := range p.Steps {
			if step := &p.Steps[i]; int(step.Thread) < p.Threads {
				s.at = fmt.Sprintf("t%d", step.Thread+1)
				s.step(step, i, started, how.about)
				s.at = ""
			} else {
				s.farStep(step, &far[(int(step.Thread)-p.Threads)%p.Sessions])
			}
		}
		s.text.WriteString("}\n")
	}
	return s.finish(0)
}

// operations names what the steps start: a cancel may stand above the line that starts what it cancels.
func (p *Program) operations(s *script, how rendering) []*thing {
	list := make([]*thing, len(p.Steps))
	for i := range p.Steps {
		if step := &p.Steps[i]; int(step.Thread) < p.Threads && (how.about == nil || how.about[i] != none) {
			switch step.Act {
			case Recv:
				list[i] = &thing{name: s.name('r')}
			case Send:
				list[i] = &thing{name: s.name('w')}
			case Accept:
				list[i] = &thing{name: s.name('a')}
			}
		}
	}
	return list
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

// step writes the i-th step. about is nil, or what the steps were about when the program ran.
func (s *script) step(step *Step, i int, started []*thing, about []int) {
	of := unmade
	if about != nil {
		of = about[i]
	}
	if of == none {
		return
	}
	x := s.socks[int(step.Obj)%len(s.socks)]
	if n := mainStarts(of); of < 0 && n < len(s.socks) && step.Act != Cancel { // one of those that there are to begin with
		x = s.socks[n]
	}
	start := func(verb, on, rest string) {
		s.line("%s %s on %s%s", verb, started[i].name, on, rest)
		s.ops = append(s.ops, started[i])
	}
	switch step.Act {
	case Recv:
		start("recv", x.name, fmt.Sprintf(" len=%d", step.N))
	case Send:
		start("send", x.name, fmt.Sprintf(" len=%d", step.N))
	case Accept:
		data := ""
		if step.N > 0 {
			data = fmt.Sprintf(" data=%d", step.N)
		}
		start("accept", "L", data)
	case Cancel:
		var o *thing
		switch n := len(s.ops); {
		case of >= 0:
			o = started[of]
		case of != unmade:
			if m := mainStarts(of); m < n && s.ops[m].verb == "accept" { // they stand first, if they have lines of their own
				o = s.ops[m]
			}
		case n > 0: // mostly one of the latest
			o = s.ops[n-1-int(step.Obj)%min(n, 6)]
		}
		if o != nil {
			s.line("cancel %s", o.name)
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
	for i := range uint64(max(tries, 1)) {
		s := ScheduleOf(i)
		if a := p.Play(c, s); a.Signature() == signature {
			return s, true
		}
	}
	return spec.Schedule{}, false
}
