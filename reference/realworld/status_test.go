package realworld

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"testing"

	"github.com/ioconform/ioconform/spec"
)

func TestAnErrorBecomesACodeAndKeepsThePlatformsNumber(t *testing.T) {
	wrap := func(err error) error {
		return &net.OpError{Op: "read", Net: "tcp", Err: fmt.Errorf("inside: %w", err)}
	}
	for number, code := range codeOf {
		want := spec.Status{Code: code, Space: spaceOf(number), Native: int64(number)}
		if got := statusOf(wrap(os.NewSyscallError("read", number))); got != want {
			t.Errorf("error %d became %v, want %v", int(number), got, want)
		}
	}
	for _, c := range []struct {
		err  error
		want spec.Code
	}{
		{nil, spec.OK},
		{wrap(os.ErrDeadlineExceeded), spec.TimedOut},
		{wrap(net.ErrClosed), spec.Closed},
		{context.Canceled, spec.Closed},
		{errors.New("something else"), spec.Invalid},
	} {
		if got := statusOf(c.err); got != spec.Is(c.want) {
			t.Errorf("%v became %v, want %v", c.err, got, c.want)
		}
	}
	const nobodys = syscall.Errno(9999)
	if got := statusOf(nobodys); got.Code != spec.Invalid || got.Native != 9999 {
		t.Errorf("an unknown number became %v", got)
	}
}
