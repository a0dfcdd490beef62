package engine_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ioconform/ioconform/fuzz/engine"
	"github.com/ioconform/ioconform/simnet/simtest"
)

// A folder is one process's at a time: a second campaign, or a merge into it, says who has it and touches nothing; once the first has ended it goes on there.
func TestTwoCampaignsDoNotShareAFolder(t *testing.T) {
	simtest.NotShort(t)
	o := campaignOf(t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error)
	first := o
	first.Runs = 0
	go func() {
		_, err := engine.Campaign(ctx, first)
		ended <- err
	}()
	for { // until it has the folder
		if lanes, _ := os.ReadDir(filepath.Join(o.Dir, "lanes")); len(lanes) > 0 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	want := []string{o.Dir, "another process has it", fmt.Sprintf("process %d", os.Getpid())}
	refused := func(what string, err error) {
		for _, w := range want {
			if err == nil || !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %v, want %q", what, err, w)
			}
		}
	}
	_, err := engine.Campaign(t.Context(), o)
	refused("a second campaign", err)
	other := o
	other.Seed++
	_, err = engine.Campaign(t.Context(), other)
	refused("another campaign", err)
	from := campaignOf(t.TempDir())
	from.Runs = 160
	run(t, from)
	_, err = engine.Merge(t.Context(), campaignOf(""), []string{from.Dir}, o.Dir)
	refused("a merge", err)

	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	run(t, o)
}
