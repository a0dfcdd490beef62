package spec

import (
	"fmt"
	"strings"
	"testing"
)

// timeline reads a trace that is ordered by time, of clocks that are wrong by 10 at most, and tells what is left of it: each event with its thread. Its lines are
//
//	100 a 1>     thread a makes call 1, the opening of port 1
//	105 1<       it returns
//	200 settle   a mark; also end, late, net, pause and enter
func timeline(t *testing.T, text string) (told, threads string, err error) {
	t.Helper()
	file := `{"ioconform":"trace","v":1,"order":"time","eps":10}` + "\n"
	for line := range strings.Lines(text) {
		w := strings.Fields(line)
		if len(w) == 0 {
			continue
		}
		switch last := w[len(w)-1]; {
		case strings.HasSuffix(last, ">"):
			id := strings.TrimSuffix(last, ">")
			file += fmt.Sprintf(`{"ts":%s,"e":"call","id":%s,"th":%q,"do":"port","port":%[2]s}`, w[0], id, w[1])
		case strings.HasSuffix(last, "<"):
			file += fmt.Sprintf(`{"ts":%s,"e":"ret","id":%s,"r":"ok"}`, w[0], strings.TrimSuffix(last, "<"))
		case last == "net":
			file += fmt.Sprintf(`{"ts":%s,"e":"net","th":"a","do":"net-drop","addr":"127.0.0.1:81"}`, w[0])
		default:
			file += fmt.Sprintf(`{"ts":%s,"e":%q,"th":"a"}`, w[0], last)
		}
		file += "\n"
	}
	trace, err := ReadTrace("f", strings.NewReader(file))
	if err != nil {
		return "", "", err
	}
	var list []string
	for i, e := range trace.Events {
		if e.Q != uint64(i+1) {
			t.Errorf("event %d has the number %d", i, e.Q)
		}
		switch e.Kind {
		case CallEvent:
			list = append(list, fmt.Sprintf("%d>", e.Call))
		case ReturnEvent:
			list = append(list, fmt.Sprintf("%d<", e.Call))
		default:
			list = append(list, eventWord[e.Kind])
		}
	}
	return strings.Join(list, " "), strings.Join(trace.Threads, ", "), nil
}

// Every call is longer by the error of the clocks at both of its ends; what is not certain to have come before did not.
func TestCallsAreLongerByTheErrorOfTheClocks(t *testing.T) {
	for _, x := range []struct{ name, text, told, threads string }{
		{"certainly one after the other", "100 a 1>\n105 1<\n126 b 2>\n200 2<", "1> 1< 2> 2<", "a, b"},
		{"not certainly", "100 a 1>\n105 1<\n125 b 2>\n200 2<", "1> 2> 1< 2<", "a, b"},
		{"perhaps the other way round", "100 a 1>\n105 1<\n95 b 2>\n96 2<", "2> 1> 2< 1<", "a, b"},
		{"calls come before what is of their time, the mark of the end behind all", "100 a end\n100 a 1>\n120 b 2>\n100 1<\n200 2<", "1> 2> 1< 2< end", "a, b"},
		{"one thread, certainly in turn", "100 a 1>\n105 1<\n126 a 2>\n127 2<", "1> 1< 2> 2<", "a"},
		{"one thread, and its calls overlap now that they are longer", "100 a 1>\n105 1<\n105 a 2>\n108 2<\n109 a 3>\n110 3<\n200 a 4>\n201 4<", "1> 2> 3> 1< 2< 3< 4> 4<", "a, a (2), a (3)"},
		{"the places beside a thread are used again", "100 a 1>\n105 1<\n106 a 2>\n107 2<\n200 a 3>\n201 3<\n202 a 4>\n203 4<", "1> 2> 1< 2< 3> 4> 3< 4<", "a, a (2)"},
		{"two threads with places beside them", "100 a 1>\n101 1<\n102 a 2>\n103 2<\n100 b 3>\n101 3<\n102 b 4>\n103 4<", "1> 3> 2> 4> 1< 3< 2< 4<", "a, b, a (2), b (2)"},
		{"what the network did began earlier", "100 a 1>\n101 1<\n122 a net\n124 b 2>\n125 2<", "1> 1< net 2> 2<", "a, b"},
		{"what the network did may have begun while a call was open", "100 a 1>\n101 1<\n121 a net", "1> net 1<", "a"},
		{"a late change of a buffer may have been seen later", "100 a 1>\n129 1<\n100 a late", "1> 1< late", "a"},
		{"a late change of a buffer, and a call that returned certainly after it", "100 a 1>\n131 1<\n100 a late", "1> late 1<", "a"},
		{"pauses and handlers are not told", "100 a pause\n101 a 1>\n102 1<\n150 a pause", "1> 1<", "a"},
		{"a mark with nothing near it", "100 a 1>\n179 1<\n200 a settle\n221 b 2>\n222 2<", "1> 1< settle 2> 2<", "a, b"},
		{"a mark right behind a return", "100 a 1>\n180 1<\n200 a settle\n221 b 2>\n222 2<", "1> 1< 2> 2<", "a, b"},
		{"a mark right before a call", "100 a 1>\n179 1<\n200 a settle\n220 b 2>\n222 2<", "1> 1< 2> 2<", "a, b"},
		{"a mark behind everything", "100 a 1>\n150 1<\n200 a settle", "1> 1< settle", "a"},
		{"a mark before everything", "20 a settle\n100 a 1>\n150 1<", "settle 1> 1<", "a"},
		{"a mark amid a call", "100 a 1>\n200 a settle\n300 1<", "1> settle 1<", "a"},
		{"a call that returns when it is made, and the next that is made then", "100 a 1>\n100 1<\n100 a 2>\n150 2<", "1> 2> 1< 2<", "a, a (2)"},
	} {
		told, threads, err := timeline(t, x.text)
		if err != nil {
			t.Errorf("%s: %v", x.name, err)
		} else if told != x.told || threads != x.threads {
			t.Errorf("%s: %s by %s, want %s by %s", x.name, told, threads, x.told, x.threads)
		}
	}
	for _, x := range []struct{ text, want string }{
		{"100 a 1>\n99 1<", "call 1 returns at 99 and was made at 100"},
		{"100 a 1>\n110 1<\n120 a 2>\n140 2<\n139 a 3>\n150 3<", `thread "a" makes a call while another is open`},
		{"100 a 1>\n110 1<\n109 a 2>", `thread "a" makes a call while another is open`},
		{"100 a 1>\n110 a 2>", `thread "a" makes a call while another is open`},
	} {
		if told, _, err := timeline(t, x.text); err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%q: %s, %v, want %s", x.text, told, err, x.want)
		}
	}
}
