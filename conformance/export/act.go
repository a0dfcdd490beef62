package export

import (
	"strconv"
	"strings"
	"time"

	"github.com/ioconform/ioconform/conformance/scenario"
)

// act writes the calls of a line, which leave what they came to in got.
func (w *writer) act(t *thread, l *scenario.Line) {
	switch a := l.Action.(type) {
	case *scenario.PortLine:
		t.line("got = open_port(&%s, %d);", ident(a.Name), a.Opts.Int("concurrency", 0))
	case *scenario.EventLine:
		t.line("got = open_event(&%s);", ident(a.Name))
	case *scenario.AwaitLine:
		timeout := "PATIENCE"
		if a.Timed {
			timeout = strconv.FormatInt(milliseconds(a.Timeout), 10)
		}
		t.line("got = await(%s, %s);", ident(a.Event), timeout)
	case *scenario.ListenLine:
		port := "NULL"
		if a.Port != "" {
			port = ident(a.Port)
		}
		t.line("got = open_listener(&%s, %s, %d, %s, %s);", ident(a.Name), family(a.Opts), a.Opts.Int("backlog", 16), port, number(a.Opts.Uint("key", 0)))
	case *scenario.SocketLine:
		kind, bound := "SOCK_STREAM", a.Opts.Yes("bind")
		if a.Verb == "udp" {
			kind, bound = "SOCK_DGRAM", a.Opts.Word("bind", "yes") == "yes"
		}
		t.line("got = open_socket(&%s, %s, %s, %d);", ident(a.Name), family(a.Opts), kind, yes(bound))
	case *scenario.SessionLine:
		t.line("got = session(%d, &%s, &%s, %s, &%s, &%s, %s, %d);", l.Pos.Line, ident(scenario.SessionPort), ident(scenario.SessionListener), family(a.Opts),
			ident(a.Name), ident(a.Peer()), number(a.Key()), yes(a.Opts.Yes("skip")))
	case *scenario.AssociateLine:
		t.line("got = associate(%s, %s, %s);", ident(a.Name), ident(a.Port), number(a.Opts.Uint("key", 0)))
	case *scenario.StartLine:
		w.start(t, a)
	case *scenario.CancelLine:
		if a.All {
			t.line("got = cancel_all(%s);", ident(a.Name))
		} else {
			t.line("got = cancel(%s);", ident(a.Name))
		}
	case *scenario.ShutdownLine:
		side := map[string]string{"send": "SD_SEND", "receive": "SD_RECEIVE", "both": "SD_BOTH"}[a.Side]
		t.line("got = shut_down(%s, %s);", ident(a.Name), side)
	case *scenario.CloseLine:
		if w.names.types[a.Name] == aHandle {
			t.line("got = close_port(&%s);", ident(a.Name))
		} else {
			t.line("got = close_socket(%s);", ident(a.Name))
		}
	case *scenario.SkipLine:
		t.line("got = skip_on_success(%s);", ident(a.Name))
	case *scenario.PostLine:
		t.line("%s = new_operation(%s, POST, 0);", ident(a.Name), quote(a.Name))
		t.line("got = post(%s, %s, %s, %d);", ident(a.Name), ident(a.Port), number(a.Opts.Uint("key", 0)), a.Opts.Int("bytes", 0))
	case *scenario.ContextLine:
		from := "NULL"
		if a.From != "" {
			from = ident(a.From)
		}
		t.line("got = update_context(%s, %s);", ident(a.Name), from)
	case *scenario.NameLine:
		t.line("got = %s(%s);", map[string]string{"name": "own_name", "peername": "far_name"}[a.Verb], ident(a.Name))
	case *scenario.WaitLine:
		w.wait(t, l, a)
	case *scenario.SettleLine:
		t.line("Sleep(QUIET);")
		t.line("got = call(TRUE);")
	case *scenario.TimeLine:
		t.line("Sleep(%d);", milliseconds(a.Time))
		t.line("got = call(TRUE);")
	case *scenario.PeerLine:
		w.peer(t, a)
	default:
		w.err = &Unsupported{w.file.Name, l.Pos, quote(l.Action.Word())}
	}
}

