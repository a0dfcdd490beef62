package export

import (
	"fmt"
	"strings"

	"github.com/ioconform/ioconform/conformance/scenario"
)

// expected is what the line allows: the condition in C, and the words.
func expected(l *scenario.Line) (condition, allowed string) {
	r := l.Result
	if r == nil {
		return usual(l.Action)
	}
	switch r.Kind {
	case scenario.Nothing:
		return `answered(&got, "timedout")`, r.String()
	case scenario.Reply:
		var any []string
		for _, a := range r.Outcome {
			any = append(any, reply(l.Action, a))
		}
		return strings.Join(any, " || "), r.String()
	}
	var all []string
	for i, p := range r.Packets {
		name := ident(p.Name)
		if r.Kind == scenario.Sequence {
			all = append(all, fmt.Sprintf("at(&got, %d, %s)", i, name))
		} else {
			all = append(all, fmt.Sprintf("has(&got, %s)", name))
		}
		if p.Outcome != nil {
			all = append(all, outcome(name, p.Outcome))
		}
	}
	return strings.Join(all, " && "), r.String()
}

// usual is what a line that does not say expects: that it does not fail.
func usual(a scenario.Action) (condition, allowed string) {
	switch a := a.(type) {
	case *scenario.CancelLine:
		return `answered(&got, "ok") || answered(&got, "notfound")`, "ok | notfound"
	case *scenario.WaitLine, *scenario.JoinLine:
		return "1", "anything"
	case *scenario.StartLine:
		return "started(&got)", "pending | done"
	case *scenario.PeerLine:
		switch {
		case a.Verb != "reads":
		case a.Bytes != nil:
			return fmt.Sprintf("bytes_read(&got, %d, %d)", a.Bytes.Lo.N, a.Bytes.Hi.N), a.Bytes.String() + " bytes"
		case a.What == "eof":
			return "bytes_read(&got, 0, 0) && got.over", "the end of the stream"
		case a.What == "reset":
			return `is(said(&got), "reset")`, "reset"
		default:
			return `is(said(&got), "timedout")`, "nothing"
		}
	}
	return `answered(&got, "ok")`, "ok"
}

// reply is an answer of a call that is allowed.
func reply(action scenario.Action, a scenario.Alternative) string {
	if _, starts := action.(*scenario.StartLine); !starts {
		return fmt.Sprintf("answered(&got, %s)", quote(a.Status))
	}
	switch {
	case a.Status == "refused" && a.Reason != "":
		return fmt.Sprintf("refused_as(&got, %s)", quote(a.Reason))
	default:
		return a.Status + "(&got)"
	}
}

// outcome is the condition of a packet.
func outcome(name string, o scenario.Outcome) string {
	var any []string
	for _, a := range o {
		least, most := "0", "ANY"
		if a.Bytes != nil {
			least, most = fmt.Sprint(a.Bytes.Lo.N), fmt.Sprint(a.Bytes.Hi.N)
		}
		one := fmt.Sprintf("packet(%s, %s, %s, %s)", name, quote(a.Status), least, most)
		for _, opt := range a.Opts {
			switch opt.Key {
			case "key":
				one += fmt.Sprintf(" && %s->key == (ULONG_PTR)%s", name, number(opt.Value.Num.N))
			case "size":
				one += fmt.Sprintf(" && %s->bytes == %d", name, opt.Value.Num.N)
			case "native":
				one += fmt.Sprintf(" && %s->status == 0x%08X", name, opt.Value.Num.N)
			case "from":
				one += fmt.Sprintf(" && same_address(&%s->from, address_of(%s))", name, ident(opt.Value.Word))
			case "sock":
				one += fmt.Sprintf(" && %s->into == %s", name, ident(opt.Value.Word))
			}
		}
		if len(o) > 1 && strings.Contains(one, " && ") {
			one = "(" + one + ")"
		}
		any = append(any, one)
	}
	if len(any) == 1 {
		return any[0]
	}
	return "(" + strings.Join(any, " || ") + ")"
}

// number is a key in C.
func number(n uint64) string {
	if n < 10 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("0x%Xu", n) + map[bool]string{true: "ll"}[n > 0xFFFFFFFF]
}
