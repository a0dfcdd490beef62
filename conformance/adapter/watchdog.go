package adapter

import (
	"fmt"
	"time"

	"github.com/ioconform/ioconform/spec"
)

// The watchdog of a case looks for requests that are not answered. What it has patience for is counted in the rounds of the world's canary, as everywhere;
// a machine that stands still stalls it too. A wait is not overdue before its own time is over. The canary has nothing to read: for megabytes that are under way there is as much
// patience again, each. Nor is it loaded: before a hello is answered, an interpreter, a virtual machine or Wine may have to be.
const (
	perPatience = 1 << 20 // bytes
	starting    = 4       // times more, for the answer of a hello
	look        = 50 * time.Millisecond
	ask         = 10 // looks, after which the adapter is asked whether it is there
	least       = 20 // looks: a world that has ended says at once that time is over, which is no measure
)

func (c *conn) watch(s *session, quit <-chan struct{}) {
	ticker := time.NewTicker(look)
	defer ticker.Stop()
	var probe *call
	for {
		select {
		case <-quit:
			return
		case <-s.dead:
			return
		case <-ticker.C:
		}
		late, old := c.overdue(s)
		if old && probe == nil {
			m := Message{Do: "ping"}
			probe = c.sendAs(s, &m, true)
		}
		if late == "" {
			continue
		}
		here := "it does not answer a ping either"
		if probe != nil {
			select {
			case <-probe.done:
				here = "it does answer a ping"
			default:
			}
		}
		f := faultf(Hang, "%s; %s", late, here)
		select {
		case <-quit: // the case has ended meanwhile, and its world with it
		default:
			c.fail(f)
		}
		return
	}
}

// overdue tells of a request that has waited longer than there is patience, and whether there is one that has waited long.
func (c *conn) overdue(s *session) (late string, old bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	data := 0
	for _, x := range c.calls {
		if x.session == s {
			data += x.data
		}
	}
	var first *call
	for _, x := range c.calls {
		if x.session != s || x.forever || x.probe || !x.due.IsZero() && time.Now().Before(x.due) {
			continue
		}
		if x.watch == nil {
			x.watch, x.more = s.world.Watch(spec.Patient), data/perPatience
			if x.shape.Name == "hello" {
				x.more = starting
			}
		}
		x.looks++
		old = old || x.looks > ask
		if x.looks <= least || !x.watch.Spent() {
			continue
		}
		if x.more > 0 {
			x.more, x.rounds, x.watch = x.more-1, x.rounds+x.watch.Rounds(), s.world.Watch(spec.Patient)
		} else if first == nil || x.id < first.id {
			first = x
		}
	}
	if first == nil {
		return "", old
	}
	return fmt.Sprintf("%s (request %d) was not answered while this machine took %d round trips over its loopback", first.shape.Name, first.id, first.rounds+first.watch.Rounds()), old
}
