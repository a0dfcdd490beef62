package adapter

import (
	"encoding/base64"
	"math/bits"
	"net/netip"
	"sort"
	"strconv"
	"unicode/utf8"
)

// Append appends m as a JSON object on one line, its fields in the order of the table.
func (m *Message) Append(b []byte) []byte {
	b = append(b, '{')
	for has, first := uint64(m.Has), true; has != 0; has &= has - 1 {
		f := &Fields[bits.TrailingZeros64(has)]
		if !first {
			b = append(b, ',')
		}
		first = false
		b = append(b, '"')
		b = append(b, f.Name...)
		b = append(b, '"', ':')
		b = f.append(b, m)
	}
	return append(b, '}')
}

func (f *FieldOf) append(b []byte, m *Message) []byte {
	switch x := f.at(m).(type) {
	case *int64:
		return strconv.AppendInt(b, *x, 10)
	case *uint64:
		return appendHex(b, *x)
	case *string:
		return appendString(b, *x)
	case *bool:
		return strconv.AppendBool(b, *x)
	case *[]byte:
		b = append(b, '"')
		b = base64.StdEncoding.AppendEncode(b, *x)
		return append(b, '"')
	case *netip.AddrPort:
		b = append(b, '"')
		b = x.AppendTo(b)
		return append(b, '"')
	case *[]string:
		b = append(b, '[')
		for i, s := range *x {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendString(b, s)
		}
		return append(b, ']')
	case *map[string]string:
		names := make([]string, 0, len(*x))
		for k := range *x {
			names = append(names, k)
		}
		sort.Strings(names)
		b = append(b, '{')
		for i, k := range names {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendString(b, k), ':')
			b = appendString(b, (*x)[k])
		}
		return append(b, '}')
	case *[]uint64:
		b = append(b, '[')
		for i, u := range *x {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendHex(b, u)
		}
		return append(b, ']')
	case *[]Message:
		b = append(b, '[')
		for i := range *x {
			if i > 0 {
				b = append(b, ',')
			}
			b = (*x)[i].Append(b)
		}
		return append(b, ']')
	}
	panic("adapter: field " + f.Name + " is kept in a way that nobody can write")
}

func appendHex(b []byte, u uint64) []byte {
	b = append(b, '"', '0', 'x')
	b = strconv.AppendUint(b, u, 16)
	return append(b, '"')
}

// appendString writes a string in the form of JSON. Bytes that are no UTF-8 become U+FFFD, as JSON has no other.
func appendString(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r < 0x20:
			b = append(b, '\\', 'u', '0', '0', hex[r>>4], hex[r&15])
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}
