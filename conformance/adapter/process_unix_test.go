//go:build unix

package adapter

import (
	"io"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// What is read without a thread that blocks is the same pipe, and blocks again once the adapter has ended: whoever started it may go on with it.
func TestAPipeIsAwaitedAndLeftAsItWas(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	fd := r.Fd() // which makes it block, each time
	blocks := func() bool {
		flags, err := unix.FcntlInt(fd, unix.F_GETFL, 0)
		if err != nil {
			t.Fatal(err)
		}
		return flags&unix.O_NONBLOCK == 0
	}
	if !blocks() {
		t.Fatal("the pipe does not block to begin with: that is no test")
	}
	in, release := awaited(r)
	if in == io.Reader(r) {
		t.Fatal("a pipe is read as it is")
	}
	if flags, err := unix.FcntlInt(in.(*os.File).Fd(), unix.F_GETFL, 0); err != nil || flags&unix.O_NONBLOCK == 0 {
		t.Errorf("flags %#x, %v: it blocks a thread", flags, err)
	}
	w.Write([]byte("ab"))
	b := make([]byte, 1)
	if _, err := in.Read(b); err != nil || b[0] != 'a' {
		t.Errorf("%q, %v", b, err)
	}
	if release(); !blocks() {
		t.Error("it does not block afterwards")
	}
	if _, err := r.Read(b); err != nil || b[0] != 'b' {
		t.Errorf("%q, %v", b, err)
	}
}
