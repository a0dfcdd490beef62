package adapter

import (
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ioconform/ioconform/spec"
)

//go:embed protocol.txt
var protocolText string

// WriteProtocol writes PROTOCOL.md: what a newcomer has to know to write an adapter. Its prose is in protocol.txt, the rest is made from the tables.
func WriteProtocol(w io.Writer) error {
	var b strings.Builder
	for _, part := range strings.SplitAfter(protocolText, "\n") {
		switch strings.TrimSpace(part) {
		case "@requests":
			writeRequests(&b)
		case "@answers":
			for _, s := range Answers {
				writeShape(&b, "answer `"+s.Name+"`", s, 3)
			}
		case "@packet":
			writeFields(&b, Packet)
		case "@event":
			writeFields(&b, Event)
		case "@deliver":
			b.WriteString(Deliver.Meaning + "\n\n")
			writeFields(&b, Deliver)
			fmt.Fprintf(&b, "\n    ← %s\n", Deliver.Example[0])
		case "@statuses":
			b.WriteString("| status | meaning |\n|---|---|\n")
			for _, c := range spec.CodeWords() {
				fmt.Fprintf(&b, "| `%s` | %s |\n", c, statusMeaning[c])
			}
		case "@capabilities":
			b.WriteString("| capability | meaning |\n|---|---|\n")
			for _, c := range spec.Capabilities {
				if slices.Contains(declarable(), string(c.Name)) && sayable(c.Name, true) {
					fmt.Fprintf(&b, "| `%s` | %s |\n", c.Name, c.Meaning)
				}
			}
		case "@axes":
			b.WriteString("| axis | values, the first is the usual one | meaning |\n|---|---|---|\n")
			for _, a := range spec.AxisList {
				fmt.Fprintf(&b, "| `%s` | `%s` | %s |\n", a.Name, strings.Join(a.Values, "`, `"), a.Meaning)
			}
		default:
			b.WriteString(part)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeRequests(b *strings.Builder) {
	for _, s := range Requests {
		writeShape(b, "`"+s.Name+"`", s, 3)
		if len(s.Needs) > 0 {
			fmt.Fprintf(b, "Needs capability `%s`; without it, answer `unsupported`. ", s.Needs[0])
		} else if s.Spare {
			b.WriteString("May be answered `unsupported`. ")
		}
		fmt.Fprintf(b, "Answer: [%s](#answer-%s).\n\n    → %s\n    ← %s\n\n", s.Answer.Name, s.Answer.Name, s.Example[0], s.Example[1])
	}
}

func writeShape(b *strings.Builder, title string, s *Shape, level int) {
	fmt.Fprintf(b, "%s %s\n\n%s", strings.Repeat("#", level), title, strings.TrimSuffix(s.Meaning, ".")+".")
	if s.Requires != "" {
		b.WriteString(" " + s.Requires)
	}
	b.WriteString("\n\n")
	writeFields(b, s)
	b.WriteString("\n")
}

func writeFields(b *strings.Builder, s *Shape) {
	if set(s.Must...)|set(s.May...) == set(FID, FDo) {
		b.WriteString("No fields besides `id` and `do`.\n")
		return
	}
	b.WriteString("| field | form | meaning |\n|---|---|---|\n")
	for _, f := range append(s.Must[:len(s.Must):len(s.Must)], s.May...) {
		x := &Fields[f]
		if f == FDo || f == FID && s.Answer != nil {
			continue // every request has them
		}
		name := "`" + x.Name + "`"
		if !slices.Contains(s.Must, f) {
			name += " (may be left out)"
		}
		form := formText[x.Form]
		switch {
		case x.Form == OneOf && len(x.Words) < 6:
			form = "one of `" + strings.Join(x.Words, "`, `") + "`"
		case x.Form == Words && len(x.Words) < 12:
			form = "array of `" + strings.Join(x.Words, "`, `") + "`; may be empty"
		}
		fmt.Fprintf(b, "| %s | %s | %s |\n", name, form, x.Meaning)
	}
}

// statusMeaning is what a status says, for those who have only PROTOCOL.md.
var statusMeaning = map[string]string{
	"ok":           "success",
	"aborted":      "packet: the operation was cancelled, or its socket closed",
	"reset":        "the far end has reset the connection",
	"refused":      "nobody listens at the address",
	"truncated":    "the datagram was longer than the buffer",
	"timedout":     "a wait, or a connect, ran out of time",
	"abandoned":    "the port was closed while the wait was blocked",
	"closed":       "the object had been closed before",
	"notfound":     "cancel: nothing that could be cancelled; modify and remove: it is not watched",
	"wouldblock":   "a try: not now; not for completion back ends",
	"shutdown":     "this direction was shut down by our own side",
	"notconnected": "the socket has no connection",
	"connected":    "the socket has a connection already",
	"inuse":        "the address is taken; add: it is watched by this poller already",
	"invalid":      "the arguments or the state of the object do not allow it",
	"busy":         "one such operation at a time (axis receives=1)",
	"unreachable":  "the far end cannot be reached",
	"noresources":  "the platform has run out of something",
	"unsupported":  "the back end does not do this",
	"interrupted":  "the wait ended because its thread had something else to run",
}
