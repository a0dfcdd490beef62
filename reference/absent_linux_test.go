package reference

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// A machine that refuses a ring is told why, and what would help.
func TestARefusedRingSaysWhatWouldHelp(t *testing.T) {
	for _, x := range []struct {
		err  error
		help string
	}{
		{unix.ENOSYS, "sandbox"},
		{unix.EPERM, "kernel.io_uring_disabled"},
		{unix.EACCES, "seccomp"},
		{unix.ENOMEM, "ulimit -l"},
		{errors.New("this kernel's io_uring is too old"), "too old"},
	} {
		if why := refusal(fmt.Errorf("io_uring_setup: %w", x.err)); !strings.Contains(why, x.help) || strings.Contains(why, "\n") {
			t.Errorf("%v: %q does not say %q in one line", x.err, why, x.help)
		}
	}
}
