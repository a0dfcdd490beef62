package conformance_test

import (
	"strings"
	"testing"

	"github.com/ioconform/ioconform/conformance"
	"github.com/ioconform/ioconform/conformance/known"
	"github.com/ioconform/ioconform/simnet/simtest"
)

// begin runs with an old file, nil for none, and returns what Baseline makes of it.
func begin(t *testing.T, old *known.File, o conformance.Options, run ...string) (string, conformance.Change, *known.File) {
	t.Helper()
	o.KeepOn = true
	if old != nil {
		o.Known = []*known.File{old}
	}
	r := planted(t, "model", "lifo-fill", o, run...)
	f, did := conformance.Baseline("k", "model/lifo-fill", old, r)
	return string(known.Print(f)), did, f
}

func written(text string) string {
	return strings.NewReplacer(known.ReasonToWrite, "It was planted here.", known.SourceToWrite, "reference/model/mutant.go").Replace(text)
}

// Every fault of every case gets its entry, those of later schedules too; with reasons written, nothing is unknown.
func TestABaselineKnowsEverything(t *testing.T) {
	simtest.NotRaced(t)
	simtest.NotShort(t)
	var run []string // all
	if simtest.Every(2) > 1 {
		run = []string{"receive", "send", "thread"}
	}
	text, did, _ := begin(t, nil, conformance.Options{}, run...)
	for _, want := range []string{
		"receive/data-and-end-for-several RCV-2\n", "receive/data-and-end-for-several RCV-4\n", "receive/several-pending-data-in-parts RCV-3\n",
		"# seen once: operation 2 (recv", "  reason: (write why)\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if _, err := conformance.ParseKnown("k", []byte(text)); err == nil || !strings.Contains(err.Error(), "still to be written") {
		t.Errorf("nobody has written a reason, and the file is taken: %v", err)
	}
	f, err := conformance.ParseKnown("k", []byte(written(text)))
	if err != nil {
		t.Fatal(err)
	}
	r := planted(t, "model", "lifo-fill", conformance.Options{Known: []*known.File{f}}, run...)
	if n := r.Count(); n[conformance.Fail]+n[conformance.Error]+n[conformance.Diverged] > 0 || n[conformance.Known] == 0 || len(r.Wrong()) > 0 {
		t.Errorf("%v, %d entries wrong of %d", n, len(r.Wrong()), len(did.New))
	}
	again, did, _ := begin(t, f, conformance.Options{}, run...)
	if again != written(text) || len(did.New)+len(did.Dropped) > 0 {
		t.Errorf("made again it is another file: %d new, %d dropped", len(did.New), len(did.Dropped))
	}
}

// An old file keeps what still fails, as it is written; what does not goes, and sections keep their heads.
func TestABaselineKeepsWhatIsWritten(t *testing.T) {
	old, err := conformance.ParseKnownDraft("k", []byte(`# Ours.
target: model/lifo-fill

# Accepts

# This one is stale.
accept/backlog ACC-4
  kind: todo
  reason: It was so once.
  source: x

# Not asked about.
cancel/middle-of-three RCV-2
  kind: broken
  reason: Left alone by a run of other cases.
  source: x

# Receives

receive/several-pending *
  # a remark
  kind: broken
  harm: loses-data
  reason: Last in, first out.
  source: x

# The end.
`))
	if err != nil {
		t.Fatal(err)
	}
	text, did, _ := begin(t, old, conformance.Options{}, "accept", "receive/several-pending", "receive/behind-one-that-waits-for-all")
	want := `# Ours.
target: model/lifo-fill

# Accepts

# Not asked about.
cancel/middle-of-three RCV-2
  kind: broken
  reason: Left alone by a run of other cases.
  source: x

# seen once: SAID
receive/behind-one-that-waits-for-all RCV-2
  kind: todo
  reason: (write why)
  source: (write where it is tracked)

# Receives

receive/several-pending *
  # a remark
  kind: broken
  harm: loses-data
  reason: Last in, first out.
  source: x

# The end.
`
	if i := strings.Index(text, "# seen once: "); i > 0 {
		j := i + strings.IndexByte(text[i:], '\n')
		text = text[:i] + "# seen once: SAID" + text[j:]
	}
	if text != want {
		t.Errorf("the file is\n%s", text)
	}
	if len(did.New) != 1 || len(did.Kept) != 2 || len(did.Dropped) != 1 || did.Dropped[0].State != conformance.KnownStale {
		t.Errorf("%d new, %d kept, %d dropped", len(did.New), len(did.Kept), len(did.Dropped))
	}
}

// What some repetitions show and others do not is racy.
func TestABaselineOfWhatComesAndGoes(t *testing.T) {
	r := planted(t, "epoll-sim", "livelock-eventfd", conformance.Options{KeepOn: true, Repeat: 12, Schedules: 1}, "packet/timeout-races-with-a-post")
	f, _ := conformance.Baseline("k", "epoll-sim/livelock-eventfd", nil, r)
	if text := string(known.Print(f)); !strings.Contains(text, "kind: racy") || !strings.Contains(text, " of 12 runs: livelock") {
		t.Errorf("the file is\n%s", text)
	}
}
