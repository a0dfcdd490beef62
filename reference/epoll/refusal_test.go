package epoll_test

import (
	"net/netip"
	"testing"

	"github.com/ioconform/ioconform/reference/epoll"
	"github.com/ioconform/ioconform/spec"
)

func TestAConnectionThatWasResetBeforeAnybodyLookedWasStillMade(t *testing.T) {
	everywhere(t, func(w *world) {
		fd, _ := w.far.Socket(4)
		w.far.Bind(fd, anyPort)
		w.far.Listen(fd, 8)
		addr, _ := w.far.LocalAddr(fd)
		s := w.socket()
		w.want("associate", w.p.Associate(s, 7), spec.OK)
		w.started("connect", s.Start(&spec.Op{Kind: spec.Connect, Token: 2, To: addr}))
		w.settle()
		nfd, _, errno := w.far.Accept(fd)
		if errno != 0 {
			w.Fatal(errno)
		}
		(&farEnd{w: w, fd: nfd}).abort()
		w.settle()
		w.ends(2, spec.OK, 0)
		w.refused("receive", s.Start(receive(3, 1)), spec.Reset)
		w.refused("receive", s.Start(receive(3, 0)), spec.Reset)
		w.refused("send", s.Start(send(4, "x")), spec.Reset)
		w.want("shutdown", s.Shutdown(spec.SideSend), spec.OK)
		w.far.Close(fd)
		w.nothing()
	})
}

func TestAResetEndsAReceiveWithoutABuffer(t *testing.T) {
	everywhere(t, func(w *world) {
		s, f := w.pair(7)
		w.started("receive", s.Start(receive(2, 0)))
		w.nothing()
		f.abort()
		w.ends(2, spec.Reset, 0)
	})
}

func TestCallsOutOfPlaceAreRefused(t *testing.T) {
	everywhere(t, func(w *world) {
		_, st := w.b.Socket(spec.UDP6 + 1)
		w.want("no such network", st, spec.Unsupported)
		_, st = w.b.Port(-1)
		w.want("port", st, spec.Invalid)
		_, st = w.p.Wait(nil, 0)
		w.want("wait for nothing", st, spec.Invalid)
		w.want("associate nothing", w.p.Associate(nil, 1), spec.Invalid)

		s := w.socket()
		w.refused("nothing", s.Start(nil), spec.Invalid)
		w.want("listen unbound", s.Listen(1), spec.Invalid)
		w.want("shutdown unconnected", s.Shutdown(spec.SideSend), spec.NotConnected)
		_, st = s.Local()
		w.want("local unbound", st, spec.Invalid)
		w.want("bind to IPv6", s.Bind(netip.MustParseAddrPort("[::1]:0")), spec.Unsupported)
		w.want("bind to nothing", s.Bind(netip.AddrPort{}), spec.Invalid)
		w.refused("connect to nothing", s.Start(&spec.Op{Kind: spec.Connect}), spec.Invalid)

		l, addr := w.listener(1)
		w.want("bind to an address taken", s.Bind(addr), spec.InUse)
		w.want("bind twice", l.Bind(anyPort), spec.Invalid)
		w.want("listen twice", l.Listen(1), spec.Invalid)
		w.refused("connect a listener", l.Start(&spec.Op{Kind: spec.Connect, To: addr}), spec.Invalid)
		w.refused("receive on a listener", l.Start(receive(2, 1)), spec.NotConnected)
		w.refused("accept into itself", l.Start(&spec.Op{Kind: spec.Accept, Into: l}), spec.Invalid)
		w.refused("accept more than fits", l.Start(&spec.Op{Kind: spec.Accept, Data: 1}), spec.Invalid)
		w.want("close", s.Close(), spec.OK)
		w.refused("accept into a closed socket", l.Start(&spec.Op{Kind: spec.Accept, Into: s}), spec.Closed)
		w.refused("accept on a closed socket", s.Start(&spec.Op{Kind: spec.Accept, Into: w.socket()}), spec.Closed)
		w.refused("connect a closed socket", s.Start(&spec.Op{Kind: spec.Connect, To: addr}), spec.Closed)
		w.want("bind a closed socket", s.Bind(anyPort), spec.Closed)
		w.want("listen on a closed socket", s.Listen(1), spec.Closed)
		w.want("shut down a closed socket", s.Shutdown(spec.SideBoth), spec.Closed)
		w.want("skip on a closed socket", s.SkipOnSuccess(), spec.Closed)
		w.want("associate a closed socket", w.p.Associate(s, 1), spec.Closed)
		_, st = s.Local()
		w.want("local of a closed socket", st, spec.Closed)
		_, st = s.Peer()
		w.want("peer of a closed socket", st, spec.Closed)
	})
}

func TestWhatIsDeclaredExists(t *testing.T) {
	about := epoll.About("linux", "real")
	if err := about.Axes.Check(); err != nil {
		t.Error(err)
	}
	if about.Axes.Get("progress") != "waiters" || about.Can(spec.CanLimit) || !about.Can(spec.CanAcceptData) {
		t.Errorf("%+v", about)
	}
}
