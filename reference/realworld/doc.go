// Package realworld is the real machine as a [spec.World]: threads are goroutines, time is the clock, and the far end is played
// with plain blocking sockets on the loopback interface of the kernel that the back end under test uses as well.
//
// # What it promises
//
// Time may hide a fault but never invent one. No wait is bounded by the clock. It is bounded by rounds of a canary: one byte that
// goes back and forth over a loopback connection of this process, about once a millisecond. What stalls the back
// end, a stopped process, a loaded machine, a slow kernel, stalls the canary too, so a patient [spec.Watch] ends only when
// thousands of bytes have travelled where one was awaited; and rounds count only for a thread that was there to look.
//
// A run that hangs ends. When a thread panics, or when none shows a sign of life for a multiple of the longest patience and no far end is in a call that has a limit,
// [World.Run] returns an error that names the threads and shows their stacks.
//
// The far end does what the platform does: nothing is read ahead of the program, so a close with unread data resets wherever
// the platform resets, and a [spec.Status] carries the platform's own number.
//
// Nothing is left behind: [World.Close] releases every endpoint that is still open, and the canary ends with the last World.
//
// # What it does not
//
// It decides nothing: which thread runs and when a segment arrives is up to the machine (Controlled is false). A back end that
// panics on a goroutine of its own, or that closes a descriptor which is not its own, can take the process or the canary
// with it; the second is reported by Run, the first cannot be caught in Go.
//
// Reading order: world.go, thread.go and gate.go (a program and its threads), canary.go and watch.go (patience), peer.go,
// listener.go and refusing_*.go (the far end), status.go and errno_*.go (what the platform said).
package realworld
