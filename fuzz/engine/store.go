package engine

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/scenario"
	"github.com/ioconform/ioconform/spec"
)

// What a campaign keeps on disk:
//
//	DIR/campaign.json       what it runs: target, seed, lanes
//	DIR/lanes/07.jsonl      a lane: a line with its counts, written over in place; then a line for each run that was kept or that failed
//	DIR/found/RCV-2.scn     the first failure of each signature, made small, for conform replay
//	DIR/lock                which process is at it, if one is
//
// A line of a lane is written with one call as soon as there is something to write, so that a process that is killed loses at most the run
// that was under way; half a line at the end of a file, should there be one, is cut off. Any other line that is not what was written is an error (sums.go).
// Runs after the last that was counted are made again, the very same in a simulated world, and so are those whose lines are gone.

// store is a campaign's folder.
type store struct {
	dir   string
	lock  *lock
	files map[int]*laneFile
}

// laneFile is the file of one lane.
type laneFile struct {
	*os.File
	counted time.Time
}

// identity is campaign.json: what all shards and continuations of a campaign have in common.
type identity struct {
	Target string  `json:"target"`
	Seed   uint64  `json:"seed"`
	Lanes  int     `json:"lanes"`
	Suite  string  `json:"suite"`           // tells versions of the rules apart, whose numbers features have
	Exec   *string `json:"exec,omitempty"`  // the command line of the adapter that it began behind, "" where it was behind none; nil in folders of before, which do not say
	Known  *string `json:"known,omitempty"` // the known failures that it went by last, "" where there were none; likewise
}

// is reports whether two campaigns are parts of one. Command lines of adapters may differ, as they do from machine to machine, and so may known failures, which become more as what is
// found is looked into: that is told.
func (i identity) is(j identity) bool {
	kind := i.Exec == nil || j.Exec == nil || (*i.Exec == "") == (*j.Exec == "")
	i.Exec, j.Exec, i.Known, j.Known = nil, nil, nil, nil
	return kind && i == j
}

// entry is a line of a lane after the first.
type entry struct {
	Run      int       `json:"run"`
	Tally    Tally     `json:"tally"` // after it
	Program  string    `json:"program,omitempty"`
	Script   string    `json:"script,omitempty"`
	Strategy string    `json:"strategy"`
	Seed     uint64    `json:"seed"`
	Depth    int       `json:"depth,omitempty"`
	Length   int       `json:"length,omitempty"`
	New      []Feature `json:"new,omitempty"`
	Failed   string    `json:"failed,omitempty"`
	Said     string    `json:"said,omitempty"`
}

// headLength is how long the first line of a lane is, blanks included: counts grow, and are written over in place.
const headLength = 8192

func (o *Options) identity() identity {
	var rules strings.Builder
	for _, r := range spec.Rules() {
		fmt.Fprintf(&rules, "%s %d %d\n", r.ID, len(r.Situations), len(r.Alternatives))
	}
	return identity{o.Name, o.Seed, o.Lanes, digest(rules.String()), &o.Exec, o.entries}
}

// digest tells texts apart.
func digest(text string) string {
	var sum uint64
	for _, b := range []byte(text) {
		sum = mix(sum, uint64(b))
	}
	return fmt.Sprintf("%016x", sum)
}

// unlike reports whether two are told, and are not the same.
func unlike(a, b *string) bool { return a != nil && b != nil && *a != *b }

// openStore opens the folder of a campaign, or makes it. Until it is closed the folder is no other process's.
func openStore(dir string, o *Options) (*store, error) {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return nil, &fs.PathError{Op: "open", Path: dir, Err: syscall.ENOTDIR}
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	l, err := takeLock(dir)
	if err != nil {
		return nil, err
	}
	s := &store{dir: dir, lock: l, files: map[int]*laneFile{}}
	if err := s.claim(o); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// claim makes sure that the campaign in the folder is this one, or begins it there.
func (s *store) claim(o *Options) error {
	dir := s.dir
	want := o.identity()
	have, err := readIdentity(dir)
	begin := errors.Is(err, fs.ErrNotExist)
	switch {
	case begin:
		if lanes, err := os.ReadDir(filepath.Join(dir, "lanes")); err == nil && len(lanes) > 0 {
			return fmt.Errorf("%s: there are lanes of a campaign in it, and no campaign.json says of which; keep this one elsewhere", dir)
		}
	case err != nil:
		return err
	case !have.is(want):
		return fmt.Errorf("%s: is %s; go on with that (%s), or keep this one elsewhere", dir, have.unlike(want), have.flags(want))
	}
	for _, sub := range []string{"lanes", "found"} { // also where the campaign is there: what is empty gets lost on the way through a store of artifacts
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o777); err != nil {
			return err
		}
	}
	if unlike(have.Known, want.Known) {
		o.remark("%s: went by other known failures so far (--known): what was counted and found by those stays", dir)
	} else if !begin && have.Exec != nil && have.Known != nil {
		return nil
	}
	want.Exec, want.Known = cmp.Or(have.Exec, want.Exec), cmp.Or(want.Known, have.Known)
	text, err := json.Marshal(want)
	if err != nil {
		return err
	}
	return WriteWhole(filepath.Join(dir, "campaign.json"), append(text, '\n'))
}

