// Package uring is a completion port built on io_uring.
package uring
