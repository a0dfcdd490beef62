package engine

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// openLocked opens a file, makes it if need be, and lets others read it alone: who opens it to write, as this does, is refused with a sharing violation
// (learn.microsoft.com/windows/win32/fileio/creating-and-opening-files).
func openLocked(name string) (*os.File, error) {
	path, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: name, Err: err}
	}
	h, err := windows.CreateFile(path, windows.GENERIC_READ|windows.GENERIC_WRITE, windows.FILE_SHARE_READ, nil, windows.OPEN_ALWAYS, windows.FILE_ATTRIBUTE_NORMAL, 0)
	switch {
	case errors.Is(err, windows.ERROR_SHARING_VIOLATION):
		return nil, errHeld
	case err != nil:
		return nil, &os.PathError{Op: "open", Path: name, Err: err}
	}
	return os.NewFile(uintptr(h), name), nil
}

// unlock has nothing to do: closing the file does it.
func unlock(*os.File) error { return nil }
