//go:build !linux

package reference

import "github.com/ioconform/ioconform/spec"

func nativeTargets() ([]*spec.Target, []Absent) {
	return nil, []Absent{{"epoll", "it needs Linux"}}
}

func release() string { return "" }
