//go:build !linux

package adapter

// serveEpoll has no epoll here.
func serveEpoll(string) int { return 1 }

func servePoller(string) int { return 2 }
