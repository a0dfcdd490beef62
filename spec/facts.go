package spec

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Fact is something that is known of completion ports on Windows, and what became of it here: rules and cases, or the reason why there are none.
type Fact struct {
	ID      string   // topic and number, such as RCV-17
	Text    string   // one sentence
	Rules   []string // that judge it
	Cases   []string // group/name, that show it where no rule of its own does, or beside the rules
	Omitted string   // why there is neither
}

// factTopics are the topics, and how many facts each has.
var factTopics = []struct {
	Topic, Title string
	Facts        int
}{
	{"PORT", "creating, waiting, ordering, closing", 29},
	{"KEY", "association", 14},
	{"POST", "posted packets, and how a wait answers", 9},
	{"OVL", "the OVERLAPPED structure and notification modes", 29},
	{"RCV", "receiving", 42},
	{"SND", "sending", 16},
	{"ACC", "accepting", 31},
	{"CON", "connecting", 14},
	{"DIS", "disconnecting", 7},
	{"CAN", "cancelling, closing, threads that end", 23},
	{"THR", "threads and discipline", 10},
}

// Facts returns all of them in the order of topics and numbers.
func Facts() []Fact {
	all := slices.Concat(factsOfCalls, factsOfConnections, factsOfHandles)
	place := func(f Fact) (topic, number int) {
		name, n, _ := strings.Cut(f.ID, "-")
		number, _ = strconv.Atoi(n)
		for i, t := range factTopics {
			if t.Topic == name {
				topic = i
			}
		}
		return topic, number
	}
	slices.SortStableFunc(all, func(a, b Fact) int {
		ta, na := place(a)
		tb, nb := place(b)
		return cmp.Or(ta-tb, na-nb)
	})
	return all
}

// WriteOmitted writes, in Markdown, what is known of Windows and not judged, and why: OMITTED.md. What is judged follows, with its rules and cases.
func WriteOmitted(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprint(b, `# What is known of completion ports and not judged

<!-- Made from spec/facts*.go by go generate ./spec. Change those instead. -->

Every documented, tested or reported behaviour of Windows' completion ports that this project knows of is either judged by a rule, shown by a case, or
listed here with the reason why not. None of it was seen on Windows by this project yet.

`)
	list := func(f Fact, what string) { fmt.Fprintf(b, "- **%s** %s %s\n", f.ID, f.Text, what) }
	for _, t := range factTopics {
		var omitted []Fact
		for _, f := range Facts() {
			if topic, _, _ := strings.Cut(f.ID, "-"); topic == t.Topic && f.Omitted != "" {
				omitted = append(omitted, f)
			}
		}
		if len(omitted) == 0 {
			continue
		}
		fmt.Fprintf(b, "## %s: %s\n\n", t.Topic, t.Title)
		for _, f := range omitted {
			list(f, "*"+f.Omitted+"*")
		}
		b.WriteByte('\n')
	}
	fmt.Fprint(b, "# What is judged, and by what\n\n")
	for _, f := range Facts() {
		if f.Omitted == "" {
			list(f, "→ "+strings.Join(slices.Concat(f.Rules, f.Cases), ", "))
		}
	}
	return b.Flush()
}
