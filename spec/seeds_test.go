package spec

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/ioconform/ioconform/fuzz/seed"
	"github.com/ioconform/ioconform/simnet/simtest"
)

// The samples go through the fuzz targets, and one that is legal and one that breaks a rule, of each group of rules, are their seeds.
func TestTheSeedsAreSamples(t *testing.T) {
	simtest.OneGoroutine(t)
	simtest.NotShort(t)
	traces, events := map[string][]byte{}, map[string][]byte{}
	keep := func(prefix string, samples []sample) {
		had := map[string]bool{}
		for i, s := range samples {
			trace := build(t, s.about(), s.text)
			file, code := write(t, trace), encodeEvents(trace)
			if i%simtest.Every(5) == 0 {
				readsBack(t, file)
				judges().judge(t, code)
			}
			group, _, _ := strings.Cut(s.name, "-")
			if short := len(group) == 3 && unicode.IsUpper(rune(group[0])); !short || had[group] {
				continue
			}
			had[group] = true
			name := prefix + strings.ToLower(group)
			traces[name], events[name] = file, code
		}
	}
	keep("legal-", slices.Concat(goodSamples, legalSamples, goodHandles))
	keep("broken-", slices.Concat(doctoredSamples, doctoredHandles))
	if len(traces) < 15 {
		t.Errorf("only %d groups of samples", len(traces))
	}
	seed.Keep(t, "testdata/fuzz/FuzzTrace", traces)
	seed.Keep(t, "testdata/fuzz/FuzzChecker", events)
}

// encodeEvents codes what it can of a trace.
func encodeEvents(t *Trace) []byte {
	code := []byte{0}
	for i := range t.Events {
		e := &t.Events[i]
		c := make([]byte, eventCode)
		c[0], c[1], c[2], c[3] = byte(e.Kind), byte(e.Verb), byte(e.How)|byte(e.Side)<<2|byte(e.Flags)<<4, byte(e.Thread)
		c[4], c[5], c[6], c[7], c[8], c[9] = byte(e.Op), byte(e.Sock), byte(e.Port), byte(e.Peer), byte(e.Into), byte(e.Status.Code)
		c[10], c[11], c[12], c[13] = byte(e.Token), byte(e.Key), byte(e.Len), byte(e.N)
		c[14] = byte(e.Addr.Port())
		if e.Data != nil {
			c[15], c[16] = byte(len(e.Data))|16, 0
		}
		c[18] = byte(len(e.Packets))
		code = append(code, c...)
		for _, p := range e.Packets {
			d := make([]byte, eventCode)
			d[2], d[4], d[5], d[9], d[10], d[11], d[13], d[14] = byte(p.Guard), byte(p.Op), byte(p.Sock), byte(p.Status.Code), byte(p.Token), byte(p.Key), byte(p.N), byte(p.Addr.Port())
			d[15] = 1
			code = append(code, d...)
		}
	}
	return append(code, 0, 128) // a new checker, and the trace cut in the middle
}
