package adapter

import (
	"bytes"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/spec"
)

var update = flag.Bool("update", false, "write PROTOCOL.md and protocol.schema.json instead of comparing them")

func TestTheProtocolIsWrittenDown(t *testing.T) {
	var page bytes.Buffer
	if err := WriteProtocol(&page); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]byte{"PROTOCOL.md": page.Bytes(), "protocol.schema.json": Schema()} {
		if *update {
			if err := os.WriteFile(name, want, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		got, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what the tables say; run: go generate ./conformance/adapter", name)
		}
	}
}

// Every line of the page that is shown as written or read is one.
func TestTheExamplesOfThePageAreMessages(t *testing.T) {
	var page bytes.Buffer
	if err := WriteProtocol(&page); err != nil {
		t.Fatal(err)
	}
	asked := map[int64]*Shape{}
	seen := 0
	for _, l := range strings.Split(page.String(), "\n") {
		arrow, text, found := strings.Cut(strings.TrimSpace(l), " ")
		if !strings.HasPrefix(l, "    ") || !found || arrow != "→" && arrow != "←" {
			continue
		}
		seen++
		messages, err := Line([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		m := &messages[0]
		shape := asked[m.ID]
		switch {
		case arrow == "→":
			shape, _ = RequestShape(m.Do)
			if shape == nil {
				t.Errorf("%s: no such request", text)
				continue
			}
			asked[m.ID] = shape.Answer
		case m.Has.Contains(FDo):
			shape = Deliver
		case shape == nil:
			shape = answerStatus
		}
		if err := shape.Check(m); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if back := string(m.Append(nil)); len(back) != len(text) {
			t.Errorf("%s is written as %s", text, back)
		}
	}
	if seen < 2*len(Requests) {
		t.Errorf("%d lines were looked at, there are %d requests", seen, len(Requests))
	}
}

func TestEveryStatusHasItsMeaningOnThePage(t *testing.T) {
	for _, w := range spec.CodeWords() {
		if statusMeaning[w] == "" {
			t.Errorf("status %s has no meaning", w)
		}
	}
}

// A field that no message has, or a word that nobody can look up, is a hole in the page.
func TestEveryFieldIsUsedAndExplained(t *testing.T) {
	var all FieldSet
	for _, s := range append(append([]*Shape{Packet, Event, Deliver}, Requests...), Answers...) {
		all |= s.all
		if s.Meaning == "" {
			t.Errorf("%s has no meaning", s.Name)
		}
	}
	name := regexp.MustCompile(`^[a-z]+$`)
	for f := range Fields {
		x := &Fields[f]
		if !all.Contains(Field(f)) || x.Meaning == "" || !name.MatchString(x.Name) || x.at == nil {
			t.Errorf("field %d (%s) is not used, not explained, or not named well", f, x.Name)
		}
	}
}
