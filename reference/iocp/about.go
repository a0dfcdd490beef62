package iocp

import "github.com/ioconform/ioconform/spec"

// About describes the back end on the named system.
func About(os string) spec.About {
	return spec.About{
		Name: "iocp", Version: "1", OS: os, World: "real",
		Capabilities: []spec.Capability{
			spec.CanAccept, spec.CanAcceptData, spec.CanAcceptInto, spec.CanConnect, spec.CanPost, spec.CanCancel, spec.CanCancelAll,
			spec.CanSkip, spec.CanShutdown, spec.CanWorkers, spec.CanLateAssoc, spec.CanWaitAll, spec.CanDatagram, spec.CanWin32,
			spec.CanContext, spec.CanDisconnect, spec.CanArguments,
			spec.CanThreadExit, spec.CanDuplicate, spec.CanEvent, spec.CanAPC,
		},
		Axes: spec.Axes{
			"inline": "both", "truncation": "error", "unreachable": "reported",
			// Cancelling one of several receives has been seen to end all of them (dotnet/corefx#36516), and nothing is promised of the stream afterwards
			// (Microsoft Learn, CancelIoEx).
			"cancel-scope": "direction", "after-cancel": "unspecified",
			// Not documented; data that lay unread when a reset came has been seen to be gone (dotnet/runtime#57186).
			"reset-data": "any",
		},
	}
}
