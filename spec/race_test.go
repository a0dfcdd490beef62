//go:build race

package spec

// under the race detector everything takes about ten times as long
const slower = 6
