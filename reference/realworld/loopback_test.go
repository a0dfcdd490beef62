package realworld

import (
	"net"
	"runtime"
	"testing"

	"github.com/ioconform/ioconform/spec"
)

// On Linux a port of one world is none of another's: who connects to it there is refused.
func TestAWorldHasAnAddressOfItsOwn(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the loopback interface has one address here; on Linux it has 127.0.0.0/8")
	}
	a := open(t)
	b, err := New()
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if x, y := a.Loopback(spec.TCP4), b.Loopback(spec.UDP4); x == y || !x.Addr().IsLoopback() || !y.Addr().IsLoopback() || x.Port() != 0 {
		t.Errorf("two worlds have the addresses %s and %s", x, y)
	}
	if x := a.Loopback(spec.TCP6); x != b.Loopback(spec.UDP6) || !x.Addr().IsLoopback() {
		t.Errorf("over IPv6 there is one, and it is %s", x)
	}
	l, err := a.Listen(spec.TCP4, false)
	if err != nil {
		t.Fatal(err)
	}
	at := net.TCPAddrFromAddrPort(l.Addr())
	if c, err := net.DialTCP("tcp4", nil, at); err != nil {
		t.Error(err)
	} else {
		c.Close()
	}
	at.IP = b.Loopback(spec.TCP4).Addr().AsSlice()
	if c, err := net.DialTCP("tcp4", nil, at); err == nil {
		c.Close()
		t.Errorf("%s is listened at, and %s as well", l.Addr(), at)
	}
}

// As many worlds as a long campaign has each have an address that can be one, and those of a while are different.
func TestAddressesOfManyWorlds(t *testing.T) {
	seen := map[string]bool{}
	for n := range uint32(1 << 17) {
		a := home(n)
		if b := a.As4(); !a.IsLoopback() || runtime.GOOS == "linux" && (b[3] == 0 || b[3] == 255 || b[1] == 0) {
			t.Fatalf("the world %d has the address %s", n, a)
		}
		if n < 60000 {
			seen[a.String()] = true
		}
	}
	if runtime.GOOS == "linux" && len(seen) < 59000 {
		t.Errorf("60000 worlds have %d addresses", len(seen))
	}
}
