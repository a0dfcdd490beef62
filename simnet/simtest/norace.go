//go:build !race

package simtest

// Raced: the race detector is on.
const Raced = false