// String says which campaign it is.
func (i identity) String() string {
	behind := ""
	if i.Exec != nil && *i.Exec != "" {
		behind = " behind the adapter " + *i.Exec
	}
	return fmt.Sprintf("on %s%s, seed %d, %s", i.Target, behind, i.Seed, conformance.Counted(i.Lanes, "lane"))
}

// unlike says which campaign it is, and not j.
func (i identity) unlike(j identity) string {
	if i.Suite != j.Suite {
		return fmt.Sprintf("a campaign %v, by the rules of another version of conform", i)
	}
	return fmt.Sprintf("a campaign %v, not %v", i, j)
}

// flags are what somebody goes on with the campaign by who has tried to with j.
func (i identity) flags(j identity) string {
	subject := i.Target
	switch {
	case i.Suite != j.Suite:
		return "with that version"
	case i.Exec != nil && *i.Exec != "":
		subject = "--exec with that adapter"
	}
	return fmt.Sprintf("%s --seed %d --lanes %d", subject, i.Seed, i.Lanes)
}

// TargetOf returns the name of the target, with its bugs, that the campaign in the folder runs on, and the command line of the adapter that it is behind, "" if of none that is known.
func TargetOf(dir string) (name, exec string, err error) {
	i, err := campaignIn(dir)
	if i.Exec != nil {
		exec = *i.Exec
	}
	return i.Target, exec, err
}

// campaignIn is the campaign that there must be in a folder.
func campaignIn(dir string) (identity, error) {
	i, err := readIdentity(dir)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(dir); err != nil {
			return i, err
		}
		return i, fmt.Errorf("%s: no campaign is in it: it has no campaign.json, as conform fuzz --out leaves one", dir)
	}
	return i, err
}

func readIdentity(dir string) (i identity, err error) {
	name := filepath.Join(dir, "campaign.json")
	text, err := os.ReadFile(name)
	if err != nil {
		return i, err
	}
	if err := json.Unmarshal(text, &i); err != nil {
		return i, fmt.Errorf("%s does not say which campaign this is (%w); one that is begun anew elsewhere makes the same runs", name, err)
	}
	if i.Lanes < 1 || i.Lanes > MostLanes {
		return i, fmt.Errorf("%s: %d lanes: from 1 to %d", name, i.Lanes, MostLanes)
	}
	return i, nil
}

// WriteWhole writes a file so that it is there whole or not at all.
func WriteWhole(name string, text []byte) error {
	part := name + ".part"
	err := os.WriteFile(part, text, 0o666)
	if err == nil {
		err = os.Rename(part, name)
	}
	if err != nil {
		os.Remove(part)
	}
	return err
}

func (s *store) close() error {
	var err error
	for _, f := range s.files {
		err = errors.Join(err, f.Close())
	}
	return errors.Join(err, s.lock.close())
}

// closed closes the folder, and makes what goes wrong there part of err.
func (s *store) closed(err *error) { *err = errors.Join(*err, s.close()) }

func laneName(dir string, lane int) string {
	return filepath.Join(dir, "lanes", fmt.Sprintf("%02d.jsonl", lane))
}

// load brings a lane to where its file says it was, and has the file ready to be written.
func (s *store) load(l *lane) error {
	name := laneName(s.dir, l.number)
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return err
	}
	s.files[l.number] = &laneFile{File: f}
	text, err := io.ReadAll(f)
	if err != nil {
		return err
	}
	if len(text) < headLength { // new, or killed while its first line was written
		if err := f.Truncate(0); err != nil {
			return err
		}
		if err := s.head(l); err != nil {
			return err
		}
		_, err := f.Seek(headLength, io.SeekStart)
		return err
	}
	whole := inLines(text)
	if err := l.read(whole); err != nil {
		return fmt.Errorf("%s:%w; without that file its runs are made again", name, err)
	}
	if len(whole) < len(text) {
		if err := f.Truncate(int64(len(whole))); err != nil {
			return err
		}
	}
	_, err = f.Seek(0, io.SeekEnd)
	return err
}

