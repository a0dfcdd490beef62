package engine

import (
	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/spec"
)

// needs lists what a target has to be capable of to make sense of the file, in the order of spec.Capabilities. That its sessions need an accept or a connect goes without saying.
func needs(f *scenario.File) (words []string) {
	all := map[spec.Capability]bool{}
	nested := map[string]bool{} // pollers
	ready := false
	eachLine(f.Lines, func(l *scenario.Line) {
		if a, is := l.Action.(*scenario.PollerLine); is {
			ready, nested[a.Name] = true, true
		}
	})
	if !ready && f.Listens() {
		all[spec.CanAccept] = true
	}
	eachLine(f.Lines, func(l *scenario.Line) {
		if _, waits := l.Action.(*scenario.WaitLine); waits && l.Thread != "" {
			all[spec.CanWorkers] = true
		}
		for _, c := range needsOf(l.Action, ready, nested) {
			all[c] = true
		}
	})
	if associatesLate(f.Lines) {
		all[spec.CanLateAssoc] = true
	}
	for _, c := range spec.Capabilities {
		if all[c.Name] {
			words = append(words, string(c.Name))
		}
	}
	return words
}

// associatesLate reports whether a socket may be associated when an operation on it has been started.
func associatesLate(nodes []scenario.Node) (late bool) {
	started := map[string]bool{} // sockets
	line := func(l *scenario.Line) {
		switch a := l.Action.(type) {
		case *scenario.SocketLine:
			started[a.Name] = false
		case *scenario.ListenLine:
			started[a.Name] = false
		case *scenario.StartLine:
			started[a.On] = true
		case *scenario.AssociateLine:
			late = late || started[a.Name]
		}
	}
	var walk func([]scenario.Node)
	walk = func(nodes []scenario.Node) {
		for _, n := range nodes {
			switch n := n.(type) {
			case *scenario.Line:
				line(n)
			case *scenario.Block:
				walk(n.Lines)
				if n.Kind == scenario.Repeat {
					walk(n.Lines)
					continue
				}
				eachLine(n.Lines, func(l *scenario.Line) { // in whatever order
					if a, is := l.Action.(*scenario.AssociateLine); is {
						line(&scenario.Line{Action: a})
					}
				})
			}
		}
	}
	walk(nodes)
	return late
}

// eachLine calls do with every line, those in blocks included.
func eachLine(nodes []scenario.Node, do func(*scenario.Line)) {
	for _, n := range nodes {
		switch n := n.(type) {
		case *scenario.Line:
			do(n)
		case *scenario.Block:
			eachLine(n.Lines, do)
		}
	}
}

var needsOfStart = map[string]spec.Capability{
	"accept": spec.CanAccept, "connect": spec.CanConnect, "disconnect": spec.CanDisconnect, "recvfrom": spec.CanDatagram, "sendto": spec.CanDatagram,
}

func needsOf(a scenario.Action, ready bool, pollers map[string]bool) (list []spec.Capability) {
	add := func(given bool, c spec.Capability) {
		if given {
			list = append(list, c)
		}
	}
	switch a := a.(type) {
	case *scenario.PortLine:
		add(a.Opts.Has("concurrency"), spec.CanLimit)
	case *scenario.ListenLine:
		add(a.Opts.Int("ip", 4) == 6, spec.CanIPv6)
	case *scenario.SocketLine:
		add(a.Verb == "udp", spec.CanDatagram)
		add(a.Opts.Int("ip", 4) == 6, spec.CanIPv6)
	case *scenario.EventLine:
		add(true, spec.CanEvent)
	case *scenario.PollerLine:
		add(true, spec.CanPoll)
	case *scenario.SessionLine:
		add(a.Opts.Yes("skip"), spec.CanSkip)
	case *scenario.StartLine:
		if c, has := needsOfStart[a.Verb]; has {
			add(true, c)
		}
		add(a.Into != "", spec.CanAcceptInto)
		add(a.Verb == "accept" && a.Opts.Has("data"), spec.CanAcceptData)
		add(a.Verb == "connect" && (a.Opts.Has("data") || a.Opts.Has("bind")), spec.CanWin32)
		add(a.Opts.Has("context"), spec.CanContext)
		add(a.Opts.Has("local") || a.Opts.Has("remote") || a.Opts.Has("without"), spec.CanArguments)
		add(a.Opts.Has("event"), spec.CanEvent)
		add(a.Opts.Has("waitall"), spec.CanWaitAll)
	case *scenario.CancelLine:
		add(a.All, spec.CanCancelAll)
		add(!a.All, spec.CanCancel)
	case *scenario.ShutdownLine:
		add(true, spec.CanShutdown)
	case *scenario.SkipLine:
		add(true, spec.CanSkip)
	case *scenario.PostLine:
		add(true, spec.CanPost)
	case *scenario.ContextLine:
		add(true, spec.CanContext)
	case *scenario.DupLine:
		add(true, spec.CanDuplicate)
	case *scenario.WaitLine:
		add(a.Alertable, spec.CanAPC)
	case *scenario.APCLine:
		add(true, spec.CanAPC)
	case *scenario.AwaitLine:
		add(true, spec.CanEvent)
	case *scenario.PoolLine:
		add(true, spec.CanWorkers)
	case *scenario.ExitLine:
		add(true, spec.CanThreadExit)
	case *scenario.PeerLine:
		add(a.Verb == "udp", spec.CanDatagram)
		add(a.Opts.Int("ip", 4) == 6, spec.CanIPv6)
	case *scenario.TryLine:
		add(a.Verb == "connect", spec.CanConnect)
		add(a.Verb == "recvfrom" || a.Verb == "sendto", spec.CanDatagram)
	case *scenario.InterestLine:
		list = append(list, spec.InterestOf(a.Flags).Needs()...)
		add(pollers[a.Name], spec.CanNest)
	}
	return list
}
