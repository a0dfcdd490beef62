package spec

// WindowsWord is one of the numbers by which Windows says what became of something.
type WindowsWord struct {
	Space  Space // NTStatus, Win32 or WSA
	Number uint32
	Name   string
	Code   Code // what it means
}

// WindowsWords is the table of what Windows says about sockets and completion ports. What an operation ended with is an NTSTATUS; the same one has other
// numbers in GetQueuedCompletionStatus (Win32) and in WSAGetOverlappedResult and in calls that fail at once (Winsock), and those of the two
// differ, so the NTSTATUS is what rules compare (Wine ws2_32 tests, sock.c, test_WSAGetOverlappedResult, test_tcp_reset).
var WindowsWords = []WindowsWord{
	{NTStatus, 0xC0000120, "STATUS_CANCELLED", Aborted},
	{NTStatus, 0xC0000240, "STATUS_REQUEST_ABORTED", Aborted},
	{NTStatus, 0xC000020D, "STATUS_CONNECTION_RESET", Reset},
	{NTStatus, 0xC0000241, "STATUS_CONNECTION_ABORTED", Reset},
	{NTStatus, 0xC000013B, "STATUS_LOCAL_DISCONNECT", Reset},
	{NTStatus, 0xC000013C, "STATUS_REMOTE_DISCONNECT", Reset},
	{NTStatus, 0xC000020C, "STATUS_CONNECTION_DISCONNECTED", Reset},
	{NTStatus, 0xC00000C9, "STATUS_NETWORK_NAME_DELETED", Reset},
	{NTStatus, 0xC0000236, "STATUS_CONNECTION_REFUSED", Refused},
	{NTStatus, 0x80000005, "STATUS_BUFFER_OVERFLOW", Truncated},
	{NTStatus, 0xC0000023, "STATUS_BUFFER_TOO_SMALL", Invalid},
	{NTStatus, 0xC000023F, "STATUS_PORT_UNREACHABLE", Unreachable},
	{NTStatus, 0xC000023D, "STATUS_HOST_UNREACHABLE", Unreachable},
	{NTStatus, 0xC000023C, "STATUS_NETWORK_UNREACHABLE", Unreachable},
	{NTStatus, 0xC00000B5, "STATUS_IO_TIMEOUT", TimedOut},
	{NTStatus, 0xC0000008, "STATUS_INVALID_HANDLE", Closed},
	{NTStatus, 0x8000000A, "STATUS_HANDLES_CLOSED", Closed},
	{NTStatus, 0xC0000024, "STATUS_OBJECT_TYPE_MISMATCH", Invalid},
	{NTStatus, 0xC00000B0, "STATUS_PIPE_DISCONNECTED", Shut},
	{NTStatus, 0xC0000140, "STATUS_INVALID_CONNECTION", NotConnected},
	{NTStatus, 0xC000020A, "STATUS_ADDRESS_ALREADY_EXISTS", InUse},
	{NTStatus, 0xC000000D, "STATUS_INVALID_PARAMETER", Invalid},
	{NTStatus, 0xC000009A, "STATUS_INSUFFICIENT_RESOURCES", NoResources},
	{NTStatus, 0xC00000BB, "STATUS_NOT_SUPPORTED", Unsupported},

	{Win32, 6, "ERROR_INVALID_HANDLE", Closed},
	{Win32, 64, "ERROR_NETNAME_DELETED", Reset},
	{Win32, 87, "ERROR_INVALID_PARAMETER", Invalid},
	{Win32, 121, "ERROR_SEM_TIMEOUT", TimedOut},
	{Win32, 122, "ERROR_INSUFFICIENT_BUFFER", Invalid},
	{Win32, 192, "WAIT_IO_COMPLETION", Interrupted},
	{Win32, 234, "ERROR_MORE_DATA", Truncated},
	{Win32, 258, "WAIT_TIMEOUT", TimedOut},
	{Win32, 735, "ERROR_ABANDONED_WAIT_0", Abandoned},
	{Win32, 995, "ERROR_OPERATION_ABORTED", Aborted},
	{Win32, 1168, "ERROR_NOT_FOUND", NotFound},
	{Win32, 1225, "ERROR_CONNECTION_REFUSED", Refused},
	{Win32, 1231, "ERROR_NETWORK_UNREACHABLE", Unreachable},
	{Win32, 1232, "ERROR_HOST_UNREACHABLE", Unreachable},
	{Win32, 1234, "ERROR_PORT_UNREACHABLE", Unreachable},
	{Win32, 1236, "ERROR_CONNECTION_ABORTED", Reset},
	{Win32, 1450, "ERROR_NO_SYSTEM_RESOURCES", NoResources},

	{WSA, 10013, "WSAEACCES", InUse}, // bind, to a port that somebody holds exclusively
	{WSA, 10014, "WSAEFAULT", Invalid},
	{WSA, 10022, "WSAEINVAL", Invalid},
	{WSA, 10024, "WSAEMFILE", NoResources},
	{WSA, 10035, "WSAEWOULDBLOCK", WouldBlock},
	{WSA, 10037, "WSAEALREADY", Busy},
	{WSA, 10038, "WSAENOTSOCK", Closed},
	{WSA, 10040, "WSAEMSGSIZE", Truncated},
	{WSA, 10043, "WSAEPROTONOSUPPORT", Unsupported},
	{WSA, 10045, "WSAEOPNOTSUPP", Unsupported},
	{WSA, 10047, "WSAEAFNOSUPPORT", Unsupported},
	{WSA, 10048, "WSAEADDRINUSE", InUse},
	{WSA, 10049, "WSAEADDRNOTAVAIL", NoResources},
	{WSA, 10050, "WSAENETDOWN", Unreachable},
	{WSA, 10051, "WSAENETUNREACH", Unreachable},
	{WSA, 10052, "WSAENETRESET", Reset},
	{WSA, 10053, "WSAECONNABORTED", Reset},
	{WSA, 10054, "WSAECONNRESET", Reset},
	{WSA, 10055, "WSAENOBUFS", NoResources},
	{WSA, 10056, "WSAEISCONN", Connected},
	{WSA, 10057, "WSAENOTCONN", NotConnected},
	{WSA, 10058, "WSAESHUTDOWN", Shut},
	{WSA, 10060, "WSAETIMEDOUT", TimedOut},
	{WSA, 10061, "WSAECONNREFUSED", Refused},
	{WSA, 10064, "WSAEHOSTDOWN", Unreachable},
	{WSA, 10065, "WSAEHOSTUNREACH", Unreachable},
	{WSA, 10101, "WSAEDISCON", Reset},
}

// WindowsStatus returns the status that a number stands for in one of Windows' vocabularies; success for 0, and Invalid, with the number, where the table
// has no row for it.
func WindowsStatus(space Space, number uint32) Status {
	if number == 0 {
		return Status{}
	}
	st := Status{Code: Invalid, Space: space, Native: int64(number)}
	if w := windowsWord(space, number); w != nil {
		st.Code = w.Code
	}
	return st
}

func windowsWord(space Space, number uint32) *WindowsWord {
	for i := range WindowsWords {
		if w := &WindowsWords[i]; w.Space == space && w.Number == number {
			return w
		}
	}
	return nil
}
