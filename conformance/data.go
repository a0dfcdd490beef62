package conformance

// pattern fills b with the bytes that source uid sends from position at on. Within any 256 neighbouring positions of a block of 4096 no byte
// comes twice, so that even receives of a single byte have their place in the stream; sources differ in their stride, blocks
// in where they begin.
func pattern(b []byte, uid uint32, at uint64) {
	stride := byte(uid*2 + 1)
	for i := range b {
		at := at + uint64(i)
		b[i] = byte(at)*stride + byte(uid*37) + byte(at>>12)*91
	}
}

// token gives the operation with this id a token that uses all 64 bits. The factor is odd, so no two ids get the same.
func token(id uint32) uint64 { return uint64(id)*0x9E3779B97F4A7C15 + 1 }
