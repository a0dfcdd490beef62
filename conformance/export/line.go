package export

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ioconform/ioconform/conformance/scenario"
)

// writer writes the lines, each to the thread that does it.
type writer struct {
	file    *scenario.File
	names   *names
	threads map[string]*thread
	order   []*thread // in the order of their first use; main is the first
	err     error
}

// thread is the text of a thread: of main, a sequence; of others, the cases of a switch.
type thread struct {
	name  string
	depth int
	strings.Builder
}

func (t *thread) line(format string, args ...any) {
	if format != "" {
		t.WriteString(strings.Repeat("    ", t.depth))
		fmt.Fprintf(t, format, args...)
	}
	t.WriteByte('\n')
}

func (w *writer) thread(name string) *thread {
	t := w.threads[name]
	if t == nil {
		t = &thread{name: name, depth: 1}
		w.threads[name] = t
		w.order = append(w.order, t)
	}
	return t
}

// variable is what the program calls a thread.
func (t *thread) variable() string { return "thread_" + noIdent.ReplaceAllString(t.name, "_") }

func (w *writer) nodes(nodes []scenario.Node) {
	main := w.thread("main")
	for _, n := range nodes {
		switch n := n.(type) {
		case *scenario.Line:
			w.mainLine(n)
		case *scenario.Block:
			if n.Kind == scenario.Par {
				w.par(n)
				continue
			}
			main.line("")
			main.line("/* line %d: repeat %s */", n.Pos.Line, n.Times)
			main.line("for (round = 0; round < %d; round++) {", n.Times.Int())
			main.depth++
			for _, name := range guarded(n.Lines) {
				main.line("%s = NULL;", ident(name))
			}
			w.nodes(n.Lines)
			main.depth--
			main.line("}")
		}
	}
}

// guarded are the operations that a round of a block may not start.
func guarded(nodes []scenario.Node) (list []string) {
	for _, n := range nodes {
		if l, is := n.(*scenario.Line); is && l.Guard != nil {
			if a, starts := l.Action.(*scenario.StartLine); starts {
				list = append(list, a.Name)
			}
		}
	}
	return list
}

// mainLine writes a line that does not stand in a par: main does it itself, or has a thread do it.
func (w *writer) mainLine(l *scenario.Line) {
	main := w.thread("main")
	by := l.Thread
	if x, is := l.Action.(*scenario.PeerLine); is && by == "" && l.Background {
		by = "peer " + x.Peer
	}
	if by == "" {
		main.line("")
		main.line("/* line %d: %s */", l.Pos.Line, comment(l.String()))
		w.line(main, l)
		return
	}
	t := w.thread(by)
	main.line("")
	main.line("/* line %d: %s */", l.Pos.Line, comment(l.String()))
	if _, join := l.Action.(*scenario.JoinLine); join {
		main.line("finish(&%s, %d);", t.variable(), l.Pos.Line)
		main.line("got = %s.last;", t.variable())
		w.check(main, l)
		return
	}
	w.give(t, l)
	if l.Background {
		main.line("background(&%s, %d);", t.variable(), l.Pos.Line)
	} else {
		main.line("on(&%s, %d);", t.variable(), l.Pos.Line)
	}
}

// give writes a line as a case of its thread.
func (w *writer) give(t *thread, l *scenario.Line) {
	t.line("case %d: /* %s */", l.Pos.Line, comment(l.String()))
	t.depth++
	w.line(t, l)
	t.line("break;")
	t.depth--
}

// par writes a block whose threads and far ends run at once, main among them.
func (w *writer) par(b *scenario.Block) {
	main := w.thread("main")
	main.line("")
	main.line("/* line %d: par: all of these at once */", b.Pos.Line)
	var mine []*scenario.Line
	var others []*thread
	for _, n := range b.Lines {
		l, is := n.(*scenario.Line)
		if !is {
			continue
		}
		by := l.Thread
		if x, is := l.Action.(*scenario.PeerLine); is && by == "" {
			by = "peer " + x.Peer
		}
		if _, join := l.Action.(*scenario.JoinLine); join && by != "" {
			w.err = &Unsupported{w.file.Name, l.Pos, "join in a par"}
			return
		}
		if by == "" {
			mine = append(mine, l)
			continue
		}
		t := w.thread(by)
		w.give(t, l)
		main.line("background(&%s, %d); /* %s */", t.variable(), l.Pos.Line, comment(l.String()))
		if !l.Background && !slices.Contains(others, t) {
			others = append(others, t)
		}
	}
	for _, l := range mine {
		w.mainLine(l)
	}
	for _, t := range others {
		main.line("finish(&%s, %d);", t.variable(), b.Pos.Line)
	}
}

// line writes what a line does, and the check of what it came to.
func (w *writer) line(t *thread, l *scenario.Line) {
	if g := l.Guard; g != nil {
		t.line("if (came(%s, %s)) {", ident(g.Name), quote(g.Status))
		t.depth++
		defer func() {
			t.depth--
			t.line("} else {")
			t.line("    got = not_run();")
			t.line("}")
		}()
	}
	w.act(t, l)
	w.check(t, l)
}

// check writes the comparison of what came with what the line allows.
func (w *writer) check(t *thread, l *scenario.Line) {
	condition, allowed := expected(l)
	t.line("check(%d, %s, &got,", l.Pos.Line, quote(l.String()))
	t.line("      %s,", condition)
	t.line("      %s);", quote(allowed))
	if a, is := l.Action.(*scenario.WaitLine); is {
		if l.Result == nil {
			t.line("leave(&got);")
		}
		if a.As != "" {
			t.line("%s = got.kind == PACKETS ? got.packets[0] : NULL;", ident(a.As))
		}
	}
}

// program is what follows the prelude: the variables, the threads and main.
func (w *writer) program(name string) string {
	var b strings.Builder
	b.WriteString("/* The scenario. */\n\n")
	w.names.declare(&b)
	for _, t := range w.order[1:] {
		fmt.Fprintf(&b, "\nstatic void run_%s(struct worker *self, int line)\n{\n    struct outcome got = not_run();\n    switch (line) {\n%s    }\n    self->last = got;\n}\n",
			t.variable(), t.String())
		fmt.Fprintf(&b, "static struct worker %s = {%s, run_%[1]s};\n", t.variable(), quote(t.name))
	}
	b.WriteString("\nint main(void)\n{\n    struct outcome got;\n")
	if main := w.threads["main"].String(); strings.Contains(main, "round < ") {
		b.WriteString("    int round;\n")
	}
	fmt.Fprintf(&b, "    begin();\n    puts(%s);\n%s\n    end_of_scenario();\n    return 0;\n}\n", quote(name), w.threads["main"].String())
	return b.String()
}
