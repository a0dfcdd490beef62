//go:build !linux

package epoll_test

import "testing"

func onLinux(t *testing.T, _ func(w *world)) { t.Skip("needs Linux") }
