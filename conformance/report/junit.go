package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/jstemmer/go-junit-report/v2/junit"

	"github.com/ioconform/ioconform/conformance"
)

// junitXML writes the XML that continuous integration reads: a suite for each target, a test for each case. What is known to fail is skipped,
// with the reason; an entry of a file of known failures that has to be changed is a test that fails.
type junitXML struct {
	w   io.Writer
	all junit.Testsuites
	sum float64 // seconds
}

func (j *junitXML) Absent(target, why string) error {
	s := junit.Testsuite{Name: target, ID: len(j.all.Suites), Time: secondsWord(0)}
	s.AddTestcase(junit.Testcase{Name: target, Classname: target, Skipped: &junit.Result{Message: xmlText("cannot run here: " + why)}})
	j.all.AddSuite(s)
	return nil
}

func (j *junitXML) Target(r *Run) error {
	s := junit.Testsuite{Name: r.Target, ID: len(j.all.Suites), Time: secondsWord(r.Seconds)}
	conforms, why := r.conforms()
	said := "yes"
	if !conforms {
		said = "no: " + why
	}
	for _, p := range [][2]string{
		{"version", r.About.Version}, {"os", r.About.OS}, {"world", r.About.World}, {"profile", r.Profile},
		{"seed", fmt.Sprint(r.Seed)}, {"conforms", said},
	} {
		s.AddProperty(p[0], xmlText(p[1]))
	}
	for i := range r.Cases {
		s.AddTestcase(junitCase(r, &r.Cases[i]))
	}
	for _, k := range r.Wrong() {
		s.AddTestcase(junit.Testcase{
			Name: xmlText(k.Entry.String()), Classname: r.Target + ".known-failures", Time: secondsWord(0),
			Failure: &junit.Result{Message: xmlText(string(k.State) + ": " + k.Why), Type: string(k.State), Data: xmlText(Wrong(k))},
		})
	}
	if r.Stopped {
		s.AddTestcase(junit.Testcase{
			Name: "stopped", Classname: r.Target, Time: secondsWord(0),
			Error: &junit.Result{Message: "stopped before everything had run: a partial result", Type: "stopped"},
		})
	}
	j.sum += r.Seconds
	j.all.AddSuite(s)
	return nil
}

func junitCase(r *Run, c *conformance.CaseResult) junit.Testcase {
	t := junit.Testcase{Name: c.Case.Name, Classname: r.Target + "." + c.Case.Group(), Time: secondsWord(c.Seconds)}
	full := func(message string) *junit.Result {
		return &junit.Result{
			Message: xmlText(message), Type: string(c.Verdict),
			Data: xmlText("\n" + c.Describe(r.Target, r.Again[c.Case.Name], Page{})),
		}
	}
	reason, _, _ := strings.Cut(c.Reason, "\n")
	switch c.Verdict {
	case conformance.Skip:
		t.Skipped = &junit.Result{Message: xmlText(c.Reason)}
	case conformance.Known:
		t.Skipped = &junit.Result{Message: xmlText(c.KnownBy()), Type: string(c.Verdict)}
	case conformance.Fail:
		message := reason
		if v := c.Accused(); len(v) > 0 {
			message = v[0].Rule.ID + ": " + v[0].Said
		}
		t.Failure = full(message)
	case conformance.Error:
		t.Error = full(reason)
	case conformance.Diverged: // neither passed nor failed, and there is no third word for it
		t.Error = full("diverged: " + reason)
	}
	return t
}

func (j *junitXML) Close() error {
	j.all.Time = secondsWord(j.sum)
	if _, err := io.WriteString(j.w, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"); err != nil {
		return err
	}
	return j.all.WriteXML(j.w)
}

func secondsWord(s float64) string { return fmt.Sprintf("%.3f", s) }

// xmlText is s without what XML has no way to write, which a panic's text may hold.
func xmlText(s string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' && c != '\t' && c != '\n' || c == 0xfffe || c == 0xffff {
			return '\ufffd'
		}
		return c
	}, strings.ToValidUTF8(s, "\ufffd"))
}
