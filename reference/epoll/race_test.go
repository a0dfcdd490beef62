//go:build race

package epoll_test

const raceEnabled = true
