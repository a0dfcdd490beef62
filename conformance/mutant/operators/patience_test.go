package main

import (
	"os/exec"
	"testing"
	"time"
)

func TestPatienceIsWithWorkAndNotWithTheClock(t *testing.T) {
	if _, told := workOf(1); !told {
		t.Skip("the system does not tell how long a process has worked; a Linux with /proc does")
	}
	p := patience{work: 300 * time.Millisecond, idle: 1500 * time.Millisecond, wall: time.Minute}
	for _, x := range []struct {
		what, script string
		ended        bool
	}{
		{"ends", "echo done", true},
		{"works for ever", "while :; do :; done", false},
		{"waits for ever", "exec sleep 1000", false},
	} {
		_, ended, err := p.run(exec.Command("sh", "-c", x.script))
		if ended != x.ended || err != nil {
			t.Errorf("what %s: ended %v, %v", x.what, ended, err)
		}
	}
}
