package simnet

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"
)

func logNet(log *[]string) func(NetEvent, netip.AddrPort, netip.AddrPort, int) {
	return func(e NetEvent, _, _ netip.AddrPort, n int) { *log = append(*log, fmt.Sprintf("%v:%d", e, n)) }
}

// outcomes goes through every schedule of three datagrams of lengths 1, 2, 3 to one socket, and
// returns what arrived and what the observer heard, once each.
func outcomes(t *testing.T, net Net) []string {
	t.Helper()
	var log []string
	net.Observer = logNet(&log)
	w := New(Options{Net: net})
	defer w.Close()
	seen := map[string]bool{}
	search := NewDelaySearch(1 << 20)
	for search.Next() {
		log = log[:0]
		got := ""
		w.Reset(search)
		out := w.Run(func() {
			a, b := dgrams(w)
			for n := 1; n <= 3; n++ {
				a.SendTo(make([]byte, n), b.Local())
			}
			w.Settle()
			for {
				_, size, _, e := b.RecvFrom(nil)
				if e != OK {
					break
				}
				got += fmt.Sprint(size)
			}
			if a.sent != 0 || len(w.net.busy) != 0 {
				t.Error("left in flight:", a.sent, len(w.net.busy))
			}
		})
		if !out.OK() {
			t.Fatal(out)
		}
		seen[got+" "+strings.Join(log, " ")] = true
	}
	if !search.Complete() {
		t.Error("the search is not complete")
	}
	return slices.Sorted(maps.Keys(seen))
}

func TestWithoutOptionsNothingIsLostDoubledOrReordered(t *testing.T) {
	if got := outcomes(t, Net{}); len(got) != 1 || got[0] != "123 " {
		t.Error(got)
	}
}

func TestEverySubsetCanBeLostAndEachLossIsHeardOf(t *testing.T) {
	got := outcomes(t, Net{Loss: 2})
	if len(got) != 8 || !slices.Contains(got, "2 drop:1 drop:3") || !slices.Contains(got, "123 ") ||
		!slices.Contains(got, " drop:1 drop:2 drop:3") {
		t.Errorf("%q", got)
	}
}

func TestADuplicateComesAfterTheOthersAndIsNotDoubledAgain(t *testing.T) {
	got := outcomes(t, Net{Dup: 2})
	if len(got) != 8 || !slices.Contains(got, "1231 dup:1") || !slices.Contains(got, "123123 dup:1 dup:2 dup:3") {
		t.Errorf("%q", got)
	}
}

func TestEveryOrderCanComeOutOfReordering(t *testing.T) {
	orders := map[string]bool{}
	for _, o := range outcomes(t, Net{Reorder: 2}) {
		order, events, _ := strings.Cut(o, " ")
		orders[order] = true
		if (order == "123") != (events == "") {
			t.Errorf("%q", o)
		}
	}
	if got := slices.Sorted(maps.Keys(orders)); !slices.Equal(got, []string{"123", "132", "213", "231", "312", "321"}) {
		t.Error(got)
	}
}

func TestDatagramsToDifferentPlacesOvertakeEachOtherWithoutAnyOption(t *testing.T) {
	first := map[string]bool{}
	for seed := range uint64(50) {
		finish(t, Options{Source: Uniform(seed)}, func(w *World) {
			a, b := dgrams(w)
			s := w.NewDatagram(4)
			order := ""
			var log []string
			a.Watch(&listOf{"a", &log, func(_ *Sock, _, edge Ready) { order += "a" }})
			b.Watch(&listOf{"b", &log, func(_ *Sock, _, edge Ready) { order += "b" }})
			s.SendTo([]byte("x"), a.Local())
			s.SendTo([]byte("x"), b.Local())
			w.Settle()
			first[order] = true
		})
	}
	if !first["ab"] || !first["ba"] {
		t.Error(first)
	}
}

func TestASteadyStateOfDatagramsAllocatesNothing(t *testing.T) {
	w := New(Options{Net: Net{Loss: 4, Dup: 4, Reorder: 4}})
	defer w.Close()
	src := Uniform(0)
	seed := uint64(0)
	var k *Kernel
	var b [8]byte
	ping := func() {
		fd, _ := k.SocketDgram(4)
		for range 5 {
			k.SendTo(fd, b[:], testAddr)
			k.SendTo(fd, b[:3], deadAddr)
		}
		k.Close(fd)
	}
	var data [4]uint64
	var ready [4]uint32
	main := func() {
		k = w.NewKernel()
		fd, _ := k.SocketDgram(4)
		must(k.Bind(fd, testAddr))
		inner, _ := k.EpollCreate()
		outer, _ := k.EpollCreate()
		must(k.EpollCtl(inner, EpollAdd, fd, uint32(IN|EXCLUSIVE), 1))
		must(k.EpollCtl(outer, EpollAdd, inner, uint32(IN|ET), 2))
		w.Go("ping", ping)
		w.Go("ping", ping)
		for n := 1; n > 0; {
			n, _ = k.EpollWait(outer, data[:], ready[:], 1e9)
			for {
				if _, _, _, errno := k.RecvFrom(fd, b[:]); errno != 0 {
					break
				}
			}
		}
	}
	once := func() {
		seed = (seed + 1) % 64
		src.Seed(seed)
		w.Reset(src)
		if out := w.Run(main); !out.OK() {
			t.Fatal(out)
		}
	}
	for range 200 {
		once()
	}
	if n := testing.AllocsPerRun(500, once); n != 0 {
		t.Errorf("%v allocations a run", n)
	}
}
