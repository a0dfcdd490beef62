package poller

import "github.com/ioconform/ioconform/spec"

// codeOf says what an error number means in the words of the contract.
func codeOf(errno int) spec.Code {
	switch errno {
	case 0:
		return spec.OK
	case eAGAIN, eINPROGRESS, eALREADY:
		return spec.WouldBlock
	case eBADF:
		return spec.Closed
	case eEXIST, eADDRINUSE:
		return spec.InUse
	case eNOENT:
		return spec.NotFound
	case eCONNRESET, eCONNABORTED:
		return spec.Reset
	case ePIPE:
		return spec.Shut
	case eCONNREFUSED:
		return spec.Refused
	case eNOTCONN, eDESTADDRREQ:
		return spec.NotConnected
	case eISCONN:
		return spec.Connected
	case eTIMEDOUT:
		return spec.TimedOut
	case eNETUNREACH, eHOSTUNREACH, eADDRNOTAVAIL:
		return spec.Unreachable
	case eNOMEM, eNFILE, eMFILE, eNOSPC, eNOBUFS:
		return spec.NoResources
	case eAFNOSUPPORT, eOPNOTSUPP:
		return spec.Unsupported
	case eMSGSIZE:
		return spec.Truncated
	}
	return spec.Invalid
}

// statusOf is codeOf with the number beside it.
func statusOf(errno int) spec.Status {
	if errno == 0 {
		return spec.Status{}
	}
	return spec.Status{Code: codeOf(errno), Space: spec.Errno, Native: int64(errno)}
}

var bits = [...]struct {
	ask spec.Interest
	ev  uint32
}{
	{spec.In, evIn}, {spec.Out, evOut}, {spec.Pri, evPri}, {spec.RdHup, evRdHup}, {spec.Err, evErr}, {spec.Hup, evHup},
	{spec.Edge, evEdge}, {spec.OneShot, evOneShot}, {spec.Exclusive, evExclusive},
}

func events(ask spec.Interest) (ev uint32) {
	for _, b := range bits {
		if ask&b.ask != 0 {
			ev |= b.ev
		}
	}
	return ev
}

func interest(ev uint32) (what spec.Interest) {
	for _, b := range bits {
		if ev&b.ev != 0 {
			what |= b.ask
		}
	}
	return what
}
