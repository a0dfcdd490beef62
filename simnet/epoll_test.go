package simnet

import (
	"fmt"
	"strings"
	"testing"
)

// bench is a kernel with one connection (descriptors client and server), and an epoll instance.
type bench struct {
	*Kernel
	t                  *testing.T
	w                  *World
	ep, client, server int
	listener           int
}

func newBench(t *testing.T, w *World) *bench {
	k := w.NewKernel()
	b := &bench{Kernel: k, t: t, w: w}
	c, s, l := pair(w)
	b.ep, _ = k.EpollCreate()
	b.client, b.server, b.listener = k.installSock(c), k.installSock(s), k.installSock(l)
	return b
}

func onBench(t *testing.T, f func(b *bench)) {
	t.Helper()
	finish(t, Options{}, func(w *World) { f(newBench(t, w)) })
}

// events describes what a wait that does not block reports.
func (b *bench) events(ep, room int) string {
	data, ready := make([]uint64, room), make([]uint32, room)
	n, errno := b.EpollWait(ep, data, ready, 0)
	must(errno)
	var parts []string
	for i := range n {
		parts = append(parts, fmt.Sprintf("%d:%v", data[i], Ready(ready[i])))
	}
	return strings.Join(parts, " ")
}

func (b *bench) want(events string) {
	b.t.Helper()
	if got := b.events(b.ep, 8); got != events {
		b.t.Errorf("events %q, want %q", got, events)
	}
}

func (b *bench) add(fd int, mask Ready, data uint64) {
	b.t.Helper()
	if errno := b.EpollCtl(b.ep, EpollAdd, fd, uint32(mask), data); errno != 0 {
		b.t.Error("ADD:", Errno(errno))
	}
}

func (b *bench) mod(fd int, mask Ready, data uint64) {
	b.t.Helper()
	if errno := b.EpollCtl(b.ep, EpollMod, fd, uint32(mask), data); errno != 0 {
		b.t.Error("MOD:", Errno(errno))
	}
}

// arrive sends from the client and lets it arrive.
func (b *bench) arrive(text string) {
	b.Send(b.client, []byte(text))
	b.w.Settle()
}

func (b *bench) read(n int) {
	_, errno := b.Recv(b.server, make([]byte, n))
	must(errno)
}

func TestLevelTriggeredRepeatsUntilDrained(t *testing.T) {
	onBench(t, func(b *bench) {
		b.add(b.server, IN, 1)
		b.arrive("abc")
		b.want("1:IN")
		b.read(2)
		b.want("1:IN")
		b.read(1)
		b.want("")
	})
}

func TestEdgeTriggeredReportsOnceAndAgainForEachArrival(t *testing.T) {
	onBench(t, func(b *bench) {
		b.add(b.server, IN|ET, 1)
		b.arrive("abc")
		b.want("1:IN")
		b.read(1)
		b.want("")
		b.arrive("d") // although there was something all the time
		b.want("1:IN")
		b.want("")
	})
}

func TestAnArrivingByteReportsOutAsWellWhenBothAreAskedFor(t *testing.T) {
	onBench(t, func(b *bench) {
		b.add(b.server, IN|OUT|ET, 1)
		b.want("1:OUT")
		b.want("")
		b.arrive("a")
		b.want("1:IN|OUT")
	})
}

func TestAnIdenticalModReportsAnew(t *testing.T) {
	onBench(t, func(b *bench) {
		b.add(b.server, IN|ET, 1)
		b.arrive("abc")
		b.want("1:IN")
		b.mod(b.server, IN|ET, 1)
		b.want("1:IN")
		b.want("")
	})
}

func TestAddOfAReadyFileReportsAtOnceEdgeTriggeredToo(t *testing.T) {
	onBench(t, func(b *bench) {
		b.arrive("a")
		b.add(b.server, IN|ET, 1)
		b.want("1:IN")
		b.want("")
	})
}

func TestAnEdgeTriggeredListenerReportsEachConnectionNotEachAccept(t *testing.T) {
	onBench(t, func(b *bench) {
		b.add(b.listener, IN|ET, 9)
		to, _ := b.LocalAddr(b.listener)
		for range 3 {
			b.w.NewSock().Connect(to)
		}
		b.w.Settle()
		b.want("9:IN")
		b.Accept(b.listener)
		b.want("")
		b.w.NewSock().Connect(to)
		b.w.Settle()
		b.want("9:IN")
	})
}

