package spec

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// Capability is something that a target can do. A rule or a case that needs one which the target has not is
// skipped, with that as the reason, and never counted as passed.
type Capability string

const (
	CanAccept     Capability = "accept"
	CanAcceptData Capability = "accept-data" // an accept that completes with the first bytes
	CanAcceptInto Capability = "accept-into" // an accept into a socket made before
	CanConnect    Capability = "connect"
	CanPost       Capability = "post"
	CanCancel     Capability = "cancel" // of one operation
	CanCancelAll  Capability = "cancel-all"
	CanSkip       Capability = "skip" // skip the packet on immediate success
	CanShutdown   Capability = "shutdown"
	CanLimit      Capability = "concurrency" // the port's concurrency limit is kept
	CanWorkers    Capability = "workers"     // several threads may wait on one port
	CanControl    Capability = "controlled"  // the world's choices can be decided
	CanLateAssoc  Capability = "late-association"
	CanWaitAll    Capability = "wait-all" // a receive can wait until its buffer is full
	CanComplete   Capability = "completion"
	CanPoll       Capability = "poller"
	CanDatagram   Capability = "datagram"
	CanIPv6       Capability = "ipv6"
	CanExclusive  Capability = "exclusive"
	CanNest       Capability = "nested"
	CanRdHup      Capability = "rdhup"
	CanEdge       Capability = "edge"
	CanOneShot    Capability = "oneshot"
	CanDuplicate  Capability = "duplicate" // sockets can be duplicated

	// what only Windows has
	CanWin32      Capability = "win32"            // says what it says in the words of Windows
	CanContext    Capability = "context"          // accepted and connected sockets can be left without their context
	CanDisconnect Capability = "disconnect"       // a connection can be ended and its socket used again
	CanArguments  Capability = "accept-arguments" // an accept can be given the arguments of AcceptEx
	CanEvent      Capability = "event"            // an operation can signal an event
	CanAPC        Capability = "apc"              // a wait can be alertable
	CanThreadExit Capability = "thread-exit"      // a thread of the operating system can end
)

// Capabilities lists every capability with what it means, for help texts and for the parser of scenarios.
var Capabilities = []struct {
	Name    Capability
	Meaning string
}{
	{CanAccept, "accepts connections"},
	{CanAcceptData, "an accept may wait for the first bytes"},
	{CanAcceptInto, "an accept may name the socket to accept into"},
	{CanConnect, "connects to a listening far end"},
	{CanPost, "packets can be posted"},
	{CanCancel, "one operation can be cancelled"},
	{CanCancelAll, "all operations of a socket can be cancelled at once"},
	{CanSkip, "the packet can be skipped when an operation succeeds at once"},
	{CanShutdown, "one direction of a connection can be shut down"},
	{CanLimit, "a port's concurrency limit is kept"},
	{CanWorkers, "several threads may wait on one port"},
	{CanControl, "the choices of the world can be decided"},
	{CanWaitAll, "a receive can wait until its buffer is full"},
	{CanLateAssoc, "operations may be started before the socket is associated"},
	{CanComplete, "tells what has been done: a completion back end; a target without poller is one, whether it says so or not"},
	{CanPoll, "tells what can be done: a readiness back end"},
	{CanDatagram, "has datagram sockets"},
	{CanIPv6, "has sockets over IPv6, and so has the machine"},
	{CanExclusive, "of several pollers of a file one can be woken"},
	{CanNest, "pollers can watch pollers"},
	{CanRdHup, "a poller can tell that the far end will send no more (rdhup)"},
	{CanEdge, "a poller can tell of changes alone: edge-triggered"},
	{CanOneShot, "a poller can tell once, and again when it is armed anew"},
	{CanWin32, "packets carry an NTSTATUS, answers a Win32 or Winsock code"},
	{CanContext, "accepted and connected sockets can be left without the context that names and shutdown need (SO_UPDATE_ACCEPT_CONTEXT)"},
	{CanDisconnect, "a connection can be disconnected, and its socket used again (DisconnectEx)"},
	{CanArguments, "an accept can be given unusual arguments (AcceptEx)"},
	{CanEvent, "an operation can signal an event, besides its packet or instead of it (OVERLAPPED.hEvent)"},
	{CanAPC, "a wait can be interrupted by an asynchronous procedure call"},
	{CanDuplicate, "a socket can have a second handle, or descriptor"},
	{CanThreadExit, "threads of the program are threads of the operating system, and can end"},
}

// Axis is a behaviour in which correct back ends legally differ. The first value is the portable one.
type Axis struct {
	Name    string
	Values  []string
	Meaning string
}

