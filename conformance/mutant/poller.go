package mutant

// ofPoller are the bugs planted in the readiness reference: what layers on top of epoll, and emulations of it, got wrong.
var ofPoller = []Mutant{
	{Bug: "level-as-edge-when-modified", What: "what is level-triggered is watched edge-triggered once it has been modified", Rules: []string{"RDY-5", "RDY-6"}},
	{Bug: "partial-read-forgets", What: "a receive that filled its buffer is taken for one that took everything", Incident: "shadow/shadow#3274", Rules: []string{"RDY-6"}},
	{Bug: "edge-as-level-for-listeners", What: "an edge-triggered listener is reported again and again", Rules: []string{"RDY-7", "RDY-8"}},
	{Bug: "oneshot-edge-not-disarmed", What: "what is one-shot and edge-triggered stays armed", Rules: []string{"RDY-10"}},
	{Bug: "oneshot-disarmed-late", What: "a one-shot is disarmed after the wait has returned, so that another thread may be told as well", Rules: []string{"RDY-10"}},
	{Bug: "modify-does-not-rearm", What: "a modify that changes nothing is left out", Rules: []string{"RDY-11"}},
	{Bug: "first-oneshot-lost-among-others", What: "the first event of a one-shot is dropped if it comes together with others", Rules: []string{"RDY-12", "RDY-9"}},
	{Bug: "edge-keeps-token", What: "a modify does not change the token of what is edge-triggered", Incident: "rust-lang/miri#4676", Rules: []string{"RDY-2"}},
	{Bug: "close-leaves-registration", What: "a duplicate is forgotten, so that what was closed goes on being reported", Rules: []string{"RDY-14"}},
	{Bug: "no-room-is-lost", What: "events that have no room are dropped", Rules: []string{"RDY-12", "RDY-9"}},
	{Bug: "no-rotation", What: "the same come first in every wait", Rules: []string{"RDY-16"}},
	{Bug: "drops-rdhup", What: "rdhup is never reported", Rules: []string{"RDY-22"}},
	{Bug: "drops-hup-beside-in", What: "a hang-up is not reported beside in", Rules: []string{"RDY-23"}},
	{Bug: "drops-err", What: "an error is never reported", Rules: []string{"RDY-24"}},
	{Bug: "out-unasked", What: "who asks for in and rdhup is told of out as well", Rules: []string{"RDY-3"}},
	{Bug: "rdhup-unasked", What: "rdhup is reported to those who did not ask", Rules: []string{"RDY-4"}},
	{Bug: "nothing-asked-not-watched", What: "where nothing was asked for errors and hang-ups are not reported", Rules: []string{"RDY-21"}},
	{Bug: "add-twice-replaces", What: "adding a second time takes the place of the first", Rules: []string{"RDY-18"}},
	{Bug: "modify-adds", What: "a modify adds what is not watched", Rules: []string{"RDY-19"}},
	{Bug: "remove-is-late", What: "a remove takes effect at the next event", Incident: "tokio-rs/mio#1076", Rules: []string{"RDY-13"}},
	{Bug: "batch-is-kept", What: "events beyond those asked for are kept for a later wait, which may come after a close, and wake nobody", Incident: "panjf2000/gnet#621", Rules: []string{"RDY-2", "RDY-6", "RDY-9", "RDY-13", "RDY-14"}},
}
