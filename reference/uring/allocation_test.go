//go:build linux && !race

package uring_test

import (
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/ioconform/ioconform/spec"
)

func TestAMessageAllocatesNothing(t *testing.T) {
	w := newWorld(t)
	l, _ := w.listener(0)
	local, _ := l.Local()
	w.start(l, &spec.Op{Kind: spec.Accept})
	far, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err == nil {
		defer unix.Close(far)
		err = unix.Connect(far, &unix.SockaddrInet4{Port: int(local.Port()), Addr: local.Addr().As4()})
	}
	if err != nil {
		t.Fatal(err)
	}
	s := w.packet().Sock
	w.must("associate", w.p.Associate(s, 1))
	receive := &spec.Op{Kind: spec.Receive, Token: 101, Buf: make([]byte, 64)}
	send := &spec.Op{Kind: spec.Send, Token: 102}
	in := make([]byte, 64)
	dst := make([]spec.Packet, 4)
	allocated := testing.AllocsPerRun(1000, func() {
		s.Start(receive)
		unix.Write(far, in)
		for ended := 0; ended < 2; {
			n, st := w.p.Wait(dst, time.Minute)
			if !st.Ok() {
				t.Fatal(st)
			}
			for _, pkt := range dst[:n] {
				ended++
				if pkt.Token == receive.Token {
					send.Buf = receive.Buf[:pkt.N]
					s.Start(send)
				}
			}
		}
		for at := 0; at < len(in); {
			n, _ := unix.Read(far, in[at:])
			at += n
		}
	})
	if allocated != 0 {
		t.Errorf("%v allocations for a message", allocated)
	}
}
