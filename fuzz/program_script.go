package fuzz

import (
	"fmt"
	"strings"

	"github.com/ioconform/ioconform/conformance"
)

// Script is the program as a script. It makes the same calls on the same objects as far as that can be told beforehand: which socket a call of a program is
// about, and which operation is cancelled, depends on what there is when it is made. The choices that a schedule takes are others than those of the program.
func (p *Program) Script() (*conformance.Case, error) {
	var b strings.Builder
	b.WriteString("answers any\n\nport P")
	if p.Limit > 0 {
		fmt.Fprintf(&b, " concurrency=%d", p.Limit)
	}
	b.WriteString("\n")
	for i := range p.Sessions {
		fmt.Fprintf(&b, "session s%d key=%d peer=c%d\n", i+1, i+2, i+1)
	}
	b.WriteString("par {\n")
	w := writer{p: p, b: &b, far: make([]int, p.Sessions)}
	for i := range w.far {
		w.far[i] = i + 1
	}
	w.dialled = p.Sessions
	for i := range p.Steps {
		w.step(&p.Steps[i])
	}
	b.WriteString("}\n")
	return parsed("fuzz/program", b.String())
}

// writer writes the steps of a program as lines.
type writer struct {
	p       *Program
	b       *strings.Builder
	ops     []string
	posts   int
	far     []int // by thread of a far end: the number of the one whose calls it makes
	dialled int
}

func (w *writer) step(s *Step) {
	if int(s.Thread) >= w.p.Threads {
		w.farStep(s, int(s.Thread)-w.p.Threads)
		return
	}
	fmt.Fprintf(w.b, "  @t%d ", s.Thread+1)
	sock := fmt.Sprintf("s%d", 1+int(s.Obj)%w.p.Sessions)
	start := func(letter string) string {
		name := fmt.Sprintf("%s%d", letter, len(w.ops)+1)
		w.ops = append(w.ops, name)
		return name
	}
	switch s.Act {
	case Recv:
		fmt.Fprintf(w.b, "recv %s on %s len=%d\n", start("r"), sock, s.N)
	case Send:
		fmt.Fprintf(w.b, "send %s on %s len=%d\n", start("w"), sock, s.N)
	case Accept:
		fmt.Fprintf(w.b, "accept %s on L", start("a"))
		if s.N > 0 {
			fmt.Fprintf(w.b, " data=%d", s.N)
		}
		w.b.WriteString("\n")
	case Cancel:
		if len(w.ops) == 0 {
			w.b.WriteString("wait P 0s\n")
			return
		}
		fmt.Fprintf(w.b, "cancel %s\n", w.ops[len(w.ops)-1-int(s.Obj)%min(len(w.ops), 6)])
	case CancelAll:
		fmt.Fprintf(w.b, "cancel all %s\n", sock)
	case Close:
		fmt.Fprintf(w.b, "close %s\n", sock)
	case ShutSend:
		fmt.Fprintf(w.b, "shutdown %s send\n", sock)
	case ShutRecv:
		fmt.Fprintf(w.b, "shutdown %s receive\n", sock)
	case Skip:
		fmt.Fprintf(w.b, "skip %s\n", sock)
	case Post:
		w.posts++
		fmt.Fprintf(w.b, "post k%d to P key=%d bytes=%d\n", w.posts, s.Obj, s.N)
	case Poll:
		fmt.Fprintf(w.b, "wait P 0s max=%d\n", max(s.N, 1))
	default:
		fmt.Fprintf(w.b, "wait P max=%d\n", max(s.N, 1))
	}
}

func (w *writer) farStep(s *Step, i int) {
	if s.Act == Dial {
		w.dialled++
		w.far[i] = w.dialled
		fmt.Fprintf(w.b, "  peer c%d connects L\n", w.dialled)
		return
	}
	fmt.Fprintf(w.b, "  peer c%d ", w.far[i])
	switch s.Act {
	case PeerSend:
		fmt.Fprintf(w.b, "sends %d\n", max(s.N, 1))
	case PeerRead:
		fmt.Fprintf(w.b, "reads %d\n", max(s.N, 1))
	case PeerHalf:
		w.b.WriteString("half-closes\n")
	case PeerClose:
		w.b.WriteString("closes\n")
	default:
		w.b.WriteString("resets\n")
	}
}
