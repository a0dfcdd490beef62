//go:build !linux

package adapter

// serveEpoll has no epoll here, and neither has servePoller.
func serveEpoll(string) int  { return 1 }
func servePoller(string) int { return 1 }
