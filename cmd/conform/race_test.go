//go:build race

package main

// raced: the race detector is on. It sees nothing inside a simulated world, and makes it twenty times slower.
const raced = true
