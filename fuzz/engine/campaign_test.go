package engine_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ioconform/ioconform/fuzz/engine"
	"github.com/ioconform/ioconform/reference/simulated"
	"github.com/ioconform/ioconform/simnet"
	"github.com/ioconform/ioconform/simnet/simtest"
)

// folder returns all files of a folder with what is in them.
func folder(dir string) (all map[string]string, err error) {
	all = map[string]string{}
	err = filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p)
		all[filepath.ToSlash(rel)] = string(text)
		return err
	})
	return all, err
}

func sameFolder(t *testing.T, got, want string) {
	t.Helper()
	a, err := folder(got)
	if err != nil {
		t.Fatal(err)
	}
	b, err := folder(want)
	if err != nil {
		t.Fatal(err)
	}
	for name := range a {
		if _, there := b[name]; !there {
			t.Errorf("%s is in the one and not in the other", name)
		}
	}
	for name, text := range b {
		if a[name] == text {
			continue
		}
		x, y := strings.Split(a[name], "\n"), strings.Split(text, "\n")
		at := 0
		for at < min(len(x), len(y)) && x[at] == y[at] {
			at++
		}
		t.Errorf("%s differs in line %d of %d and %d", name, at+1, len(x), len(y))
	}
}

func run(t *testing.T, o engine.Options) *engine.Report {
	t.Helper()
	r, err := engine.Campaign(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// campaignRuns is how long a campaign of these tests is.
func campaignRuns() int {
	if simtest.Raced {
		return 640
	}
	return 3000 / simtest.Every(5)
}

// whole is the campaign that these tests compare others with: what it came to, and the files of its folder.
var whole = sync.OnceValues(func() (*engine.Report, map[string]string) {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	r, err := engine.Campaign(context.Background(), campaignOf(dir))
	if err != nil {
		panic(err)
	}
	files, err := folder(dir)
	if err != nil {
		panic(err)
	}
	return r, files
})

// wholeCampaign returns what the campaign came to, and a folder of its own of what it left.
func wholeCampaign(t *testing.T) (r *engine.Report, dir string) {
	t.Helper()
	r, files := whole()
	dir = t.TempDir()
	for name, text := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return r, dir
}

func campaignOf(dir string) engine.Options {
	return engine.Options{Target: simulated.Model(simnet.Options{}), Name: "model/lifo-fill", Bugs: []string{"lifo-fill"}, Seed: 7, Runs: campaignRuns(), Dir: dir}
}

// Shards that are merged come to what one run of the same budget comes to, to the byte, whatever the order.
func TestMergedShardsAreOneRun(t *testing.T) {
	simtest.NotShort(t)
	whole, one := wholeCampaign(t)
	if whole.Tally.Runs != campaignRuns() || len(whole.Findings) == 0 {
		t.Fatalf("%+v", whole.Tally)
	}
	var dirs []string
	for i := range 3 {
		o := campaignOf(t.TempDir())
		o.Shard = engine.Shard{Index: i, Count: 3}
		o.Workers = 1 + i%2
		run(t, o)
		dirs = append(dirs, o.Dir)
	}
	slices.Reverse(dirs)
	merged := t.TempDir()
	r, err := engine.Merge(t.Context(), campaignOf(""), dirs, merged)
	if err != nil {
		t.Fatal(err)
	}
	sameFolder(t, merged, one)
	if r.Tally.Runs != whole.Tally.Runs || r.Tally.Raced != whole.Tally.Raced || r.States != whole.States || len(r.Findings) != len(whole.Findings) {
		t.Errorf("%+v\n%+v", r, whole)
	}
}

// A campaign that is stopped, and killed in the middle of writing a line, goes on where it was and comes to the same.
func TestAKilledCampaignGoesOn(t *testing.T) {
	simtest.NotShort(t)
	_, one := wholeCampaign(t)
	two := t.TempDir()
	for stop := range 3 {
		ctx, cancel := context.WithCancel(t.Context())
		o := campaignOf(two)
		o.Runs = campaignRuns() / 4 * (stop + 1)
		if _, err := engine.Campaign(ctx, o); err != nil {
			t.Fatal(err)
		}
		cancel()
		killed(t, two)
	}
	run(t, campaignOf(two))
	sameFolder(t, two, one)
}

// killed leaves a folder as kill -9 does: the counts are old, and in some lanes a line is half there.
func killed(t *testing.T, dir string) {
	t.Helper()
	for _, name := range []string{"00.jsonl", "01.jsonl", "02.jsonl", "03.jsonl"} {
		f, err := os.OpenFile(filepath.Join(dir, "lanes", name), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString(`{"run":77,"tally":{"ru`); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// What a shard leaves that is killed, or is still at it, is merged as far as it goes.
func TestAKilledShardIsMerged(t *testing.T) {
	whole, one := wholeCampaign(t)
	killed(t, one)
	merged := t.TempDir()
	r, err := engine.Merge(t.Context(), campaignOf(""), []string{one}, merged)
	if err != nil {
		t.Fatal(err)
	}
	if r.Tally.Runs != whole.Tally.Runs || len(r.Findings) != len(whole.Findings) {
		t.Errorf("%+v\n%+v", r, whole)
	}
	run(t, campaignOf(merged)) // nothing is left to do, and what was merged can be gone on with
}

// Who finds no descriptors free is not accused of it, and neither is the program that goes without.
func TestATargetOutOfDescriptors(t *testing.T) {
	for files := range 12 {
		o := engine.Options{Target: simulated.Epoll(simnet.Options{MaxFiles: 1 + files}), Seed: 3, Runs: 320 / simtest.Every(4)}
		r, err := engine.Campaign(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range r.Findings {
			t.Errorf("with %d descriptors: %s: %.300s\n%.600s", 1+files, f.Signature, f.Said, f.Text)
		}
	}
}

// What a lane's file has lost, by a copy that was cut or a disk that was full, is made again: its counts do not say that what is missing was there.
func TestALaneThatWasCutIsMadeAgain(t *testing.T) {
	simtest.NotShort(t)
	_, one := wholeCampaign(t)
	whole, err := os.ReadFile(filepath.Join(one, "lanes", "03.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	const head = 8192
	line := head + bytes.IndexByte(whole[head:], '\n') + 1
	if line >= len(whole)-20 {
		t.Fatalf("the lane has no line but its first and %d bytes", len(whole))
	}
	for _, size := range []int{0, 77, head, head + 10, line, (line + len(whole)) / 2, len(whole) - 9} {
		two := t.TempDir()
		if err := os.CopyFS(two, os.DirFS(one)); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(filepath.Join(two, "lanes", "03.jsonl"), int64(size)); err != nil {
			t.Fatal(err)
		}
		run(t, campaignOf(two))
		sameFolder(t, two, one)
	}
}

// A folder that has lost what says which campaign it is, or half of it, is not taken for this one.
func TestAFolderThatDoesNotSayWhichCampaignItIs(t *testing.T) {
	o := campaignOf(t.TempDir())
	o.Runs = 160
	run(t, o)
	name := filepath.Join(o.Dir, "campaign.json")
	if err := os.Truncate(name, 20); err != nil {
		t.Fatal(err)
	}
	if _, err := engine.Campaign(t.Context(), o); err == nil || !strings.Contains(err.Error(), "campaign.json does not say which campaign this is (unexpected end of JSON input)") {
		t.Errorf("%v", err)
	}
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if _, err := engine.Campaign(t.Context(), o); err == nil || !strings.Contains(err.Error(), "there are lanes of a campaign in it, and no campaign.json says of which") {
		t.Errorf("%v", err)
	}
}

// Another campaign does not go on in the folder of this one.
func TestAFolderBelongsToOneCampaign(t *testing.T) {
	o := campaignOf(t.TempDir())
	o.Runs = 16
	run(t, o)
	o.Seed++
	if _, err := engine.Campaign(t.Context(), o); err == nil || !strings.Contains(err.Error(), "seed 7") {
		t.Errorf("%v", err)
	}
	p := campaignOf(t.TempDir())
	p.Runs, p.Seed = 16, 8
	run(t, p)
	p.Dir, o.Dir = o.Dir, p.Dir
	if _, err := engine.Merge(t.Context(), campaignOf(""), []string{p.Dir, o.Dir}, t.TempDir()); err == nil || !strings.Contains(err.Error(), "not parts of one") {
		t.Errorf("%v", err)
	}
}

// The environment of the common batch systems tells which shard this is.
func TestTheShardOfTheEnvironment(t *testing.T) {
	for _, c := range []struct {
		env  string
		want engine.Shard
		fail string
	}{
		{"", engine.Shard{}, ""},
		{"JOB_COMPLETION_INDEX=3 JOB_COMPLETIONS=8", engine.Shard{Index: 3, Count: 8}, ""},
		{"SLURM_ARRAY_TASK_ID=5 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=2", engine.Shard{Index: 3, Count: 4}, ""},
		{"SLURM_ARRAY_TASK_ID=5 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=2 SLURM_ARRAY_TASK_MAX=5", engine.Shard{Index: 3, Count: 4}, ""},
		{"SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_COUNT=1 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=0", engine.Shard{Index: 0, Count: 1}, ""},
		{"SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_COUNT=1 SLURM_ARRAY_TASK_MIN=3 SLURM_ARRAY_TASK_MAX=3", engine.Shard{}, "--shard 3/N"},
		{"SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_COUNT=2 SLURM_ARRAY_TASK_MIN=3 SLURM_ARRAY_TASK_MAX=7", engine.Shard{}, "3 to 7"},
		{"SLURM_ARRAY_TASK_ID=2 SLURM_ARRAY_TASK_COUNT=8 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=14", engine.Shard{}, "0 to 14"},
		{"SLURM_ARRAY_TASK_ID=2 SLURM_ARRAY_TASK_COUNT=8 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=x", engine.Shard{}, "not numbers"},
		{"SLURM_ARRAY_TASK_ID=12 SLURM_ARRAY_TASK_COUNT=8 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=14 SLURM_ARRAY_TASK_STEP=2", engine.Shard{Index: 6, Count: 8}, ""},
		{"SLURM_ARRAY_TASK_ID=5 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=2 SLURM_ARRAY_TASK_MAX=13 SLURM_ARRAY_TASK_STEP=3", engine.Shard{Index: 1, Count: 4}, ""}, // 2-13:3
		{"SLURM_ARRAY_TASK_ID=8 SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_STEP=4", engine.Shard{Index: 2, Count: 3}, ""},
		{"SLURM_ARRAY_TASK_ID=5 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=2 SLURM_ARRAY_TASK_MAX=5 SLURM_ARRAY_TASK_STEP=1", engine.Shard{Index: 3, Count: 4}, ""},
		{"SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_COUNT=8 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=14 SLURM_ARRAY_TASK_STEP=2", engine.Shard{}, "0 to 14, in steps of 2"},
		{"SLURM_ARRAY_TASK_ID=4 SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=14 SLURM_ARRAY_TASK_STEP=2", engine.Shard{}, "--shard I/N"},
		{"SLURM_ARRAY_TASK_ID=6 SLURM_ARRAY_TASK_COUNT=1 SLURM_ARRAY_TASK_MIN=6 SLURM_ARRAY_TASK_MAX=6 SLURM_ARRAY_TASK_STEP=2", engine.Shard{}, "--shard I/N"},
		{"SLURM_ARRAY_TASK_ID=4 SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=8 SLURM_ARRAY_TASK_STEP=0", engine.Shard{}, "SLURM_ARRAY_TASK_STEP is 0"},
		{"SLURM_ARRAY_TASK_ID=4 SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=8 SLURM_ARRAY_TASK_STEP=x", engine.Shard{}, "not numbers"},
		{"JOB_COMPLETION_INDEX=3", engine.Shard{}, "JOB_COMPLETIONS"},
		{"JOB_COMPLETION_INDEX=8 JOB_COMPLETIONS=8", engine.Shard{}, "0/8 to 7/8"},
		{"JOB_COMPLETION_INDEX=x JOB_COMPLETIONS=8", engine.Shard{}, "not I/N"},
	} {
		vars := map[string]string{}
		for _, v := range strings.Fields(c.env) {
			name, value, _ := strings.Cut(v, "=")
			vars[name] = value
		}
		got, err := engine.ShardOf(func(name string) (string, bool) { v, ok := vars[name]; return v, ok })
		if got != c.want || (err == nil) != (c.fail == "") || err != nil && !strings.Contains(err.Error(), c.fail) {
			t.Errorf("%q: %v, %v", c.env, got, err)
		}
	}
}

// A program and its text are the same.
func TestProgramsAsText(t *testing.T) {
	var p, q engine.Program
	for seed := range uint64(2000) {
		engine.Generate(&p, seed, 20)
		text, _ := p.MarshalText()
		if err := q.UnmarshalText(text); err != nil {
			t.Fatal(err)
		}
		if p.String() != q.String() {
			t.Fatalf("%s\n%v\n%v", text, &p, &q)
		}
	}
	for text, want := range map[string]string{
		"1 1":               "sessions, threads and limit",
		"0 1 0":             "at least one session",
		"1 1 0, 0 fly 0 0":  "no act",
		"1 1 0, 2 recv 0 0": "no number up to 1",
		"1 1 0, 0 recv 0":   "step 1",
		"1 1 0, 0 recv 0 x": "no number",
		"9 1 0, 0 recv 0 1": "no number up to 3",
	} {
		if err := q.UnmarshalText([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// Programs that are changed or put together stay within bounds, and the same seed makes the same.
func TestMutateAndSplice(t *testing.T) {
	var p, q, r, s engine.Program
	engine.Generate(&q, 1, 20)
	for seed := range uint64(5000) {
		engine.Mutate(&p, seed, &q)
		engine.Mutate(&r, seed, &q)
		if p.String() != r.String() {
			t.Fatal("not the same twice")
		}
		engine.Splice(&s, seed, &p, &q)
		for _, x := range []*engine.Program{&p, &s} {
			text, _ := x.MarshalText()
			if err := new(engine.Program).UnmarshalText(text); err != nil {
				t.Fatalf("seed %d: %v\n%v", seed, err, x)
			}
		}
		q, s = s, q
	}
}
