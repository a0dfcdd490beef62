package scenario

import (
	"fmt"
	"strings"
)

// Groups are the families of verbs in the order of the help.
var Groups = []struct {
	Group   Group
	Meaning string
}{
	{GroupOpen, "ports, listeners, sockets, pollers"},
	{GroupStart, "operations: NAME stands for the operation from there on"},
	{GroupControl, "what ends operations or makes up packets"},
	{GroupWait, "taking packets"},
	{GroupPeers, "the far end; peer NAME or, for a group, peer NAME[N]"},
	{GroupPools, "worker threads"},
	{GroupReady, "what pollers watch, and doing without blocking"},
	{GroupMark, "for the runner and the checker"},
}

// Grammar is the help text of the language, made from the tables that the parser obeys.
func Grammar() string {
	var b strings.Builder
	b.WriteString(`A scenario is a text of lines, run one after the other: a line starts when the line before has returned.

  [@THREAD] [misuse] ACTION [-> RESULT] [if=NAME.STATUS] [&]     # comment

  @w1 ...              on thread w1 rather than on the main thread
  misuse ...           the line breaks an obligation on purpose
  ... -> RESULT        what is expected
  ... if=r1.aborted    only if operation r1 came to that
  ... &                the script goes on before the line has returned

  par {                the lines of each thread at once, up to "}"
  repeat 200 {         again and again
  schedule t1 t2 t1 {  as par, the threads taking turns in this order

results

  pending | done 4 | refused/reset                 of a start
  ok | notfound                                    of any other call: one of these
  nothing                                          of a wait: no packet comes
  r1: ok 1..10 key=0xA | aborted 0                 one packet, with any of these outcomes
  {r1: ok 4, r2: aborted}                          these packets in any order
  [r1: ok 4, r2: ok 4]                             these packets in this order
  U: in out | in                                   of a wait on a poller: an event
`)
	b.WriteString("\nbehind a status\n\n")
	options(&b, resultOptions)
	b.WriteString("\nheaders, in front of the script\n\n")
	table(&b, HeaderWords)
	for _, g := range Groups {
		fmt.Fprintf(&b, "\n%s: %s\n\n", g.Group, g.Meaning)
		for _, v := range Verbs {
			if v.Group == g.Group && v.Word != "peer" {
				verb(&b, v)
			}
		}
		if g.Group == GroupPeers {
			for _, v := range PeerVerbs {
				verb(&b, v)
			}
		}
	}
	for _, t := range []struct {
		title string
		words []Word
	}{
		{"statuses", Statuses}, {"events of a poller", Events}, {"flags of add and modify", Flags}, {"sides of a shutdown", Sides},
		{"arguments of an accept", Arguments}, {"handlers of a pool", Handlers}, {"what observe looks for", Observations}, {"what net does", Disturbances},
	} {
		fmt.Fprintf(&b, "\n%s\n\n", t.title)
		table(&b, t.words)
	}
	b.WriteString(`
names are letters, digits, _ and -, introduced once. session s introduces P and L unless there already, c and s.
numbers are 12, 0xA, 4k, 1m (k = 1024); times 10us, 5ms, 2s; the rest of a line behind # is comment.
`)
	return b.String()
}

func verb(b *strings.Builder, v Verb) {
	fmt.Fprintf(b, "  %s\n      %s\n", v.Example, v.Meaning)
	for _, o := range v.Options {
		fmt.Fprintf(b, "      %-12s %s\n", o.Key+"=", o.help())
	}
}

func options(b *strings.Builder, opts []Option) {
	for _, o := range opts {
		fmt.Fprintf(b, "  %-12s %s\n", o.Key+"=", o.help())
	}
}

func (o Option) help() string {
	text := o.Meaning
	if o.Must {
		text += " (required)"
	}
	if len(o.Words) > 0 {
		text += ": " + strings.Join(list(o.Words), ", ")
	}
	return text
}

func table(b *strings.Builder, words []Word) {
	for _, w := range words {
		fmt.Fprintf(b, "  %-26s %s\n", w.Word, w.Meaning)
	}
}
