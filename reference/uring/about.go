//go:build linux

package uring

import "github.com/ioconform/ioconform/spec"

// About describes the back end on the named operating system.
func About(os string) spec.About {
	return spec.About{
		Name:    "uring",
		Version: "1",
		OS:      os,
		World:   "real",
		Capabilities: []spec.Capability{
			spec.CanAccept, spec.CanAcceptData, spec.CanAcceptInto, spec.CanConnect, spec.CanPost, spec.CanCancel, spec.CanCancelAll,
			spec.CanSkip, spec.CanShutdown, spec.CanWorkers, spec.CanLateAssoc, spec.CanWaitAll, spec.CanDatagram,
		},
		// The portable values.
		Axes: spec.Axes{
			"progress": "kernel", "fill": "fifo", "send": "whole", "close": "abort", "cancel-scope": "op", "after-cancel": "usable",
			"reset-data": "keep", "zero-receive": "parks", "wake-on-close": "yes", "queue": "fifo",
			"truncation": "flag", "unreachable": "silent",
		},
	}
}
