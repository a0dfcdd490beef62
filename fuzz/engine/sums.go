package engine

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strconv"
)

// The last field of a line of a lane is its checksum, which is of all lines behind the first up to this one: a line that was changed, left out or put elsewhere is told from those that
// were written. The first line, which is written over in place, has one of its own. Lines from before there were any have none; the first that has one is of them too.

// sums is the checksum of the lines of a lane so far.
type sums struct {
	sum   uint32
	begun bool // some line had one
}

// Castagnoli's polynomial, for which processors have an instruction.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sumField is the end of a line that has a checksum; it stands instead of the brace.
const sumField = `,"sum":"`

// seal adds the line, a JSON object, and returns it with its checksum.
func (s *sums) seal(line []byte) []byte {
	s.sum, s.begun = crc32.Update(s.sum, castagnoli, line), true
	return fmt.Appendf(line[:len(line)-1], `%s%08x"}`, sumField, s.sum)
}

// check adds a line that was read, and says what is wrong with it if it is not what was written.
func (s *sums) check(line []byte) error {
	at := bytes.LastIndex(line, []byte(sumField))
	if at < 0 {
		if s.begun {
			return errors.New("the line has no checksum, and one before it has: it is not what was written there")
		}
		s.sum = crc32.Update(s.sum, castagnoli, line)
		return strictly(line, new(entry))
	}
	s.sum, s.begun = crc32.Update(crc32.Update(s.sum, castagnoli, line[:at]), castagnoli, []byte{'}'}), true
	word, ends := bytes.CutSuffix(line[at+len(sumField):], []byte(`"}`))
	says, err := strconv.ParseUint(string(word), 16, 32)
	if err != nil || !ends || len(word) != 8 {
		return errors.New("the checksum at its end is none: the line is not what was written there")
	}
	if uint32(says) != s.sum {
		return fmt.Errorf("the line is not what was written there, or one before it is missing (its checksum is %08x, and it says %08x)", s.sum, says)
	}
	return nil
}

// strictly reads a line of before, and refuses what there never was in one: its checksum may have been damaged.
func strictly(line []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("there is something behind what was written there")
	}
	return nil
}

// readHead reads the first line of a lane.
func readHead(line []byte, head *Tally) error {
	line = bytes.TrimRight(line, " \n")
	if !bytes.Contains(line, []byte(sumField)) {
		return strictly(line, head)
	}
	if err := new(sums).check(line); err != nil {
		return err
	}
	return json.Unmarshal(line, head)
}
