package conformance

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/spec"
)

// Whoever reads the end of a stream because the process on the other side has crashed accuses nobody of having closed it; who has read it before the process answered another call does.
func TestACrashIsAllThatIsSaidOfACrash(t *testing.T) {
	const name = "../spec/corpus/traces/doctored/SND-10-the-end-of-what-has-not-ended.jsonl"
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	const called, answered = `{"q":21,"e":"call","id":11,"th":"main","do":"name","sock":2}` + "\n", `{"q":22,"e":"ret","id":11,"r":"ok","sock":2,"addr":"127.0.0.1:80"}` + "\n"
	crashed, hung := saysItself{errors.New("the adapter crashed")}, errors.New("the program is stuck: no sign of life")
	for _, x := range []struct {
		name string
		last string // what the back end was asked afterwards
		err  error
		want string
	}{
		{"it crashed", "", crashed, ""},
		{"it hung", "", hung, "SND-10"},
		{"it did not answer another call", called, crashed, ""},
		{"it answered another call", called + answered, crashed, "SND-10"},
	} {
		trace, err := spec.ReadTrace(name, strings.NewReader(string(bytes.TrimRight(text, "\n"))+"\n"+x.last))
		if err != nil {
			t.Fatal(err)
		}
		Aftermath(trace, x.err)
		var broken []string
		for _, v := range spec.NewChecker().Check(trace).Violations {
			broken = append(broken, v.Rule.ID)
		}
		if got := strings.Join(broken, " "); got != x.want {
			t.Errorf("%s: accused of %q, want %q", x.name, got, x.want)
		}
	}
}
