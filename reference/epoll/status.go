package epoll

import (
	"github.com/ioconform/ioconform/reference/errno"
	"github.com/ioconform/ioconform/spec"
)

var ok = spec.Is(spec.OK)

// statusOf says what an error number means in the words of the contract, with the number beside it.
func statusOf(number int) spec.Status { return errno.Status(number) }

func transient(number int) bool { return errno.Transient(number) }
