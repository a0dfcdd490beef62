package spec

import (
	"bytes"
	"strings"
	"testing"
)

// acceptWith is a trace whose one accept has these arguments.
func acceptWith(a AcceptArguments) *Trace {
	return &Trace{By: "test", About: able(), Threads: []string{"main"}, Events: []Event{
		{Q: 1, Kind: CallEvent, Verb: OpenSocket, Call: 1, Sock: 1},
		{Q: 2, Kind: ReturnEvent, Verb: OpenSocket, Call: 1, Sock: 1},
		{Q: 3, Kind: CallEvent, Verb: Accept, Call: 2, Sock: 1, Op: 1, Token: 1, Args: &a},
	}}
}

// An accept's arguments are written as far as they are unusual, and read back.
func TestAnAcceptsArgumentsAreReadBack(t *testing.T) {
	for _, x := range []struct {
		args AcceptArguments
		want string
	}{
		{AcceptArguments{RoomEnough, RoomEnough, WithAll}, `"args":{}`},
		{AcceptArguments{0, RoomEnough, WithAll}, `"args":{"local":0}`},
		{AcceptArguments{RoomEnough, 0, WithAll}, `"args":{"remote":0}`},
		{AcceptArguments{RoomEnough, RoomEnough, WithoutBuffer}, `"args":{"without":"buffer"}`},
		{AcceptArguments{20, 31, WithAll}, `"args":{"local":20,"remote":31}`},
		{AcceptArguments{20, 31, WithoutListener}, `"args":{"local":20,"remote":31,"without":"listener"}`},
		{AcceptArguments{roomMost, roomMost, WithoutSocket}, `"args":{"local":65536,"remote":65536,"without":"socket"}`},
	} {
		file := write(t, acceptWith(x.args))
		if !bytes.Contains(file, []byte(x.want)) {
			t.Errorf("%+v is written as\n%s\nwant %s", x.args, file, x.want)
		}
		back, err := ReadTrace("f", bytes.NewReader(file))
		if err != nil {
			t.Errorf("%v\n%s", err, file)
			continue
		}
		if got := back.Events[2].Args; got == nil || *got != x.args {
			t.Errorf("%+v is read back as %+v", x.args, got)
		}
	}
}

func TestWhatIsNoArgumentOfAnAccept(t *testing.T) {
	file := string(write(t, acceptWith(AcceptArguments{20, RoomEnough, WithoutBuffer})))
	for _, x := range []struct{ name, args, want string }{
		{"another field", `{"colour":3}`, `unknown field "colour" of an accept's arguments`},
		{"a field twice", `{"local":3,"local":4}`, `"local"`},
		{"too much room", `{"local":65537}`, "65536"},
		{"another argument", `{"without":"coffee"}`, "coffee"},
		{"no object", `3`, "{"},
	} {
		_, err := ReadTrace("f", strings.NewReader(strings.Replace(file, `{"local":20,"without":"buffer"}`, x.args, 1)))
		if err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v, want %q", x.name, err, x.want)
		}
	}
}

// What no recorder writes is found by Validate, at either end of what it may write.
func TestFaultsOfAnAcceptsArguments(t *testing.T) {
	for _, x := range []struct {
		args AcceptArguments
		want string
	}{
		{AcceptArguments{RoomEnough, RoomEnough, WithoutSocket}, ""},
		{AcceptArguments{roomMost, roomMost, WithAll}, ""},
		{AcceptArguments{RoomEnough - 1, 0, WithAll}, "room for an address"},
		{AcceptArguments{0, RoomEnough - 1, WithAll}, "room for an address"},
		{AcceptArguments{roomMost + 1, 0, WithAll}, "room for an address"},
		{AcceptArguments{0, roomMost + 1, WithAll}, "room for an address"},
		{AcceptArguments{0, 0, WithoutSocket + 1}, "unknown argument"},
	} {
		switch err := acceptWith(x.args).Validate(); {
		case x.want == "" && err != nil:
			t.Errorf("%+v: %v", x.args, err)
		case x.want != "" && (err == nil || !strings.Contains(err.Error(), x.want)):
			t.Errorf("%+v: %v, want %q", x.args, err, x.want)
		}
	}
}
