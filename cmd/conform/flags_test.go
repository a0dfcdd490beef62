package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// A flag whose value is empty, as one that a variable of the shell was to fill in, is not taken for one that was left out: no campaign is to run on the model because nobody has said which adapter
// it was for.
func TestAnEmptyFlagIsNotALeftOutOne(t *testing.T) {
	inEmptyFolder(t)
	commands := map[string][]string{
		"run": {"model"}, "explain": {"x"}, "replay": {"accept/backlog"}, "explore": {"accept/backlog"}, "check": {"x"}, "export": {"accept/backlog"}, "merge": {"a"}, "report": {"a"}, "init": {"c", "d"}, "list": {"rules"},
	}
	flags := 0
	var all func(*cobra.Command)
	all = func(c *cobra.Command) {
		for _, sub := range c.Commands() {
			all(sub)
		}
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Value.Type() != "string" && f.Value.Type() != "stringArray" {
				return
			}
			flags++
			args := strings.Fields(c.CommandPath())[1:]
			args = append(append(args, commands[c.Name()]...), "--"+f.Name, "")
			code, stdout, stderr := conform(t, "", args...)
			if code != exitNoAnswer || stdout != "" || !strings.HasPrefix(stderr, `conform: --`+f.Name+` ""`) || strings.Count(stderr, "\n") != 1 {
				t.Errorf("%q: exit code %d\n%s%s", args, code, stdout, stderr)
			}
		})
	}
	all(newRoot())
	if flags < 20 {
		t.Errorf("only %d flags take words", flags)
	}
}

// What is printed to be copied can be.
func TestAPathWithASpaceIsQuoted(t *testing.T) {
	inEmptyFolder(t)
	_, stdout, stderr := conform(t, "", "fuzz", "model/lifo-fill", "--until-fail", "--runs", "50000", "--out", "my dir")
	if !strings.Contains(stdout, " replay 'my dir/found/RCV-2.scn'") && !strings.Contains(stdout, ` replay 'my dir\found\RCV-2.scn'`) {
		t.Errorf("the path is not one word of a shell:\n%s%s", stdout, stderr)
	}
}
