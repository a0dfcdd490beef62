package conformance

import "github.com/ioconform/ioconform/spec"

// Pattern fills b with the bytes that source uid sends from position at on: those of spec.Pattern, which traces at data level pattern name instead of
// the bytes.
func Pattern(b []byte, uid uint32, at uint64) { spec.Pattern(b, uid, at) }

// Token gives the operation with this id a token that uses all 64 bits. The factor is odd, so no two ids get the same.
func Token(id uint32) uint64 { return uint64(id)*0x9E3779B97F4A7C15 + 1 }
