package spec

import (
	"fmt"
	"testing"
)

// A value that a newer back end may have, and this version no word for, is told by its number.
func TestWhatHasNoWordIsToldByItsNumber(t *testing.T) {
	for _, x := range []struct {
		value fmt.Stringer
		want  string
	}{
		{codes - 1, "interrupted"}, {codes, fmt.Sprintf("code(%d)", codes)}, {Code(255), "code(255)"},
		{Errno, "errno"}, {spaces, fmt.Sprintf("space(%d)", spaces)}, {Space(255), "space(255)"},
		{UDP6, "udp6"}, {networks, "network(4)"}, {Network(255), "network(255)"},
		{WithoutSocket, "socket"}, {WithoutSocket + 1, "argument(5)"}, {AcceptArgument(255), "argument(255)"},
	} {
		if got := x.value.String(); got != x.want {
			t.Errorf("%T is told as %q, want %q", x.value, got, x.want)
		}
	}
}

// A status is told with the platform's number, where it has one.
func TestAStatusIsToldWithItsNumber(t *testing.T) {
	for _, x := range []struct {
		status Status
		want   string
	}{
		{Is(Aborted), "aborted"},
		{Status{}, "ok"},
		{Status{Reset, Errno, 104}, "reset (errno 104)"},
		{WindowsStatus(WSA, 10054), "reset (wsa 10054)"},
	} {
		if got := x.status.String(); got != x.want {
			t.Errorf("%q, want %q", got, x.want)
		}
	}
}
