//go:build race

package engine

// Raced: the race detector is on. It sees nothing inside a simulated world, where coroutines are switched with a happens-before edge, and makes it
// twenty times slower; a sample is enough for what it can see, the goroutines around the worlds.
const Raced = true
