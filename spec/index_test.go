package spec

import (
	"math/rand/v2"
	"net/netip"
	"testing"
)

// An index holds what a map holds, whatever is entered and dropped, also where many keys want the same slot.
func TestAnIndexIsAMap(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for round := range 200 {
		var x index[number, int]
		want := map[number]*int{}
		keys := 1 + rng.IntN(200)
		key := func() number {
			k := number(rng.IntN(keys))
			if round%2 == 0 {
				k *= 0xf1de83e19937733d // the inverse of the hash's factor: they all want the first slots
			}
			return k
		}
		for range 2000 {
			k := key()
			switch p := new(int); rng.IntN(3) {
			case 0:
				x.drop(k)
				delete(want, k)
			case 1:
				x.dropIf(k, want[k])
				x.dropIf(k, p)
				delete(want, k)
			default:
				x.set(k, p)
				want[k] = p
			}
			if k := key(); x.get(k) != want[k] {
				t.Fatalf("round %d: %#x leads to %p, want %p", round, k, x.get(k), want[k])
			}
			if x.n != len(want) {
				t.Fatalf("round %d: %d pages, want %d", round, x.n, len(want))
			}
		}
		seen := 0
		for p := range x.all() {
			found := false
			for _, w := range want {
				found = found || w == p
			}
			if !found {
				t.Fatal("a page is left that was dropped")
			}
			seen++
		}
		if seen != len(want) {
			t.Fatalf("round %d: %d pages in all, want %d", round, seen, len(want))
		}
		x.reset()
		if k := key(); x.get(k) != nil || x.n != 0 {
			t.Fatal("an index that was emptied is not empty")
		}
	}
}

// Addresses that differ are different keys, whichever part it is that differs.
func TestAddressesAreKeys(t *testing.T) {
	var x index[address, netip.AddrPort]
	var all []netip.AddrPort
	for _, host := range []string{"127.0.0.1", "127.0.0.2", "::1", "::2", "fe80::1", "fe80::1%a", "fe80::1%b", "::ffff:127.0.0.1"} {
		for port := range uint16(300) {
			all = append(all, netip.AddrPortFrom(netip.MustParseAddr(host), port))
		}
	}
	for i := range all {
		x.set(address(all[i]), &all[i])
	}
	for i := range all {
		if got := x.get(address(all[i])); got != &all[i] {
			t.Fatalf("%v leads to %v", all[i], got)
		}
	}
	if x.n != len(all) {
		t.Errorf("%d keys, want %d", x.n, len(all))
	}
}

// far is how many slots beyond its own a page stands, on the average.
func far[K indexed, V any](x *index[K, V]) float64 {
	sum := 0
	for i, s := range x.slots {
		if s.page != nil {
			sum += (i - int(s.key.hash()>>x.shift)) & (len(x.slots) - 1)
		}
	}
	return float64(sum) / float64(x.n)
}

// Keys as traces have them, ids and tokens that count up, pointers, and ports of one host, stand in their own slots or close by: an index with half of its slots taken by keys
// at random has its pages half a slot away (Knuth, The Art of Computer Programming 3, 6.4, linear probing), and one whose keys all want the same slot hundreds.
func TestKeysStandCloseToTheirSlots(t *testing.T) {
	var page int
	for name, key := range map[string]func(int) number{
		"ids":      func(i int) number { return number(i + 1) },
		"pointers": func(i int) number { return 0xc000100000 + 64*number(i) },
		"high":     func(i int) number { return number(i+1) << 40 },
	} {
		var x index[number, int]
		for i := range 1000 {
			x.set(key(i), &page)
		}
		if d := far(&x); d > 1 {
			t.Errorf("%s stand %.1f slots from their own", name, d)
		}
	}
	for _, host := range []string{"127.0.0.1", "::1"} {
		var x index[address, int]
		for port := range uint16(1000) {
			x.set(address(netip.AddrPortFrom(netip.MustParseAddr(host), 1024+port)), &page)
		}
		if d := far(&x); d > 1 {
			t.Errorf("ports of %s stand %.1f slots from their own", host, d)
		}
	}
}

// Pages come in the order of their numbers where the order matters, whatever the order in which they were entered.
func TestPagesComeInTheOrderOfTheirNumbers(t *testing.T) {
	for n := range 40 {
		var x index[number, sock]
		for i := n; i > 0; i-- {
			x.set(number(i*7%41), &sock{id: uint32(i * 7 % 41)})
		}
		list := ordered(&x, nil)
		if len(list) != n {
			t.Fatalf("%d pages, want %d", len(list), n)
		}
		for i := 1; i < len(list); i++ {
			if list[i-1].id >= list[i].id {
				t.Fatalf("socket %d comes before socket %d", list[i-1].id, list[i].id)
			}
		}
	}
}