// inLines is text without the half line at its end that a process leaves which is killed, or is just writing it.
func inLines(text []byte) []byte { return text[:bytes.LastIndexByte(text, '\n')+1] }

// read takes over what the text of a lane's file says. Where it has fewer lines than its counts say, it has been cut, and what came after its last line is
// to be made again.
func (l *lane) read(text []byte) error {
	var head, last Tally
	if err := readHead(text[:headLength], &head); err != nil {
		return fmt.Errorf("1: %w", err)
	}
	for n, line := range bytes.Split(bytes.TrimSuffix(text[headLength:], []byte("\n")), []byte("\n")) {
		if len(line) == 0 {
			continue
		}
		if err := l.sums.check(line); err != nil {
			return fmt.Errorf("%d: %w", n+2, err)
		}
		var e entry
		if err := json.Unmarshal(line, &e); err != nil {
			return fmt.Errorf("%d: %w", n+2, err)
		}
		in, err := e.input()
		if err != nil {
			return fmt.Errorf("%d: %w", n+2, err)
		}
		last = e.Tally
		if e.Failed != "" {
			l.failed = append(l.failed, Failure{Signature: e.Failed, Said: e.Said, Lane: l.number, Run: e.Run, Input: in})
			continue
		}
		l.kept.add(in)
		l.feedback.know(e.New)
	}
	if l.tally = head; last.Runs > head.Runs || len(l.kept.programs)+len(l.kept.scripts) < head.Kept || len(l.failed) < len(head.Failures) {
		l.tally = last
	}
	return nil
}

func (e *entry) input() (in Input, err error) {
	in.Schedule = spec.Schedule{Strategy: e.Strategy, Seed: e.Seed, Depth: e.Depth, Length: e.Length}
	if e.Program != "" {
		in.Program = new(Program)
		return in, in.Program.UnmarshalText([]byte(e.Program))
	}
	in.Script, err = conformance.ParseCase("script.scn", []byte(e.Script))
	return in, err
}

// write adds what came of the run just made to the lane's file.
func (s *store) write(l *lane, kept *Input, fresh []Feature, failed *Failure) error {
	e := entry{Run: l.tally.Runs - 1, Tally: l.tally, New: fresh}
	in := kept
	if failed != nil {
		in, e.Failed, e.Said = &failed.Input, failed.Signature, failed.Said
	}
	e.Strategy, e.Seed, e.Depth, e.Length = in.Schedule.Strategy, in.Schedule.Seed, in.Schedule.Depth, in.Schedule.Length
	if in.Program != nil {
		text, err := in.Program.MarshalText()
		if err != nil {
			return err
		}
		e.Program = string(text)
	} else {
		e.Script = string(scenario.Print(in.Script.File))
	}
	line, err := json.Marshal(&e)
	if err != nil {
		return err
	}
	_, err = s.files[l.number].Write(append(l.sums.seal(line), '\n'))
	return err
}

// often is how often the counts of a lane are written when nothing else is.
const often = 100 * time.Millisecond

// count writes the lane's counts, unless it did so a moment ago.
func (s *store) count(l *lane) error {
	f := s.files[l.number]
	if time.Since(f.counted) < often {
		return nil
	}
	f.counted = time.Now()
	return s.head(l)
}

// head writes the first line of the lane's file.
func (s *store) head(l *lane) error {
	line, err := json.Marshal(l.tally)
	if err != nil {
		return err
	}
	line = new(sums).seal(line)
	if len(line) >= headLength {
		return fmt.Errorf("%s: the counts of a lane take %d bytes, and %d are kept free for them", s.files[l.number].Name(), len(line), headLength)
	}
	line = append(line, bytes.Repeat([]byte{' '}, headLength-len(line))...)
	line[headLength-1] = '\n'
	_, err = s.files[l.number].WriteAt(line, 0)
	return err
}

// finish writes down where every lane has come to.
func (s *store) finish(lanes []*lane) error {
	var err error
	for _, l := range lanes {
		err = errors.Join(err, s.head(l))
	}
	return err
}
