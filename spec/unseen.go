package spec

import "strings"

// Why some situation of a rule has not been seen on a system that is real.
const (
	wineDiffers = "Wine 8.0 does otherwise in the cases that show it (conformance/known/iocp-wine.txt), and nothing has run on Windows yet"
	anInstant   = "it takes a packet to overtake the return of its start; a real back end did that in some runs only, a simulated one does at will"
	onlySim     = "whether a thread is blocked or running cannot be seen from outside, so that only simulated targets are judged"
	onlyVirtual = "that a machine stands still, and a thread is not merely slow, is certain only where time is virtual, so that only simulated targets are judged"
	notDeclared = "no reference declares that it does less than others; a back end that does is judged by it (reference/lawful, make adapters)"
	onlyDoubted = "the suite's own programs keep it; a possible breach voids what assumes it, and nobody is blamed"
)

// unseenOnRealSystems lists the situations that no run on a real system, Linux or Windows under Wine, has shown of a rule that some target there is
// judged by, with the reason. A rule that is not here was exercised, in all its situations, on a real system.
var unseenOnRealSystems = []struct{ rule, situations, why string }{
	{"PKT-10", "the port was closed meanwhile", wineDiffers},
	{"PKT-11", "nobody was there; a send and a reset", wineDiffers},
	{"OPN-6", "the packet came first", anInstant},
	{"RCV-11", "not connected yet", wineDiffers},
	{"SND-9", "never connected; not connected yet", wineDiffers},
	{"DGM-15", "", wineDiffers},
	{"DGM-17", "a receive after nobody was there; a receive without an address", wineDiffers},
	{"ACC-8", "accepted: its own name; accepted: the far end's name; accepted: shutdown; connected: the far end's name; connected: shutdown", wineDiffers},
	{"ACC-9", "", wineDiffers},
	{"ACC-10", "its own name; the far end's name; the far end's name, after a shutdown of both sides", wineDiffers},
	{"ACC-11", "its listener; a socket that does not listen; a socket that has connected", wineDiffers},
	{"ACC-12", "no output buffer", wineDiffers},
	{"ACC-13", "it does not listen; into one that was accepted; into one that has connected; into one that is bound; into one of datagrams", wineDiffers},
	{"ACC-15", "the client goes to the next accept", wineDiffers},
	{"ACC-16", "reset before it was accepted", wineDiffers},
	{"CON-3", "it was accepted", wineDiffers},
	{"CON-5", "", wineDiffers}, // seen, and broken
	{"CON-10", "the socket skips on success", wineDiffers},
	{"CON-13", "by a connect", wineDiffers},
	{"CAN-6", "of everything", wineDiffers},
	{"CAN-11", "the handle that it was started through was closed", wineDiffers},
	{"CLS-7", "a receive; a send; a receive of a datagram", wineDiffers},
	{"CLS-8", "a send", wineDiffers},
	{"THR-4", "", onlySim},
	{"THR-5", "", onlySim},
	{"THR-6", "", onlySim},
	{"PKT-20", "", onlyVirtual},
	{"PKT-21", "", onlyVirtual},
	{"RCV-14", "", onlyVirtual},
	{"PKT-23", "", notDeclared},
	{"RDY-47", "", notDeclared},
	{"OPN-15", "", notDeclared},
	{"RDY-38", "", onlyVirtual},
	{"DSC-1", "", onlyDoubted},
	{"DSC-2", "", onlyDoubted},
	{"DSC-3", "", onlyDoubted},
}

// Unseen returns the situations of the rule that no run on a real system has shown, and why; none where all have been.
func (r *Rule) Unseen() (situations []string, why string) {
	for _, u := range unseenOnRealSystems {
		switch {
		case u.rule != r.ID:
		case u.situations == "": // all of them
			return r.Situations, u.why
		default:
			return strings.Split(u.situations, "; "), u.why
		}
	}
	return nil, ""
}
