package model

import (
	"time"

	"github.com/ioconform/ioconform/spec"
)

var (
	_ spec.Alerter       = (*Backend)(nil)
	_ spec.AlertablePort = (*port)(nil)
)

// QueueAPC implements spec.Alerter.
func (b *Backend) QueueAPC(f func()) spec.Status {
	m := b.member(b.world.Current())
	m.apcs = append(m.apcs, f)
	return stOK
}

// runAPCs runs what is queued to the thread and reports whether there was anything.
func (m *member) runAPCs() (any bool) {
	for len(m.apcs) > 0 {
		f := m.apcs[0]
		m.apcs = m.apcs[1:]
		f()
		any = true
	}
	return any
}

// WaitAlertable implements spec.AlertablePort. A thread queues to itself alone, so that nothing can come while it is blocked.
func (p *port) WaitAlertable(dst []spec.Packet, timeout time.Duration) (int, spec.Status) {
	return p.wait(dst, timeout, !p.b.bugs.has(NeverAlertable))
}
