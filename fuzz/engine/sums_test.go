package engine

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// laneOf is the file of the lane of a campaign that has the most lines, and those behind the first.
func laneOf(t *testing.T, dir string) (name string, lines []string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "lanes", "*.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		if l := strings.SplitAfter(textAt(t, n)[headLength:], "\n"); len(l)-1 > len(lines) {
			name, lines = n, l[:len(l)-1]
		}
	}
	if len(lines) < 5 {
		t.Fatalf("no lane has more than %d lines", len(lines))
	}
	return name, lines
}

// A line of a lane that was changed, left out, doubled or put elsewhere is told with its file and number, and nothing of the folder is touched; only half a line at the end is no damage.
func TestALineThatWasChangedIsTold(t *testing.T) {
	o := finds(t.TempDir())
	campaignOn(t, t.Context(), o)
	name, lines := laneOf(t, o.Dir)
	head := textAt(t, name)[:headLength]
	digit := func(s, key string) string { // the last one of the number behind the key becomes another
		at := strings.Index(s, key) + len(key)
		for '0' <= s[at] && s[at] <= '9' {
			at++
		}
		return s[:at-1] + string('0'+(s[at-1]-'0'+1)%10) + s[at:]
	}
	last := len(lines) - 1
	for _, c := range []struct {
		what string
		line int // that is told of
		text []string
	}{
		{"a count", 3, append(append([]string{head, lines[0]}, digit(lines[1], `"events":`)), lines[2:]...)},
		{"a seed", 2, append([]string{head, digit(lines[0], `"seed":`)}, lines[1:]...)},
		{"the last line", last + 2, append(append([]string{head}, lines[:last]...), digit(lines[last], `"seed":`))},
		{"a line left out", 3, append([]string{head, lines[0]}, lines[2:]...)},
		{"two lines swapped", 3, append([]string{head, lines[0], lines[2], lines[1]}, lines[3:]...)},
		{"a line doubled", 3, append([]string{head, lines[0], lines[0]}, lines[1:]...)},
		{"a checksum left out", 3, append([]string{head, lines[0], regexp.MustCompile(`,"sum":"[^"]*"`).ReplaceAllString(lines[1], "")}, lines[2:]...)},
		{"a checksum that is none", 3, append([]string{head, lines[0], strings.Replace(lines[1], `"sum":"`, `"sum":"x`, 1)}, lines[2:]...)},
		{"the word of a checksum", 2, append([]string{head, strings.Replace(lines[0], `"sum"`, `"sun"`, 1)}, lines[1:]...)},
		{"counts", 1, append([]string{digit(head, `"events":`)}, lines...)},
		{"the word of the counts' checksum", 1, append([]string{strings.Replace(head, `"sum"`, `"sun"`, 1)}, lines...)},
		{"garbage", 4, append([]string{head, lines[0], lines[1], "\x00\x00\xff\n"}, lines[3:]...)},
	} {
		for _, half := range []string{"", `{"run":77,"tally":{"ru`} {
			was := strings.Join(c.text, "") + half
			if err := os.WriteFile(name, []byte(was), 0o666); err != nil {
				t.Fatal(err)
			}
			want := fmt.Sprintf("%s:%d: ", name, c.line)
			on := o
			on.Runs *= 2
			_, err := Campaign(t.Context(), on)
			_, err2 := Merge(t.Context(), finds(""), []string{o.Dir}, t.TempDir())
			for _, err := range []error{err, err2} {
				if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
					t.Errorf("%s: %v, want %s", c.what, err, want)
				}
			}
			if now := textAt(t, name); now != was {
				t.Errorf("%s: the file is not what it was", c.what)
			}
		}
	}
}

// A campaign from before there were checksums goes on, and comes to the same; what it writes has them, and they are of what was there as well.
func TestACampaignWithoutChecksumsGoesOn(t *testing.T) {
	sums := regexp.MustCompile(`,"sum":"[0-9a-f]{8}"`)
	whole, old := finds(t.TempDir()), finds(t.TempDir())
	campaignOn(t, t.Context(), whole)
	old.Runs /= 4
	campaignOn(t, t.Context(), old)
	plain := func(dir string) string {
		var b strings.Builder
		for lane := range old.Lanes {
			b.WriteString(sums.ReplaceAllString(textAt(t, laneName(dir, lane))[headLength:], ""))
		}
		return b.String()
	}
	for lane := range old.Lanes {
		name := laneName(old.Dir, lane)
		text := []byte(textAt(t, name))
		head := bytes.TrimRight(sums.ReplaceAll(text[:headLength], nil), " \n")
		head = append(head, bytes.Repeat([]byte{' '}, headLength-len(head))...)
		head[headLength-1] = '\n'
		if err := os.WriteFile(name, append(head, sums.ReplaceAll(text[headLength:], nil)...), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	mergedOn(t, t.Context(), old, t.TempDir(), old.Dir)
	old.Runs = whole.Runs
	r := campaignOn(t, t.Context(), old)
	if r.Tally.Runs != whole.Runs || plain(old.Dir) != plain(whole.Dir) {
		t.Errorf("gone on, it came to other runs")
	}
	name, lines := laneOf(t, old.Dir)
	if strings.Contains(lines[0], `"sum"`) || !strings.Contains(lines[len(lines)-1], `"sum"`) {
		t.Fatalf("%s does not begin without checksums and end with them", name)
	}
	text := textAt(t, name)
	if err := os.WriteFile(name, []byte(text[:headLength]+strings.Replace(lines[0], `"seed":`, `"seed":1`, 1)+strings.Join(lines[1:], "")), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Campaign(t.Context(), old); err == nil || !strings.Contains(err.Error(), name+":") {
		t.Errorf("a line of before was changed: %v", err)
	}
}
