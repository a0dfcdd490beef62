// Package errno says in the words of the contract what Linux's error numbers mean, to the back ends that are built on its sockets. The numbers are
// written out, because one of those back ends runs on a simulated Linux as well, wherever that is.
package errno

import "github.com/ioconform/ioconform/spec"

// Numbers of errno(3).
const (
	eNOMEM       = 12
	eNFILE       = 23
	eMFILE       = 24
	eNOSPC       = 28
	ePIPE        = 32
	eADDRINUSE   = 98
	eNETDOWN     = 100
	eNETUNREACH  = 101
	eCONNRESET   = 104
	eNOBUFS      = 105
	eNOTCONN     = 107
	eTIMEDOUT    = 110
	eCONNREFUSED = 111
	eHOSTDOWN    = 112
	eHOSTUNREACH = 113
)

// Code says what an error number of a socket call means; 0 is success.
func Code(number int) spec.Code {
	switch number {
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

// Status is Code with the number beside it.
func Status(number int) spec.Status {
	if number == 0 {
		return spec.Is(spec.OK)
	}
	return spec.Status{Code: Code(number), Space: spec.Errno, Native: int64(number)}
}

// Transient tells the lack of something, which is the trouble of one call, from the end of a connection.
func Transient(number int) bool { return Code(number) == spec.NoResources }
