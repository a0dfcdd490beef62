package spec

import (
	"cmp"
	"encoding/binary"
	"iter"
	"net/netip"
	"slices"
)

// index finds pages by what the trace calls them. Half a dozen are asked at nearly every event, and all are emptied before each trace: a Go map
// took 7 ns to find a number and 25 ns to find an address, this takes 2 and 6, and emptying costs what was used (measured on a program of 80
// events, of which it saves a tenth). The slots are a power of two, at most half of them taken; a page that is not in its own slot is in one of those that follow.
type index[K indexed, V any] struct {
	slots []indexSlot[K, V]
	shift int // of the hash, to the number of a slot
	n     int
}

type indexSlot[K indexed, V any] struct {
	key  K
	page *V // nil: free
}

type indexed interface {
	comparable
	hash() uint64 // the high bits count
}

// number is an id, or a token.
type number uint64

func (n number) hash() uint64 { return uint64(n) * 0x9e3779b97f4a7c15 }

// address is the address of an end.
type address netip.AddrPort

func (a address) hash() uint64 {
	b := netip.AddrPort(a).Addr().As16()
	host := binary.LittleEndian.Uint64(b[:8]) ^ binary.LittleEndian.Uint64(b[8:])
	return (host + uint64(netip.AddrPort(a).Port())) * 0x9e3779b97f4a7c15
}

const (
	indexLeast = 16   // slots
	indexKept  = 1024 // the most that are kept for the next trace
)

// find returns the slot of the key, or the free one where it would go.
func (x *index[K, V]) find(k K) int {
	i := int(k.hash() >> x.shift)
	for x.slots[i].page != nil && x.slots[i].key != k {
		i = (i + 1) & (len(x.slots) - 1)
	}
	return i
}

func (x *index[K, V]) get(k K) *V {
	if x.n == 0 {
		return nil
	}
	return x.slots[x.find(k)].page
}

func (x *index[K, V]) set(k K, page *V) {
	if 2*(x.n+1) > len(x.slots) {
		x.grow()
	}
	s := &x.slots[x.find(k)]
	if s.page == nil {
		x.n++
	}
	s.key, s.page = k, page
}

func (x *index[K, V]) grow() {
	old := x.slots
	x.slots = make([]indexSlot[K, V], max(2*len(old), indexLeast))
	x.shift = 64
	for n := len(x.slots); n > 1; n /= 2 {
		x.shift--
	}
	for i := range old {
		if old[i].page != nil {
			x.slots[x.find(old[i].key)] = old[i]
		}
	}
}

func (x *index[K, V]) drop(k K) {
	if x.n == 0 {
		return
	}
	free := x.find(k)
	if x.slots[free].page == nil {
		return
	}
	x.n--
	mask := len(x.slots) - 1
	for i := (free + 1) & mask; x.slots[i].page != nil; i = (i + 1) & mask {
		own := int(x.slots[i].key.hash() >> x.shift)
		if (i-own)&mask >= (i-free)&mask { // it could stand in the free slot as well
			x.slots[free] = x.slots[i]
			free = i
		}
	}
	x.slots[free] = indexSlot[K, V]{}
}

// dropIf drops the key if it leads to this page.
func (x *index[K, V]) dropIf(k K, page *V) {
	if x.get(k) == page {
		x.drop(k)
	}
}

func (x *index[K, V]) reset() {
	switch {
	case len(x.slots) > indexKept:
		*x = index[K, V]{}
	case x.n > 0:
		clear(x.slots)
		x.n = 0
	}
}

// all returns the pages, in no order that means anything. While it lasts nothing may be entered or dropped.
func (x *index[K, V]) all() iter.Seq[*V] {
	return func(yield func(*V) bool) {
		for i := range x.slots {
			if p := x.slots[i].page; p != nil && !yield(p) {
				return
			}
		}
	}
}

// numbered is a page that has a number.
type numbered interface{ number() uint32 }

func (s *sock) number() uint32 { return s.id }
func (p *port) number() uint32 { return p.id }
func (c *conn) number() uint32 { return c.id }

// ordered returns the pages in the order of their numbers, in memory that is used again.
func ordered[V any, P interface {
	*V
	numbered
}](x *index[number, V], list []*V) []*V {
	list = list[:0]
	for p := range x.all() {
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b *V) int { return cmp.Compare(P(a).number(), P(b).number()) })
	return list
}
