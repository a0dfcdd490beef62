// Package iocp is completion ports themselves: the contract of package spec on CreateIoCompletionPort, GetQueuedCompletionStatusEx and the overlapped
// functions of Winsock. It is meant to be read as an example of their correct use; its comments name the rules it obeys.
//
// What makes it correct, in one place:
//
//   - The OVERLAPPED structure is the first field of a request, so the pointer that a packet brings back is the request (PKT-1). Request and buffer are
//     pinned and kept reachable from the call until the packet has been dequeued, whatever was cancelled or closed in between (DSC-1, OPN-5).
//   - Whether a packet follows is decided by the answer of the call alone: success and ERROR_IO_PENDING have one, on a socket that skips on success only the
//     latter, any other error has none (OPN-2, OPN-3, PKT-3); but a datagram that was cut short is no error (DGM-2).
//   - A packet may be dequeued by another thread before the call that started its operation has returned (OPN-6). The socket's lock, which the
//     start holds and the dequeuing thread takes, keeps the two from meeting in one request.
//   - A handle is used under its socket's lock only, and never after closesocket: its number may be somebody else's at once (CLS-3).
//   - CancelIoEx is a request; the packet tells what came of it (CAN-1). An operation whose packet has been dequeued is not asked for by its pointer, which
//     may be another operation's by then.
//   - A dequeued packet with a failure is a packet: only a wait that removed none has timed out (PKT-8).
//   - An operation with an event whose lowest bit is set has no packet (PKT-15): its request is kept until a wait has found the event signaled and Windows
//     says in the OVERLAPPED that it is done, or until everything is closed.
//   - AcceptEx is posted again by the program, with a fresh socket, whatever the last one came to (ACC-4); the accepted socket is told its listener
//     (SO_UPDATE_ACCEPT_CONTEXT) before it is handed on, the connected one that it is connected.
//
// Reading order: port.go (packets and waiting), request.go (what is in flight), socket.go and start.go (operations), accept.go, connect.go (and disconnects), context.go, winsock.go
// (what golang.org/x/sys does not have), status.go; event.go and apc.go for what else can tell of the end of an operation.
package iocp
