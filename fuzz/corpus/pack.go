package main

import (
	"archive/zip"
	"bytes"
	"path/filepath"
	"time"

	"github.com/ioconform/ioconform/fuzz/seed"
)

// longAgo is the first day that archives can tell.
var longAgo = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// pack returns the archive of a target and how many seeds it has. Nothing in it depends on when or where it was made: entries are in the order of their names, and
// all of the same age.
func pack(t Target, root string, lead int) (archive []byte, n int, err error) {
	seeds, err := seed.Read(filepath.Join(root, filepath.FromSlash(t.Seeds())))
	if err != nil {
		return nil, 0, err
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, s := range seeds {
		w, err := z.CreateHeader(&zip.FileHeader{Name: s.Name, Method: zip.Store, Modified: longAgo}) // stored: a compressor may pack otherwise in another version of Go
		if err != nil {
			return nil, 0, err
		}
		if _, err := w.Write(append(make([]byte, lead), s.Input...)); err != nil {
			return nil, 0, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, 0, err
	}
	return b.Bytes(), len(seeds), nil
}
