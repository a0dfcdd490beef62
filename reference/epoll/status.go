package epoll

import "github.com/ioconform/ioconform/spec"

var ok = spec.Is(spec.OK)

// codeOf says what an error number means in the words of the contract.
func codeOf(errno int) spec.Code {
	switch errno {
	case 0:
		return spec.OK
	case eCONNRESET, ePIPE:
		// EPIPE: the reset met us after the far end's end of stream (tcp_reset in
		// net/ipv4/tcp_input.c), or was taken away by an earlier call. Windows knows no difference
		// (SND-08).
		return spec.Reset
	case eCONNREFUSED:
		return spec.Refused
	case eTIMEDOUT:
		return spec.TimedOut
	case eNETUNREACH, eHOSTUNREACH, eNETDOWN, eHOSTDOWN:
		return spec.Unreachable
	case eNOMEM, eNFILE, eMFILE, eNOSPC, eNOBUFS:
		return spec.NoResources
	case eADDRINUSE:
		return spec.InUse
	case eNOTCONN:
		return spec.NotConnected
	}
	return spec.Invalid
}

// statusOf is codeOf with the number beside it.
func statusOf(errno int) spec.Status {
	if errno == 0 {
		return ok
	}
	return spec.Status{Code: codeOf(errno), Space: spec.Errno, Native: int64(errno)}
}

// transient tells the lack of something, which is the trouble of one call, from the end of a connection.
func transient(errno int) bool { return codeOf(errno) == spec.NoResources }
