//go:build !linux && !windows

package reference

import "github.com/ioconform/ioconform/spec"

func nativeTargets() ([]*spec.Target, []Absent) {
	return nil, []Absent{{"epoll", "it needs Linux"}, {"poller", "it needs Linux"}, {"uring", "it needs Linux"}, iocpAbsent}
}
