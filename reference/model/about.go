package model

import "github.com/ioconform/ioconform/spec"

// About describes the model.
func About() spec.About {
	return spec.About{
		Name: "model", Version: "1", OS: "simnet", World: "sim",
		Capabilities: []spec.Capability{
			spec.CanAccept, spec.CanAcceptData, spec.CanAcceptInto, spec.CanConnect, spec.CanPost, spec.CanCancel, spec.CanCancelAll,
			spec.CanSkip, spec.CanShutdown, spec.CanLimit, spec.CanWorkers, spec.CanControl, spec.CanLateAssoc, spec.CanWaitAll,
			spec.CanDatagram, spec.CanIPv6, spec.CanWin32, spec.CanContext, spec.CanDisconnect, spec.CanArguments,
			spec.CanThreadExit, spec.CanDuplicate, spec.CanEvent, spec.CanAPC,
		},
		Axes: spec.Axes{"reset-data": "drop", "inline": "both", "truncation": "error", "unreachable": "reported"},
	}
}
