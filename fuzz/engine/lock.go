package engine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// lock is what keeps a folder for one process: a file in it, DIR/lock, that the system holds locked for as long as the process lives, however that ends. The file
// says who has it and is empty when nobody has; it is never removed, for else two processes could hold a file of that name each.
type lock struct{ *os.File }

// errHeld says that another process has the lock.
var errHeld = errors.New("held")

// takeLock takes the lock of a folder, which is there. Where the file system knows no locks, as some that are on a network do not, there is none to wait for.
func takeLock(dir string) (*lock, error) {
	name := filepath.Join(dir, "lock")
	f, err := openLocked(name)
	if errors.Is(err, errHeld) {
		who := "it does not say which"
		if text, err := os.ReadFile(name); err == nil && len(text) > 0 {
			who = strings.TrimSpace(string(text))
		}
		return nil, fmt.Errorf("%s: another process has it (%s); wait until that has ended, or keep this campaign elsewhere", dir, who)
	}
	if err != nil {
		return nil, err
	}
	l := &lock{f}
	host, _ := os.Hostname()
	if err = f.Truncate(0); err == nil {
		_, err = fmt.Fprintf(f, "process %d on %s\n", os.Getpid(), host)
	}
	if err != nil {
		return nil, errors.Join(err, l.close())
	}
	return l, nil
}

// close gives the folder back.
func (l *lock) close() error { return errors.Join(l.Truncate(0), unlock(l.File), l.Close()) }
