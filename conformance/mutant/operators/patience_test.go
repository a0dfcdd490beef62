package main

import (
	"os/exec"
	"testing"
	"time"

	"github.com/ioconform/ioconform/simnet/simtest"
)

func TestPatienceIsWithWorkAndNotWithTheClock(t *testing.T) {
	simtest.NotShort(t)
	if _, told := workOf(1); !told {
		t.Skip("the system does not tell how long a process has worked; a Linux with /proc does")
	}
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("needs sh in the path: any POSIX shell; on Windows Git brings one")
	}
	little := patience{work: 300 * time.Millisecond, idle: 1500 * time.Millisecond, wall: time.Minute}
	much := patience{work: time.Hour, idle: time.Hour, wall: time.Hour} // what ends needs none, on a machine that is slow to begin it
	for _, x := range []struct {
		p            patience
		what, script string
		ended        bool
	}{
		{much, "ends", "echo done", true},
		{patience{work: 300 * time.Millisecond, idle: time.Hour, wall: time.Hour}, "works for ever", "while :; do :; done", false},
		{little, "waits for ever", "exec sleep 1000", false},
	} {
		_, ended, err := x.p.run(exec.Command("sh", "-c", x.script))
		if ended != x.ended || err != nil {
			t.Errorf("what %s: ended %v, %v", x.what, ended, err)
		}
	}
}
