package conformance

import (
	"fmt"
	"strings"

	"github.com/ioconform/ioconform/spec"
)

// watched is what a poller watches: a socket, or another poller.
func (n Names) watched(e *spec.Event) string {
	if e.Sock == 0 {
		return n.poller(e.Into)
	}
	return n.sock(e.Sock)
}

// readyCall says what a call on a poller does, or one that does not block.
func (n Names) readyCall(e *spec.Event) string {
	switch e.Verb {
	case spec.OpenPoller:
		return "open " + n.poller(e.Port)
	case spec.OpenRaw:
		return "open " + n.sock(e.Sock)
	case spec.AddInterest:
		return fmt.Sprintf("add %s to %s, %s", n.watched(e), n.poller(e.Port), e.Ask)
	case spec.ModifyInterest:
		return fmt.Sprintf("modify %s in %s, %s", n.watched(e), n.poller(e.Port), e.Ask)
	case spec.RemoveInterest:
		return fmt.Sprintf("remove %s from %s", n.watched(e), n.poller(e.Port))
	case spec.WaitReady:
		return "wait on " + n.poller(e.Port) + limits(e)
	case spec.DupRaw:
		return "duplicate " + n.sock(e.Sock) + " as " + n.sock(e.Into)
	case spec.ClosePoller:
		return "close " + n.poller(e.Port)
	}
	s := fmt.Sprintf("%s on %s", strings.Replace(e.Verb.String(), "-", " ", 1), n.sock(e.Sock))
	if e.Verb != spec.TryAccept && e.Verb != spec.TryConnect {
		s += ", " + bytesOf(e.Len)
	}
	return s
}

// readyBack says what such a call returned.
func (n Names) readyBack(e *spec.Event) string {
	switch {
	case e.Verb == spec.WaitReady && e.Status.Code == spec.TimedOut && len(e.Ready) == 0:
		return "nothing"
	case e.Verb == spec.WaitReady && e.Status.Ok():
		parts := make([]string, len(e.Ready))
		for i, r := range e.Ready {
			what := n.Watched[r.Token]
			if what == "" {
				what = fmt.Sprintf("token %#x", r.Token)
			}
			parts[i] = fmt.Sprintf("◆ %s: %s", what, r.Events)
		}
		return strings.Join(parts, "; ")
	case e.Verb == spec.TryAccept && e.Into != 0:
		return e.Status.String() + ", " + n.sock(e.Into)
	case e.Verb.Tries() && e.Status.Ok() && e.Verb != spec.TryConnect:
		return fmt.Sprintf("%s %d", e.Status, e.N)
	}
	return e.Status.String()
}
