package conformance

import (
	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/spec"
)

// What the threads of a program share beside the back end, by the numbers of spec.Witness. A searched world has to know; others do not ask.
const (
	sharedAside   = iota // packets that were put aside
	sharedLeft           // whether the script has left its path
	sharedEnding         // whether pools are to end, or everything is
	sharedEnded          // how many workers have
	sharedLists          // the ports, the far ends and the sockets, in their order
	sharedOverlap        // which handlers have overlapped
	sharedEnds           // how operations began and ended, for lines with a guard
	sharedBusy           // of eight threads each: whether it has something to do
	sharedNames   = sharedBusy + 8
)

// share tells the world that the calling thread reads or writes one of these.
func (p *program) share(what int, write bool) {
	if p.witness != nil {
		p.witness.Shared(what, write)
	}
}

// shareEnds tells it of how operations began and ended, if a line of the script looks at that.
func (p *program) shareEnds(write bool) {
	if p.witness != nil && p.looksBack {
		p.witness.Shared(sharedEnds, write)
	}
}

// looksBack reports whether a line may go by how operations began or ended: it has a guard, uses a token again, or is about datagrams.
func looksBack(nodes []scenario.Node) bool {
	for _, n := range nodes {
		switch n := n.(type) {
		case *scenario.Block:
			if looksBack(n.Lines) {
				return true
			}
		case *scenario.Line:
			if n.Guard != nil {
				return true
			}
			switch a := n.Action.(type) {
			case *scenario.StartLine:
				if a.Opts.Has("token") {
					return true
				}
			case *scenario.SocketLine:
				if a.Verb == "udp" {
					return true
				}
			case *scenario.PeerLine:
				if a.Verb == "udp" {
					return true
				}
			}
		}
	}
	return false
}

// shareName tells it of what is bound to a name.
func (p *program) shareName(name string, write bool) {
	if p.witness == nil {
		return
	}
	h := uint32(2166136261)
	for i := range len(name) {
		h = (h ^ uint32(name[i])) * 16777619
	}
	p.witness.Shared(sharedNames+int(h%(spec.SharedThings-1-sharedNames)), write)
}
