package spec

// What only the back ends of Windows have is told by small interfaces beside the contract. A target that declares the capability implements them.

// Duplicator is implemented by sockets that can have a second handle (capability duplicate).
type Duplicator interface {
	// Duplicate makes another handle of the socket. It is the same socket: a bind, an association or a shutdown through one is seen through the other. It is
	// closed when its last handle is; what was closed through one handle cannot be used through that one any more.
	Duplicate() (Socket, Status)
}
