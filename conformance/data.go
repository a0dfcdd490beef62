package conformance

// Pattern fills b with the bytes that source uid sends from position at on. Three bytes of four count upwards in a stride of the
// source's own, so that even receives of a single byte have their place among their neighbours; the fourth is a hash
// of the source and the place, so that eight bytes are found nowhere else.
func Pattern(b []byte, uid uint32, at uint64) {
	stride := byte(uid*2 + 1)
	for i := range b {
		at := at + uint64(i)
		if at%4 == 3 {
			h := (at ^ uint64(uid)<<40) * 0x9E3779B97F4A7C15
			b[i] = byte(h >> 56)
			continue
		}
		b[i] = byte(at)*stride + byte(uid*37)
	}
}

// Token gives the operation with this id a token that uses all 64 bits. The factor is odd, so no two ids get the same.
func Token(id uint32) uint64 { return uint64(id)*0x9E3779B97F4A7C15 + 1 }
