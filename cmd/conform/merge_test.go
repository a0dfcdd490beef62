package main

import (
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/simnet/simtest"
)

// A campaign behind an adapter is merged by who says how the adapter is started, and is not taken for one on the target of the same name.
func TestACampaignBehindAnAdapterIsMerged(t *testing.T) {
	simtest.NotShort(t)
	if runtime.GOOS != "linux" {
		t.Skip("the adapter is of epoll; run it on Linux")
	}
	inEmptyFolder(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("CONFORM_IS_THIS", "1")
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // with half as many adapters each time
	adapter := quoted(self) + " adapter serve epoll"
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"fuzz", "--exec", adapter, "--runs", "16", "--out", "a"}, exitOK, ""},
		{[]string{"fuzz", "epoll", "--runs", "32", "--out", "a"}, exitNoAnswer, "a: is a campaign on epoll behind the adapter " + adapter},
		{[]string{"merge", "a", "--out", "b"}, exitNoAnswer, "a: is a campaign on epoll behind an adapter; start it with --exec " + quoted(adapter)},
		{[]string{"merge", "a", "--out", "b", "--exec", adapter}, exitOK, ""},
		{[]string{"fuzz", "--exec", adapter, "--runs", "32", "--out", "b"}, exitOK, ""},
		{[]string{"fuzz", "epoll", "--runs", "16", "--out", "c"}, exitOK, ""},
		{[]string{"fuzz", "--exec", adapter, "--runs", "32", "--out", "c"}, exitNoAnswer, "c: is a campaign on epoll, seed 0"},
		{[]string{"merge", "c", "--out", "d", "--exec", adapter}, exitNoAnswer, "c: is a campaign on epoll, seed 0"},
	} {
		code, _, said := conform(t, "", c.args...)
		if code != c.code || !strings.Contains(said, c.says) {
			t.Errorf("%q: exit code %d, want %d; %s", c.args, code, c.code, said)
		}
	}
	// a folder of before does not say that it is of an adapter, whose name is that of no target
	write(t, "a/campaign.json", `{"target":"mine","seed":0,"lanes":16,"suite":"0"}`)
	if code, _, said := conform(t, "", "merge", "a", "--out", "e"); code != exitNoAnswer || !strings.Contains(said, `unknown target "mine"`) || !strings.Contains(said, "--exec") {
		t.Errorf("exit code %d: %s", code, said)
	}
}
