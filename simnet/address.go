package simnet

import "net/netip"

// Addresses are of two families that have nothing to do with each other: an IPv6 socket is as after
// IPV6_V6ONLY. So 0.0.0.0:80 and [::]:80 can be bound side by side, and an IPv4 address means
// nothing to an IPv6 socket, also when it is written as ::ffff:a.b.c.d. Every unicast address of
// either family is local. Not modelled: scopes (link-local addresses are EINVAL), multicast,
// broadcast.

var (
	loopback  = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	broadcast = netip.AddrFrom4([4]byte{255, 255, 255, 255})
)

// wildcard is the address of a socket that has none of its own.
func (s *Sock) wildcard() netip.Addr {
	if s.v6 {
		return netip.IPv6Unspecified()
	}
	return netip.IPv4Unspecified()
}

// mayBind reports what is wrong with an address for Bind.
func (s *Sock) mayBind(a netip.Addr) Errno {
	switch {
	case !s.v6 && !a.Is4():
		return EAFNOSUPPORT
	case s.hasPort || s.state != tcpClose:
		return EINVAL
	case s.v6 && (!a.Is6() || a.Is4In6() || a.Zone() != "" || a.IsLinkLocalUnicast()):
		return EINVAL // an IPv4 address is too short to be looked at (__inet6_bind, net/ipv6/af_inet6.c)
	case s.v6 && !s.udp && a.IsMulticast():
		return EINVAL
	case a.IsMulticast() || a == broadcast:
		return EADDRNOTAVAIL
	}
	return OK
}

// route returns where a destination given by the program really is, and the source address that goes
// with it (ip_route_connect, ip6_dst_lookup_flow). The wildcard means this machine.
func (s *Sock) route(to netip.AddrPort) (dest netip.AddrPort, from netip.Addr, e Errno) {
	if s.v6 {
		return s.route6(to)
	}
	a := to.Addr()
	switch {
	case !a.Is4():
		return to, from, EAFNOSUPPORT
	case a == broadcast && s.udp:
		return to, from, EACCES
	case a == broadcast || a.IsMulticast():
		return to, from, ENETUNREACH
	}
	if s.local.IsValid() && !s.local.Addr().IsUnspecified() {
		from = s.local.Addr()
	}
	if a.IsUnspecified() {
		a = loopback
		if from.IsValid() {
			a = from
		}
		to = netip.AddrPortFrom(a, to.Port())
	}
	if !from.IsValid() {
		from = a
		if a.IsLoopback() {
			from = loopback // whatever address of 127.0.0.0/8 is meant
		}
	}
	return to, from, OK
}

func (s *Sock) route6(to netip.AddrPort) (dest netip.AddrPort, from netip.Addr, e Errno) {
	a := to.Addr()
	switch {
	case !a.Is6() || a.Is4In6() || a.IsMulticast():
		return to, from, ENETUNREACH
	case a.Zone() != "" || a.IsLinkLocalUnicast():
		return to, from, EINVAL
	case a.IsUnspecified():
		a = netip.IPv6Loopback()
		to = netip.AddrPortFrom(a, to.Port())
	}
	if own := s.Local().Addr(); !own.IsUnspecified() {
		a = own
	}
	return to, a, OK
}

func (s *Sock) family() int {
	if s.v6 {
		return 6
	}
	return 4
}
