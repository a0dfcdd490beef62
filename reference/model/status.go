package model

import "github.com/ioconform/ioconform/spec"

// What the packet of an operation says, in NTSTATUS (Wine ws2_32 tests, sock.c, test_WSAGetOverlappedResult).
var (
	stOK        = spec.Status{}
	ntCancelled = spec.Status{Code: spec.Aborted, Space: spec.NTStatus, Native: 0xC0000120} // STATUS_CANCELLED
	// what a connection's operations may say as well when the program closes the socket
	ntConnectionAborted = spec.Status{Code: spec.Aborted, Space: spec.NTStatus, Native: 0xC0000241}     // STATUS_CONNECTION_ABORTED
	ntLocalDisconnect   = spec.Status{Code: spec.Aborted, Space: spec.NTStatus, Native: 0xC000013B}     // STATUS_LOCAL_DISCONNECT
	ntHandlesClosed     = spec.Status{Code: spec.Aborted, Space: spec.NTStatus, Native: 0x8000000A}     // STATUS_HANDLES_CLOSED; see CloseSaysHandle
	ntReset             = spec.Status{Code: spec.Reset, Space: spec.NTStatus, Native: 0xC000020D}       // STATUS_CONNECTION_RESET
	ntRefused           = spec.Status{Code: spec.Refused, Space: spec.NTStatus, Native: 0xC0000236}     // STATUS_CONNECTION_REFUSED
	ntOverflow          = spec.Status{Code: spec.Truncated, Space: spec.NTStatus, Native: 0x80000005}   // STATUS_BUFFER_OVERFLOW, ERROR_MORE_DATA 234
	ntNobody            = spec.Status{Code: spec.Unreachable, Space: spec.NTStatus, Native: 0xC000023F} // STATUS_PORT_UNREACHABLE, ERROR_PORT_UNREACHABLE 1234
	ntTimeout           = spec.Status{Code: spec.TimedOut, Space: spec.NTStatus, Native: 0xC00000B5}
	ntNotConnected      = spec.Status{Code: spec.NotConnected, Space: spec.NTStatus, Native: 0xC0000140} // STATUS_INVALID_CONNECTION, see AcceptResetUntold
	ntTooSmall          = spec.Status{Code: spec.Invalid, Space: spec.NTStatus, Native: 0xC0000023}      // STATUS_BUFFER_TOO_SMALL, ERROR_INSUFFICIENT_BUFFER 122
)

// What a call answers that started nothing.
var (
	wsaFault        = spec.Status{Code: spec.Invalid, Space: spec.WSA, Native: 10014}
	wsaTooLong      = spec.Status{Code: spec.Truncated, Space: spec.WSA, Native: 10040}
	wsaNobody       = spec.Status{Code: spec.Unreachable, Space: spec.WSA, Native: 10054} // of a datagram socket
	wsaInvalid      = spec.Status{Code: spec.Invalid, Space: spec.WSA, Native: 10022}
	wsaNotSock      = spec.Status{Code: spec.Closed, Space: spec.WSA, Native: 10038}
	wsaInUse        = spec.Status{Code: spec.InUse, Space: spec.WSA, Native: 10048}
	wsaAborted      = spec.Status{Code: spec.Reset, Space: spec.WSA, Native: 10053}
	wsaReset        = spec.Status{Code: spec.Reset, Space: spec.WSA, Native: 10054}
	wsaConnected    = spec.Status{Code: spec.Connected, Space: spec.WSA, Native: 10056}
	wsaNotConnected = spec.Status{Code: spec.NotConnected, Space: spec.WSA, Native: 10057}
	wsaShutdown     = spec.Status{Code: spec.Shut, Space: spec.WSA, Native: 10058}
	wsaUnsupported  = spec.Status{Code: spec.Unsupported, Space: spec.WSA, Native: 10045}
	winTimeout      = spec.Status{Code: spec.TimedOut, Space: spec.Win32, Native: 258}
	waitTimeout     = spec.Status{Code: spec.TimedOut, Space: spec.Win32, Native: 258} // WAIT_TIMEOUT is what the wait itself returns
	winInterrupted  = spec.Status{Code: spec.Interrupted, Space: spec.Win32, Native: 192}
	winAbandoned    = spec.Status{Code: spec.Abandoned, Space: spec.Win32, Native: 735}
	winHandle       = spec.Status{Code: spec.Closed, Space: spec.Win32, Native: 6}
	winNotFound     = spec.Status{Code: spec.NotFound, Space: spec.Win32, Native: 1168}
	winParameter    = spec.Status{Code: spec.Invalid, Space: spec.Win32, Native: 87}
)
