package conformance

import (
	"strings"

	"github.com/ioconform/ioconform/spec"
)

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
		jobs := 0
		for again := true; again; {
			jobs, _ = p.underWay()
			if again = p.drainOnce(&rounds); again {
				continue
			}
			if _, busy := p.underWay(); busy { // what a thread waited for may have run out of time together with what was waited for here
				rounds += p.world.Settle()
				now, _ := p.underWay()
				again = now != jobs && (p.world.Controlled() || !patient.Spent())
			}
		}
		if !p.waited { // there was nothing to look at: whatever else moves still has to come to rest
			rounds += p.world.Settle()
		}
		spent := !p.world.Controlled() && patient.Spent()
		if p.world.Controlled() || spent || !due() {
			if p.comeToRest(jobs, spent) {
				break
			}
			continue
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
		if !p.awaitIdle(t, patient) && p.world.Controlled() { // it waits for what no port brings, an event say, and runs out of time
			p.world.Sleep(patient.Slice())
			p.awaitIdle(t, patient)
		}
	}
	for _, t := range p.started { // not before: what ends with a thread would be told to the others
		if !t.over {
			t.go_.Open() // no job: the thread ends
		}
	}
}

// underWay tells how many jobs of threads have begun or ended, and whether a thread has something to do.
func (p *program) underWay() (jobs int, busy bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, t := range p.started {
		p.share(sharedBusy+t.number%8, false)
		busy = busy || t.busy > 0
	}
	return p.jobs, busy
}

// comeToRest reports whether no job has begun or ended since there were so many, or it cannot be helped. Then none begins any more: what came after everything had been
// looked at nobody would see.
func (p *program) comeToRest(jobs int, anyway bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rested = anyway || p.jobs == jobs
	return p.rested
}

// awaitFar waits until no far end does anything in the background: one that reads until nothing comes is given the time for it.
func (p *program) awaitFar() {
	for _, t := range p.started {
		if !strings.HasPrefix(t.name, farThread) {
			continue
		}
		w := p.world.Watch(spec.Patient)
		for jobs := 0; jobs < farMost && !p.awaitIdle(t, p.world.Watch(spec.Quiet)); jobs++ {
			if !p.world.Controlled() && w.Spent() {
				return
			}
			p.world.Sleep(w.Slice())
		}
	}
}

// farMost is more than a far end is given to do at once.
const farMost = 64

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
	p.awaitFar()
	for _, c := range p.peers {
		if c.mail {
			any = c.drainMail(rounds) || any
			p.waited = p.waited || !c.gone
			continue
		}
		b, w := t.room(roomMost), p.world.Watch(spec.Quiet)
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
