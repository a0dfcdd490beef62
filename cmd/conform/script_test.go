package main

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/simnet/simtest"
)

var long = flag.Bool("long", false, "run the script that examines all bugs of a target")

// TestScripts runs the scripts of testdata: a command line, then what is expected of it, line by line; behind "-- name --" the files
// that it finds.
//
//	conform ARGS...
//	exit CODE
//	stdout REGEXP
//	stderr REGEXP
func TestScripts(t *testing.T) {
	scripts, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(scripts) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, script := range scripts {
		text, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(script), ".txt")
		t.Run(name, func(t *testing.T) {
			if name == "exam-of-a-target" && !*long {
				t.Skip("examines all bugs of a target, half a minute of a processor; make exam, or go test ./cmd/conform -long, runs it")
			}
			if slices.Contains([]string{"exam", "explore", "fuzz"}, name) {
				simtest.NotShort(t)
			}
			inEmptyFolder(t)
			var code int
			var stdout, stderr string
			lines := files(t, string(text))
			for i, line := range lines {
				word, rest, _ := strings.Cut(line, " ")
				switch word {
				case "", "#":
				case "conform":
					code, stdout, stderr = conform(t, "", strings.Fields(rest)...)
				case "exit":
					if rest != strconv.Itoa(code) {
						t.Errorf("line %d: exit code %d\n%s%s", i+1, code, stdout, stderr)
					}
				case "stdout", "stderr":
					in := stdout
					if word == "stderr" {
						in = stderr
					}
					if !regexp.MustCompile(rest).MatchString(in) {
						t.Errorf("line %d: %s\n%s lacks that:\n%s", i+1, line, word, in)
					}
				default:
					t.Fatalf("line %d: unknown word %q", i+1, word)
				}
			}
		})
	}
}

// files writes the files of a script and returns its lines.
func files(t *testing.T, text string) (lines []string) {
	t.Helper()
	name, body := "", ""
	for _, l := range append(strings.Split(text, "\n"), "--  --") {
		if inner, is := strings.CutPrefix(l, "-- "); is {
			if name != "" {
				write(t, name, body)
			}
			name, body = strings.TrimSuffix(inner, " --"), ""
			continue
		}
		if name == "" {
			lines = append(lines, strings.TrimRight(l, "\r"))
		} else {
			body += l + "\n"
		}
	}
	return lines
}
