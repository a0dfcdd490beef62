//go:build unix

package main

import "syscall"

// truncated is the flag by which ReadMsgUDP tells of a datagram that was longer than the buffer.
const truncated = syscall.MSG_TRUNC
