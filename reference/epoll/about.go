package epoll

import "github.com/ioconform/ioconform/spec"

// About describes the back end on the named operating system and world ("sim" or "real").
func About(os, world string) spec.About {
	return spec.About{
		Name:    "epoll",
		Version: "1",
		OS:      os,
		World:   world,
		Capabilities: []spec.Capability{
			spec.CanAccept, spec.CanAcceptData, spec.CanAcceptInto, spec.CanConnect, spec.CanPost, spec.CanCancel, spec.CanCancelAll,
			spec.CanSkip, spec.CanShutdown, spec.CanWorkers, spec.CanLateAssoc, spec.CanWaitAll, spec.CanDatagram,
		},
		// The portable values, but for the first: nothing moves while nobody is in Wait.
		Axes: spec.Axes{
			"progress": "waiters", "fill": "fifo", "send": "whole", "close": "abort", "cancel-scope": "op", "after-cancel": "usable",
			"reset-data": "keep", "zero-receive": "parks", "wake-on-close": "yes", "queue": "fifo",
			"truncation": "flag", "unreachable": "silent",
		},
	}
}
