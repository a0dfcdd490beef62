//go:build !unix

package main

// truncated is no flag here: Windows has an error for that, WSAEMSGSIZE.
const truncated = 0
