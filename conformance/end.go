package conformance

import "github.com/ioconform/ioconform/spec"

// rest brings a run to rest: pools end, packets are taken until no port has any, far ends read until nothing comes, again and again until a
// whole round brings nothing. Then eventually-rules can be judged. due reports whether something is still
// missing; as long as that is so, a real machine gets all the patience there is.
func (p *program) rest(due func() bool) {
	for _, w := range p.pools {
		w.end()
	}
	rounds := 0
	patient := p.world.Watch(spec.Patient)
	for {
		for p.drainOnce(&rounds) {
		}
		if !p.waited { // there was nothing to look at: whatever else moves still has to come to rest
			rounds += p.world.Settle()
		}
		if p.world.Controlled() || patient.Spent() || !due() {
			break
		}
		p.world.Sleep(patient.Slice()) // to look on without a pause would only slow down what is looked for
	}
	p.main.rec.Settled(rounds)
	p.mu.Lock()
	p.share(sharedEnding, true)
	p.shut = true
	p.mu.Unlock()
	for _, port := range p.ports {
		p.main.rec.ClosePort(port)
	}
	p.release()
	if !p.world.Controlled() && patient.Spent() { // it is known that something hangs; whatever does not has ended
		patient = p.world.Watch(spec.Quiet)
	}
	for _, t := range p.started {
		if t.over {
			continue
		}
		p.awaitIdle(t, patient)
		t.go_.Open() // no job: the thread ends
	}
}

// drainOnce takes what is there from every port and every far end, and reports whether there was anything.
func (p *program) drainOnce(rounds *int) (any bool) {
	t := p.main
	p.waited = false
	p.share(sharedLists, false)
	for i := 0; i < len(p.ports); i++ {
		w := p.world.Watch(spec.Quiet)
		for {
			got, st := t.take(p.ports[i], 8, w.Slice())
			if len(got) > 0 {
				any = true
				continue
			}
			if !st.Ok() && st.Code != spec.TimedOut { // closed: nothing will ever come
				p.ports = append(p.ports[:i], p.ports[i+1:]...)
				i--
				break
			}
			if w.Spent() {
				p.waited = true
				break
			}
		}
		*rounds += w.Rounds()
	}
	any = p.drainReady(rounds) || any
	if p.wide == nil {
		p.wide = make([]byte, 1<<16)
	}
	b := p.wide
	for _, c := range p.peers {
		if c.mail {
			any = c.drainMail(rounds) || any
			p.waited = p.waited || !c.gone
			continue
		}
		w := p.world.Watch(spec.Quiet)
		for !c.gone && !c.saw {
			n, st := c.thread.rec.PeerRead(c.PeerRef, b, w.Slice())
			switch {
			case st.Code == spec.TimedOut:
				if w.Spent() {
					n, p.waited = -1, true
				}
			case !st.Ok() || n == 0:
				c.saw = true
			default:
				any = true
			}
			if n < 0 {
				break
			}
		}
		*rounds += w.Rounds()
	}
	return any
}
