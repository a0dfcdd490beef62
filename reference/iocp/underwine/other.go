//go:build !linux

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "underwine: it runs Windows programs on Linux; here, run them as they are or not at all")
	os.Exit(2)
}
