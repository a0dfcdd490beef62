package lockstep

import (
	"strings"

	"github.com/ioconform/ioconform/spec"
)

// limits are what a comparison leaves out, because a target legally differs from the model or because of what is known to be wrong with it.
type limits struct {
	cancelScope bool // a cancel may end more than its operation
	afterCancel bool // nothing is promised of a socket whose operation was cancelled

	cancelAllOfNothing bool // see wine
}

// add takes what holds for t into account.
func (l *limits) add(t *spec.Target) {
	axes := t.About.Axes
	l.cancelScope = l.cancelScope || axes.Get("cancel-scope") != "op"
	l.afterCancel = l.afterCancel || axes.Get("after-cancel") != "usable"
	if strings.HasPrefix(t.About.OS, "wine") {
		l.wine()
	}
}

// wine leaves out what Wine is known to do otherwise (conformance/known/iocp-wine.txt).
func (l *limits) wine() {
	l.cancelAllOfNothing = true
}