func (w *writer) start(t *thread, a *scenario.StartLine) {
	op := ident(a.Name)
	length := a.Opts.Int("len", 0) + a.Opts.Int("data", 0)
	if a.Verb == "accept" && a.Into == "" {
		t.line("open_socket(&%s, %s->address.ss_family, SOCK_STREAM, 0);", ident(a.Accepted()), ident(a.On))
	}
	t.line("%s = new_operation(%s, %s, %d);", op, quote(a.Name), strings.ToUpper(a.Verb), length)
	if a.Opts.Word("context", "yes") == "no" {
		t.line("%s->keeps_context = 1;", op)
	}
	if event := ident(a.Opts.Word("event", "")); event != "" {
		if a.Opts.Word("packet", "yes") == "no" {
			t.line("%s->overlapped.hEvent = (HANDLE)((ULONG_PTR)%s | 1); /* the lowest bit: no packet */", op, event)
		} else {
			t.line("%s->overlapped.hEvent = %s;", op, event)
		}
	}
	switch a.Verb {
	case "accept":
		t.line("got = start_accept(%s, %s, %s);", op, ident(a.On), ident(a.Accepted()))
	case "connect":
		t.line("got = start_connect(%s, %s, %s, %d);", op, ident(a.On), ident(a.To), yes(a.Opts.Word("bind", "yes") == "yes"))
		if a.Opts.Yes("overwrite") {
			t.line("memset(%s->buffer.buf, 0xFF, %[1]s->buffer.len);", op)
		}
	case "disconnect":
		t.line("got = start_disconnect(%s, %s, %s);", op, ident(a.On), map[bool]string{true: "TF_REUSE_SOCKET", false: "0"}[a.Opts.Yes("reuse")])
	case "recv":
		t.line("got = start_recv(%s, %s, %s);", op, ident(a.On), map[bool]string{true: "MSG_WAITALL", false: "0"}[a.Opts.Yes("waitall")])
	case "sendto":
		t.line("got = start_sendto(%s, %s, %s);", op, ident(a.On), ident(a.To))
	default:
		t.line("got = start_%s(%s, %s);", a.Verb, op, ident(a.On))
	}
}

// wait writes a wait: one call where the line says how long, else calls until what it is for has come.
func (w *writer) wait(t *thread, l *scenario.Line, a *scenario.WaitLine) {
	port, most := ident(a.Port), max(a.Max.Int(), 1)
	switch {
	case a.Forever && t.name == "main": // nobody watches over main
		t.line("got = wait_once(%d, &%s, %d, PATIENCE);", l.Pos.Line, port, most)
	case a.Forever:
		t.line("got = wait_once(%d, &%s, %d, INFINITE);", l.Pos.Line, port, most)
	case a.Timed:
		t.line("got = wait_once(%d, &%s, %d, %d);", l.Pos.Line, port, most, milliseconds(a.Timeout))
	case l.Result != nil && l.Result.Kind == scenario.Nothing:
		t.line("got = wait_once(%d, &%s, %d, QUIET);", l.Pos.Line, port, most)
	default:
		var names string
		if l.Result != nil {
			for _, p := range l.Result.Packets {
				names += ", &" + ident(p.Name)
			}
		}
		t.line("got = wait_for(%d, &%s, %d%s, NULL);", l.Pos.Line, port, most, names)
	}
}

func (w *writer) peer(t *thread, a *scenario.PeerLine) {
	end := ident(a.Peer)
	switch a.Verb {
	case "connects":
		t.line("got = far_connects(&%s, %s);", end, ident(a.To))
	case "listens":
		t.line("got = far_listens(&%s, %s, 16);", end, family(a.Opts))
	case "refuses":
		t.line("got = far_listens(&%s, %s, 0);", end, family(a.Opts))
	case "udp":
		t.line("got = far_udp(&%s, %s);", end, family(a.Opts))
	case "accepts":
		t.line("got = far_accepts(&%s, %s);", ident(acceptedPeer(a)), end)
	case "sends":
		if a.To != "" {
			t.line("got = far_sends_to(&%s, %d, %s);", end, a.Bytes.Lo.Int(), ident(a.To))
		} else {
			t.line("got = far_sends(%s, %d);", end, a.Bytes.Lo.Int())
		}
	case "reads":
		most, patience := 1, "PATIENCE"
		if a.Bytes != nil {
			most = max(a.Bytes.Hi.Int(), 1)
		} else if a.What == "nothing" {
			patience = "QUIET"
		}
		t.line("got = far_reads(%s, %d, %s);", end, most, patience)
	case "half-closes":
		t.line("got = shut_down(%s, SD_SEND);", end)
	case "closes":
		t.line("got = close_socket(%s);", end)
	case "resets":
		t.line("got = far_resets(%s);", end)
	}
}

func family(o scenario.Opts) string {
	if o.Int("ip", 4) == 6 {
		return "AF_INET6"
	}
	return "AF_INET"
}

func yes(is bool) int {
	if is {
		return 1
	}
	return 0
}

// milliseconds is a time rounded up, as Windows counts it.
func milliseconds(d time.Duration) int64 { return int64((d + time.Millisecond - 1) / time.Millisecond) }
