//go:build !race

package fuzz

const Raced = false