func TestOneshotReportsOnceUntilArmedAgainNotEvenAReset(t *testing.T) {
	onBench(t, func(b *bench) {
		b.add(b.server, IN|ONESHOT, 1)
		b.arrive("a")
		b.want("1:IN")
		b.arrive("b")
		b.want("")
		b.SetLinger(b.client, 0)
		b.Close(b.client)
		b.w.Settle()
		b.want("")
		b.mod(b.server, IN|ONESHOT, 1)
		b.want("1:IN|ERR|HUP")
	})
}

func TestReadinessIsPolledAgainAtDelivery(t *testing.T) {
	onBench(t, func(b *bench) {
		b.add(b.server, IN|ET, 1)
		b.arrive("a")
		b.read(1)
		b.want("")
	})
}

func TestUserDataIsThatOfTheDeliveryNotOfTheEvent(t *testing.T) {
	onBench(t, func(b *bench) {
		b.add(b.server, IN, 1)
		b.arrive("a")
		b.mod(b.server, IN, 2)
		b.want("2:IN")
	})
}

func TestAFileIsRegisteredOncePerNumber(t *testing.T) {
	onBench(t, func(b *bench) {
		b.add(b.server, IN, 1)
		if errno := b.EpollCtl(b.ep, EpollAdd, b.server, uint32(IN), 1); errno != int(EEXIST) {
			t.Error(Errno(errno))
		}
		dup, _ := b.Dup(b.server)
		b.add(dup, IN, 2)
		b.arrive("a")
		b.want("2:IN 1:IN") // the last one added is called first
	})
}

func TestTwoInstancesBothReportOneFile(t *testing.T) {
	onBench(t, func(b *bench) {
		other, _ := b.EpollCreate()
		b.add(b.server, IN, 1)
		must(b.EpollCtl(other, EpollAdd, b.server, uint32(IN), 2))
		b.arrive("a")
		b.want("1:IN")
		if got := b.events(other, 1); got != "2:IN" {
			t.Error(got)
		}
	})
}

func TestACloseWithADuplicateLeavesAGhostThatCannotBeRemoved(t *testing.T) {
	onBench(t, func(b *bench) {
		b.add(b.server, IN, 1)
		dup, _ := b.Dup(b.server)
		must(b.Close(b.server))
		b.arrive("a")
		b.want("1:IN")
		if errno := b.EpollCtl(b.ep, EpollDel, b.server, 0, 0); errno != int(EBADF) {
			t.Error("DEL of the old number:", Errno(errno))
		}
		if errno := b.EpollCtl(b.ep, EpollDel, dup, 0, 0); errno != int(ENOENT) {
			t.Error("DEL of the duplicate:", Errno(errno))
		}
		// A new socket with the old number registers beside it.
		fd, _ := b.Socket(4)
		if fd != b.server {
			t.Errorf("descriptor %d, want %d", fd, b.server)
		}
		b.add(fd, 0, 7)
		b.want("1:IN 7:HUP")
		must(b.Close(fd))
		must(b.Close(dup))
		b.want("")
	})
}

func TestACloseWithoutADuplicateDropsTheRegistrationAndItsReadiness(t *testing.T) {
	onBench(t, func(b *bench) {
		b.add(b.server, IN, 1)
		b.arrive("a")
		must(b.Close(b.server))
		b.want("")
	})
}

func TestDelDropsReadinessAndAddReportsAnew(t *testing.T) {
	onBench(t, func(b *bench) {
		b.add(b.server, IN|ET, 1)
		b.arrive("a")
		must(b.EpollCtl(b.ep, EpollDel, b.server, 0, 0))
		b.want("")
		b.add(b.server, IN|ET, 1)
		b.want("1:IN")
	})
}

func TestErrorAndHangUpAreReportedWithoutBeingAskedFor(t *testing.T) {
	onBench(t, func(b *bench) {
		b.add(b.server, 0, 1)
		b.want("")
		b.SetLinger(b.client, 0)
		b.Close(b.client)
		b.w.Settle()
		b.want("1:ERR|HUP")
	})
}

func TestReadHangUpIsReportedOnlyWhenAskedFor(t *testing.T) {
	onBench(t, func(b *bench) {
		b.add(b.server, IN, 1)
		must(b.Shutdown(b.client, 1))
		b.w.Settle()
		b.want("1:IN")
		b.mod(b.server, IN|RDHUP, 1)
		b.want("1:IN|RDHUP")
		must(b.Shutdown(b.server, 1))
		b.w.Settle()
		b.want("1:IN|HUP|RDHUP")
	})
}

func TestAnUnconnectedSocketIsOutAndHangUp(t *testing.T) {
	onBench(t, func(b *bench) {
		fd, _ := b.Socket(4)
		b.add(fd, IN|OUT, 1)
		b.want("1:OUT|HUP")
	})
}

