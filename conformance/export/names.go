package export

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/ioconform/ioconform/conformance/scenario"
)

// names are the variables of the program, in the order in which the scenario introduces them.
type names struct {
	order []string
	types map[string]string
}

const (
	aHandle    = "HANDLE"
	anEndpoint = "struct endpoint *"
	anOp       = "struct operation *"
)

func collect(nodes []scenario.Node) *names {
	n := &names{types: map[string]string{}}
	n.nodes(nodes)
	return n
}

func (n *names) add(name, kind string) {
	if _, there := n.types[name]; name == "" || there {
		return
	}
	n.types[name] = kind
	n.order = append(n.order, name)
}

func (n *names) nodes(nodes []scenario.Node) {
	for _, x := range nodes {
		switch x := x.(type) {
		case *scenario.Block:
			n.nodes(x.Lines)
		case *scenario.Line:
			n.line(x.Action)
		}
	}
}

func (n *names) line(a scenario.Action) {
	switch a := a.(type) {
	case *scenario.PortLine:
		n.add(a.Name, aHandle)
	case *scenario.EventLine:
		n.add(a.Name, aHandle)
	case *scenario.ListenLine:
		n.add(a.Name, anEndpoint)
	case *scenario.SocketLine:
		n.add(a.Name, anEndpoint)
	case *scenario.SessionLine:
		n.add(scenario.SessionPort, aHandle)
		n.add(scenario.SessionListener, anEndpoint)
		n.add(a.Name, anEndpoint)
		n.add(a.Peer(), anEndpoint)
	case *scenario.StartLine:
		n.add(a.Name, anOp)
		if a.Verb == "accept" {
			n.add(a.Accepted(), anEndpoint)
		}
	case *scenario.PostLine:
		n.add(a.Name, anOp)
	case *scenario.WaitLine:
		n.add(a.As, anOp)
	case *scenario.PeerLine:
		n.add(a.Peer, anEndpoint)
		if a.Verb == "accepts" {
			n.add(acceptedPeer(a), anEndpoint)
		}
	}
}

// acceptedPeer is what a far end's accept calls the connection.
func acceptedPeer(a *scenario.PeerLine) string {
	if a.As == "" {
		return a.Peer + ".conn"
	}
	return a.As
}

// declare writes the variables.
func (n *names) declare(b *strings.Builder) {
	for _, kind := range []string{aHandle, anEndpoint, anOp} {
		var list []string
		star := strings.TrimPrefix(kind, strings.TrimSuffix(kind, "*"))
		for _, name := range n.order {
			if n.types[name] == kind {
				list = append(list, star+ident(name))
			}
		}
		if len(list) > 0 {
			fmt.Fprintf(b, "static %s %s;\n", strings.TrimSuffix(strings.TrimSuffix(kind, "*"), " "), strings.Join(list, ", "))
		}
	}
}

var (
	word    = regexp.MustCompile(`[A-Za-z_]\w*`)
	noIdent = regexp.MustCompile(`\W`)
)

// taken is what a name must not be. Nobody but an export pays for it.
var taken = sync.OnceValue(func() map[string]bool {
	taken := map[string]bool{}
	for _, w := range words(preludeText()) {
		taken[w] = true
	}
	// Keywords, and what Windows' and the C library's headers define, or the compiler knows without them.
	for _, w := range strings.Fields(`asm auto bool break case char class const continue default delete do double else enum export extern false float for friend goto if
		inline int long new operator private protected public register restrict return short signed sizeof static struct switch template this throw true try
		typedef union unsigned virtual void volatile while near far small hyper interface min max IN OUT OPTIONAL CONST VOID BOOL BYTE WORD DWORD TRUE FALSE NULL
		ERROR DELETE IGNORE INFINITE errno stdin stdout stderr y0 y1 yn j0 j1 jn div abs exit abort time signal index send sendto recv recvfrom bind
		connect accept listen shutdown select socket read write close open log exp pow sin cos tan main got self line environ timezone`) {
		taken[w] = true
	}
	return taken
})

// ident is the name of a scenario as an identifier of C.
func ident(name string) string {
	id := noIdent.ReplaceAllString(name, "_")
	if taken()[id] {
		id += "_"
	}
	return id
}
