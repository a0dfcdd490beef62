//go:build unix && !aix

package engine

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// openLocked opens a file, makes it if need be, and locks it: flock(2), whose lock is gone with the last descriptor of what was opened.
func openLocked(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	for {
		err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if !errors.Is(err, unix.EINTR) {
			break
		}
	}
	if errors.Is(err, unix.EWOULDBLOCK) {
		return nil, errors.Join(errHeld, f.Close())
	}
	return f, nil // any other error: there are no locks here
}

// unlock gives the lock up at once: a child that is just being started has the descriptor too until it becomes another program.
func unlock(f *os.File) error {
	unix.Flock(int(f.Fd()), unix.LOCK_UN) // it fails where locking did
	return nil
}