func TestARefusedConnectReportsEverything(t *testing.T) {
	onBench(t, func(b *bench) {
		fd, _ := b.Socket(4)
		b.Connect(fd, testAddr)
		b.w.Settle()
		b.add(fd, IN|OUT|RDHUP, 1)
		b.want("1:IN|OUT|ERR|HUP|RDHUP")
		if errno := b.SocketError(fd); errno != int(ECONNREFUSED) {
			t.Error(Errno(errno))
		}
	})
}

func TestAfterAResetTheErrorIsReportedOnceAndTheHangUpStays(t *testing.T) {
	onBench(t, func(b *bench) {
		b.SetLinger(b.client, 0)
		b.Close(b.client)
		b.w.Settle()
		b.add(b.server, IN, 1)
		b.want("1:IN|ERR|HUP")
		if _, errno := b.Recv(b.server, make([]byte, 1)); errno != int(ECONNRESET) {
			t.Error(Errno(errno))
		}
		b.want("1:IN|HUP")
		if n, errno := b.Recv(b.server, make([]byte, 1)); n != 0 || errno != 0 {
			t.Error(n, Errno(errno))
		}
	})
}

func TestAListenerWhoseReceivingIsShutIsOutAndHangUp(t *testing.T) {
	onBench(t, func(b *bench) {
		b.add(b.listener, IN|OUT, 1)
		must(b.Shutdown(b.listener, 0))
		b.want("1:OUT|HUP")
	})
}

func TestASmallArrayRotatesThroughTheReadyFiles(t *testing.T) {
	onBench(t, func(b *bench) {
		for i := range 4 {
			fd, _ := b.EventFD()
			must(b.EventWrite(fd, 1))
			b.add(fd, IN, uint64(i))
		}
		got := ""
		for range 6 {
			got += b.events(b.ep, 2) + " "
		}
		if want := strings.Repeat("0:IN 1:IN 2:IN 3:IN ", 3); got != want {
			t.Error(got)
		}
	})
}

func TestAWaitWithoutRoomIsInvalid(t *testing.T) {
	onBench(t, func(b *bench) {
		if _, errno := b.EpollWait(b.ep, nil, nil, 0); errno != int(EINVAL) {
			t.Error(Errno(errno))
		}
		if _, errno := b.EpollWait(b.server, make([]uint64, 1), make([]uint32, 1), 0); errno != int(EINVAL) {
			t.Error(Errno(errno))
		}
	})
}

func TestAnEventCounterCountsAndEveryWriteIsAnEdge(t *testing.T) {
	onBench(t, func(b *bench) {
		fd, _ := b.EventFD()
		b.add(fd, IN|ET, 1)
		b.want("")
		if _, errno := b.EventRead(fd); errno != int(EAGAIN) {
			t.Error(Errno(errno))
		}
		must(b.EventWrite(fd, 2))
		b.want("1:IN")
		must(b.EventWrite(fd, 3))
		b.want("1:IN")
		if v, errno := b.EventRead(fd); v != 5 || errno != 0 {
			t.Error(v, Errno(errno))
		}
		b.want("")
		must(b.EventWrite(fd, 1<<64-2))
		if errno := b.EventWrite(fd, 1); errno != int(EAGAIN) {
			t.Error(Errno(errno))
		}
		if errno := b.EventWrite(fd, 1<<64-1); errno != int(EINVAL) {
			t.Error(Errno(errno))
		}
	})
}

func TestDescriptorsAreTheLowestFreeNumberAtOnce(t *testing.T) {
	finish(t, Options{MaxFiles: 6}, func(w *World) {
		k := w.NewKernel()
		var fds []int
		for range 6 {
			fd, errno := k.Socket(4)
			must(errno)
			fds = append(fds, fd)
		}
		if fds[0] != 3 || fds[5] != 8 {
			t.Error(fds)
		}
		if _, errno := k.Socket(4); errno != int(EMFILE) {
			t.Error(Errno(errno))
		}
		must(k.Close(5))
		must(k.Close(4))
		if fd, _ := k.EventFD(); fd != 4 {
			t.Error(fd)
		}
		if fd, _ := k.Dup(3); fd != 5 {
			t.Error(fd)
		}
		if errno := k.Close(77); errno != int(EBADF) {
			t.Error(Errno(errno))
		}
		if _, errno := k.Recv(4, nil); errno != int(ENOTSOCK) {
			t.Error(Errno(errno))
		}
		if fd, _ := w.NewKernel().Socket(4); fd != 3 {
			t.Error("another process begins at", fd)
		}
	})
}
