package adapter

import (
	"bytes"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// misbehave is an adapter that gives every request a plausible answer, but for one, once: the arguments are the word of the request and a file that is made when
// it has happened, so that the process that takes its place behaves.
func misbehave(how, arg string) int {
	at, marker, _ := strings.Cut(arg, ":")
	caps := `["accept","connect","cancel","cancel-all","shutdown","post","datagram","skip"]`
	axes := `,"axes":{"buffer":"backend"}`
	if strings.HasPrefix(how, "deliver") {
		axes = `,"axes":{"buffer":"backend","delivery":"push"}`
	}
	if shape, known := RequestShape(at); known && slices.Contains(shape.Needs, spec.CanPoll) {
		caps = `["accept","connect","shutdown","datagram","poller","exclusive","duplicate"]`
	}
	late := false
	if how == "beyond-missing" || how == "beyond-changed" {
		axes = ""
	}
	code := answering(func(m *Message) string {
		good := fmt.Sprintf(`{"id":%d}`, m.ID)
		switch m.Do {
		case "hello":
			good = strings.TrimSuffix(hello(m.ID, "bad", caps), "}") + axes + "}"
		case "local", "peer":
			good = fmt.Sprintf(`{"id":%d,"address":"127.0.0.1:1"}`, m.ID)
		case "try-recv", "try-send", "try-recvfrom", "try-sendto":
			good = fmt.Sprintf(`{"id":%d,"status":"wouldblock"}`, m.ID)
		case "wait", "wait-ready":
			good = fmt.Sprintf(`{"id":%d,"status":"timedout"}`, m.ID)
		case "reset":
			if late {
				return fmt.Sprintf(`{"id":%d,"late":["0x5"]}`, m.ID)
			}
		}
		if m.Do == "ping" && exists(marker) {
			os.WriteFile(marker+".ping", nil, 0o600) // that the answer to a ping, which follows, is all that is still to come
		}
		if m.Do != at || exists(marker) {
			return good
		}
		os.WriteFile(marker, nil, 0o600)
		late = how == "beyond-changed"
		return misdeeds[how](m, good)
	})
	if how == "bad-end" {
		return 23
	}
	if how == "no-end" {
		time.Sleep(time.Hour)
	}
	return code
}

// forever writes until nobody listens.
func forever(b []byte, pause time.Duration) string {
	for {
		if _, err := os.Stdout.Write(b); err != nil {
			os.Exit(1)
		}
		time.Sleep(pause)
	}
}

func answerf(format string) func(*Message, string) string {
	return func(m *Message, _ string) string { return fmt.Sprintf(format, m.ID) }
}

// misdeeds is what adapters do instead of answering. Each is given the request and the answer that would have been right.
var misdeeds = map[string]func(m *Message, good string) string{
	"hang":        func(*Message, string) string { return "" },
	"hang-at-all": func(*Message, string) string { time.Sleep(time.Hour); return "" },
	"exit":        func(*Message, string) string { os.Exit(0); return "" },
	"crash":       func(*Message, string) string { fmt.Fprintln(os.Stderr, "about to crash"); os.Exit(3); return "" },
	"sanitizer": func(*Message, string) string {
		fmt.Fprint(os.Stderr, "adapter.c:7:2: runtime error: signed integer overflow: 2147483647 + 1 cannot be represented in type 'int'\n    #0 0x5581 in main\n")
		os.Exit(1)
		return ""
	},
	"go-panic":     func(*Message, string) string { var none []int; return fmt.Sprint(none[os.Getpid()]) },
	"half":         func(_ *Message, good string) string { os.Stdout.WriteString(good[:3]); os.Exit(0); return "" },
	"close-output": func(*Message, string) string { os.Stdout.Close(); time.Sleep(time.Hour); return "" },
	"leave": func(*Message, string) string {
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), roleVariable+"=sleep")
		c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
		c.Start()
		os.Exit(0)
		return ""
	},
	"garbage":       func(*Message, string) string { return "Hello, World!" },
	"binary":        func(*Message, string) string { return "\x00\xff\xfe{}" },
	"blank":         func(*Message, string) string { return forever([]byte("\n"), 0) },
	"empty-array":   func(*Message, string) string { return "[]" },
	"deep":          func(*Message, string) string { return strings.Repeat("[", 1<<20) },
	"more-behind":   func(_ *Message, good string) string { return good + good },
	"twice-a-field": answerf(`{"id":1,"id":%d}`),
	"long":          func(*Message, string) string { return forever(bytes.Repeat([]byte("x"), 1<<20), 0) },
	"long-string": func(m *Message, _ string) string {
		fmt.Printf(`{"id":%d,"error":"`, m.ID)
		return forever(bytes.Repeat([]byte("x"), 1<<20), 0)
	},
	"drip": func(*Message, string) string { return forever([]byte(" "), 10*time.Millisecond) },

	"wrong-id":       func(m *Message, _ string) string { return fmt.Sprintf(`{"id":%d}`, m.ID+1000) },
	"huge-id":        func(*Message, string) string { return `{"id":99999999999999999999}` },
	"no-id":          func(*Message, string) string { return `{"status":"ok"}` },
	"twice":          func(_ *Message, good string) string { return good + "\n" + good },
	"flood":          func(_ *Message, good string) string { return forever([]byte(good+"\n"), 0) },
	"unknown-field":  answerf(`{"id":%d,"sattus":"ok"}`),
	"other-field":    answerf(`{"id":%d,"batch":1}`),
	"unknown-status": answerf(`{"id":%d,"status":"EAGAIN"}`),
	"native-alone":   answerf(`{"id":%d,"native":4}`),
	"a-request":      answerf(`{"id":%d,"do":"ping"}`),
	"undeclared":     answerf(`{"id":%d,"status":"unsupported"}`),
	"deliver":        answerf(`{"do":"deliver","port":77,"packets":[{"key":"0x1","token":"0x1"}]}` + "\n" + `{"id":%d}`),
	"pull-deliver":   answerf(`{"do":"deliver","port":1,"packets":[{"key":"0x1","token":"0x1"}]}` + "\n" + `{"id":%d}`),
	"deliver-flood": func(*Message, string) string {
		return forever([]byte(`{"do":"deliver","port":1,"packets":[{"key":"0x1","token":"0x99"}]}`+"\n"), 0)
	},
	"definite":   answerf(`{"id":%d,"error":"the table is full"}`),
	"indefinite": answerf(`{"id":%d,"error":"the helper went away","indefinite":true}`),

	"no-packets":     answerf(`{"id":%d,"packets":[]}`),
	"many-packets":   answerf(`{"id":%d,"packets":[{"key":"0x1","token":"0x1"},{"key":"0x1","token":"0x1"}]}`),
	"late-packets":   answerf(`{"id":%d,"status":"timedout","packets":[{"key":"0x1","token":"0x1"}]}`),
	"no-token":       answerf(`{"id":%d,"packets":[{"key":"0x1"}]}`),
	"no-such-socket": answerf(`{"id":%d,"packets":[{"key":"0x1","token":"0x5","socket":4711}]}`),
	"few-bytes":      answerf(`{"id":%d,"packets":[{"key":"0x1","token":"0x5","bytes":8,"data":"YWJj"}]}`),
	"beyond-missing": answerf(`{"id":%d,"packets":[{"key":"0x1","token":"0x5","bytes":3,"data":"YWJj"}]}`),
	"beyond-changed": answerf(`{"id":%d,"packets":[{"key":"0x1","token":"0x5","bytes":3,"data":"YWJj","beyond":"changed"}]}`),
	"beyond":         answerf(`{"id":%d,"packets":[{"key":"0x1","token":"0x5","bytes":3,"data":"YWJj","beyond":"intact"}]}`),
	"send-with-data": answerf(`{"id":%d,"packets":[{"key":"0x1","token":"0x6","bytes":3,"data":"YWJj"}]}`),
	"no-address":     answerf(`{"id":%d}`),
	"refused-ok":     answerf(`{"id":%d,"how":"refused"}`),
	"pending-bad":    answerf(`{"id":%d,"how":"pending","status":"reset"}`),
	"done-bad":       answerf(`{"id":%d,"how":"done","status":"reset"}`),
	"no-events":      answerf(`{"id":%d,"ready":[]}`),
	"many-events":    answerf(`{"id":%d,"ready":[{"token":"0x7","events":["in"]},{"token":"0x7","events":["in"]}]}`),
	"late-events":    answerf(`{"id":%d,"status":"timedout","ready":[{"token":"0x7","events":["in"]}]}`),
	"untold-event":   answerf(`{"id":%d,"ready":[{"token":"0x7"}]}`),
	"asked-event":    answerf(`{"id":%d,"ready":[{"token":"0x7","events":["edge"]}]}`),
	"less-than-said": answerf(`{"id":%d,"bytes":8,"data":"YWJj"}`),
	"untold-count":   answerf(`{"id":%d}`),
	"sent-data":      answerf(`{"id":%d,"bytes":3,"data":"YWJj"}`),
	"reset-fails":    answerf(`{"id":%d,"status":"busy"}`),
	"late-unasked":   answerf(`{"id":%d,"late":["0x5"]}`),
	"after-reset":    func(m *Message, good string) string { return good + "\n" + fmt.Sprintf(`{"id":%d}`, m.ID-1) },
	"loud": func(_ *Message, good string) string {
		for range 64 {
			os.Stderr.Write(bytes.Repeat([]byte("noise "), 1<<18))
		}
		return good
	},
	"bad-end": func(_ *Message, good string) string { return good },
	"no-end":  func(_ *Message, good string) string { return good },
}