// AxisList lists every axis.
var AxisList = []Axis{
	{"delivery", []string{"pull", "push"}, "packets are waited for, or a function is called"},
	{"packets", []string{"n", "1"}, "how many packets, or events of a poller, a wait may bring"},
	{"consumers", []string{"n", "1"}, "how many threads may wait on a port"},
	{"issuers", []string{"n", "1"}, "how many threads may start operations"},
	{"progress", []string{"kernel", "waiters"}, "who moves operations on: the kernel, or threads inside Wait"},
	{"key", []string{"socket", "op"}, "what the key belongs to"},
	{"receives", []string{"n", "1"}, "how many receives a socket may have outstanding"},
	{"fill", []string{"fifo", "any"}, "the order in which outstanding receives are filled"},
	{"send", []string{"whole", "short", "mixed"}, "a send that succeeds is whole; may be short; may be short and interleaved"},
	{"close", []string{"abort", "keep"}, "closing a socket ends its operations, or leaves them"},
	{"cancel-scope", []string{"op", "direction", "socket"}, "what cancelling one operation cancels"},
	{"after-cancel", []string{"usable", "unspecified"}, "whether a socket can be used as before after one of its operations was cancelled"},
	{"reset-data", []string{"keep", "drop", "any"}, "what becomes of unread data when a reset arrives"},
	{"after-reset", []string{"reset", "end"}, "what receives report after the first that reported a reset"},
	{"truncation", []string{"error", "flag", "silent"}, "how a datagram longer than the buffer is reported"},
	{"unreachable", []string{"silent", "reported"}, "whether receives of a datagram socket are told that nobody is where it sent to"},
	{"level", []string{"yes", "no"}, "a poller can tell of what is so as long as it is (level-triggered); or of changes, or once, alone (edge, oneshot)"},
	{"hangups", []string{"told", "folded"}, "a poller tells of errors and hang-ups as such, asked for or not; or as in and out, to those who ask for these"},
	{"zero-receive", []string{"parks", "at-once"}, "a receive of no bytes waits for data, or completes at once"},
	{"inline", []string{"queue", "skip", "both", "never"}, "whether success at once still queues a packet; or nothing succeeds at once"},
	{"wake-on-close", []string{"yes", "no"}, "closing a port ends the waits on it"},
	{"queue", []string{"fifo", "any"}, "the order in which packets leave the port"},
	{"buffer", []string{"caller", "backend"}, "receives fill the caller's buffer, all of which can be looked at; or one of the back end's own"},
}

// Axes are a target's declared values, by axis name. A missing axis has its first value.
type Axes map[string]string

// Get returns the declared value of the axis, or its first value.
func (a Axes) Get(name string) string {
	if v, ok := a[name]; ok {
		return v
	}
	for _, x := range AxisList {
		if x.Name == name {
			return x.Values[0]
		}
	}
	return ""
}

// Check returns an error that names the first unknown axis or value.
func (a Axes) Check() error {
	names := make([]string, 0, len(a))
	for n := range a {
		names = append(names, n)
	}
	sort.Strings(names)
next:
	for _, n := range names {
		for _, x := range AxisList {
			if x.Name != n {
				continue
			}
			for _, v := range x.Values {
				if v == a[n] {
					continue next
				}
			}
			return fmt.Errorf("axis %s has no value %q; it has %s", n, a[n], strings.Join(x.Values, ", "))
		}
		return fmt.Errorf("unknown axis %q", n)
	}
	return nil
}

// About describes a target. It is constant for a run and stands in the header of every trace.
type About struct {
	Name         string
	Version      string
	OS           string // with version where known, such as "linux 6.18"
	World        string // "sim" or "real"
	Capabilities []Capability
	Axes         Axes
	Path         Path
}

// Path tells what the network between the back end and its far ends never does to a datagram, other than what the trace says it did. The zero value
// promises nothing, and a real network keeps none of the promises: even a loopback reorders when a sender changes processors.
type Path struct {
	Lossless bool // a datagram is lost only for want of room
	NoDup    bool // none comes twice
	InOrder  bool // those of one sender to one address keep their order
}

// Can reports whether the target has the capability.
func (a About) Can(c Capability) bool { return a.lacks(c) == "" }

// lacks tells what the target would need to have the capability, "" if it has.
func (a *About) lacks(c Capability) string {
	switch {
	case !slices.Contains(a.Capabilities, c):
		return "capability " + string(c)
	case c == CanAcceptData, c == CanAcceptInto: // they are ways to accept
		return a.lacks(CanAccept)
	case c == CanWorkers && a.Axes.Get("consumers") == "1": // one thread waits
		return "consumers=n, the target declares 1"
	}
	return ""
}
