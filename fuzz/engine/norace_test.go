//go:build !race

package engine

const Raced = false