// everyRequest is a program that makes every request once that the back end is asked.
func everyRequest(in *spec.Instance) {
	if in.Ready != nil {
		everyReadyRequest(in.Ready)
		return
	}
	b := in.Backend
	port, _ := b.Port(0)
	s, _ := b.Socket(spec.TCP4)
	s.Bind(netip.MustParseAddrPort("127.0.0.1:0"))
	s.Listen(4)
	s.Local()
	port.Associate(s, 1)
	port.Post(7, 1, 3)
	s.Start(&spec.Op{Kind: spec.Accept, Token: 4})
	s.Start(&spec.Op{Kind: spec.Receive, Token: 5, Buf: make([]byte, 16)})
	s.Start(&spec.Op{Kind: spec.Send, Token: 6, Buf: []byte("abc")})
	s.Start(&spec.Op{Kind: spec.Connect, Token: 7, To: netip.MustParseAddrPort("127.0.0.1:9")})
	s.Start(&spec.Op{Kind: spec.Disconnect, Token: 8})
	s.Start(&spec.Op{Kind: spec.ReceiveFrom, Token: 9, Buf: make([]byte, 16)})
	s.Start(&spec.Op{Kind: spec.SendTo, Token: 10, Buf: []byte("abc"), To: netip.MustParseAddrPort("127.0.0.1:9")})
	if q, push := port.(pushPort); push {
		q.Deliver(func(int, spec.Packet) {})
		q.Flush()
	} else {
		port.Wait(make([]spec.Packet, 1), 0)
	}
	s.Cancel(&spec.Op{Token: 5})
	s.Cancel(nil)
	s.Shutdown(spec.SideSend)
	s.SkipOnSuccess()
	s.Peer()
	s.Close()
	port.Close()
	b.Close()
}

func everyReadyRequest(b spec.ReadyBackend) {
	at := netip.MustParseAddrPort("127.0.0.1:0")
	p, _ := b.Poller()
	s, _ := b.Socket(spec.TCP4)
	s.Bind(at)
	s.Listen(4)
	s.Local()
	p.Add(s, 7, spec.In)
	p.Modify(s, 8, spec.In|spec.Out)
	p.Wait(make([]spec.Ready, 1), 0)
	s.Try(spec.Accept, nil, netip.AddrPort{})
	s.Try(spec.Connect, nil, at)
	s.Try(spec.Receive, make([]byte, 16), netip.AddrPort{})
	s.Try(spec.Send, []byte("abc"), netip.AddrPort{})
	s.Try(spec.ReceiveFrom, make([]byte, 16), netip.AddrPort{})
	s.Try(spec.SendTo, []byte("abc"), at)
	s.Shutdown(spec.SideSend)
	d, _ := s.Dup()
	p.Remove(s)
	d.Close()
	s.Close()
	p.Close()
	b.Close()
}
