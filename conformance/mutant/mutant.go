// Package mutant is the catalogue of planted bugs: for each its name, the reference that has it, the incident that it is modelled on,
// and the rules of which a run of the suite must break at least one. The bugs themselves stand in the references, one condition each; the catalogue
// knows their names only.
//
// A suite that does not notice a mutant has a hole. mutant_test.go plants them one by one; exam.go makes a matrix of which case notices which, and says
// what the suite is worth by that.
package mutant

// Mutant is one planted bug.
type Mutant struct {
	ID       string   // target/bug
	Target   string   // that it is planted in, as conform run knows it
	Bug      string   // as spec.Target.Mutants names it
	What     string   // one line
	Incident string   // a public report of the like, "" where it is our own
	Rules    []string // of which at least one is broken; empty where the run ends otherwise
	Ends     string   // what the run ends in where no rule can be judged: deadlock, livelock
	Uncaught bool     // no case notices it yet: a hole that is known. The tests see to it that this is still so
}

// Catalogue returns every mutant, those of one target together.
func Catalogue() []Mutant {
	all := make([]Mutant, 0, len(ofModel)+len(ofEpoll))
	add := func(target string, list []Mutant) {
		for _, m := range list {
			m.Target = target
			m.ID = target + "/" + m.Bug
			all = append(all, m)
		}
	}
	add("model", ofModel)
	add("model", datagramsOfModel)
	add("model", momentsOfModel)
	add("model", callsOfModel)
	add("model", connectionsOfModel)
	add("model", handlesOfModel)
	add("model", streamsOfModel)
	add("epoll-sim", ofEpoll)
	add("epoll-sim", datagramsOfEpoll)
	add("epoll-sim", momentsOfEpoll)
	add("epoll-sim", streamsOfEpoll)
	add("epoll-sim", skipsOfEpoll)
	add("epoll-sim", secondsOfEpoll)
	add("epoll-sim", layersOfEpoll)
	add("poller-sim", ofPoller)
	add("poller-sim", momentsOfPoller)
	add("poller-sim", layersOfPoller)
	add("poller-sim", kernelsOfPoller)
	add("poller-sim", instancesOfPoller)
	return all
}
