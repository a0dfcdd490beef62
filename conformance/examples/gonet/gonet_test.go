package main

import (
	"bytes"
	"slices"
	"testing"

	"github.com/ioconform/ioconform/spec"
)

func brokenBy(j spec.Judgement) (ids []string) {
	for _, v := range j.Violations {
		if !slices.Contains(ids, v.Rule.ID) {
			ids = append(ids, v.Rule.ID)
		}
	}
	return ids
}

// What Go's net does under load breaks no rule, and the rules are exercised.
func TestGosNetKeepsTheContract(t *testing.T) {
	messages := 400
	if testing.Short() {
		messages = 40
	}
	for _, level := range []spec.DataLevel{spec.DataSum, spec.DataBytes, spec.DataNone} {
		t.Run(string(level), func(t *testing.T) {
			var file bytes.Buffer
			if err := run(&file, level, 8, messages); err != nil {
				t.Fatal(err)
			}
			size := file.Len()
			trace, err := spec.ReadTrace("gonet", &file)
			if err != nil {
				t.Fatal(err)
			}
			j := spec.NewChecker().Check(trace)
			for _, v := range j.Violations {
				t.Errorf("%s at %d: %s", v.Rule.ID, v.Q, v.Said)
			}
			held := map[string]int{}
			for i, r := range spec.Rules() {
				if j.Counts[i].Checks > 0 {
					held[r.ID] = j.Counts[i].Checks
				}
			}
			t.Logf("%d messages, %d events, %d KiB; %d rules seen: RCV-1 %d, RCV-4 %d, SND-1 %d, PKT-2 %d, ACC-1 %d", 8*messages, len(trace.Events), size>>10, len(held),
				held["RCV-1"], held["RCV-4"], held["SND-1"], held["PKT-2"], held["ACC-1"])
			want := []string{"PKT-1", "PKT-2", "KEY-1", "KEY-2", "OPN-1", "ACC-1"}
			if level != spec.DataNone {
				want = append(want, "RCV-1", "RCV-2", "RCV-3", "RCV-4", "SND-1", "SND-2", "SND-4")
			}
			for _, id := range want {
				if held[id] == 0 {
					t.Errorf("%s was not exercised", id)
				}
			}
			if level != spec.DataNone {
				doctor(t, trace)
			}
		})
	}
}

// doctor changes one thing in copies of the trace. The right rule is broken each time.
func doctor(t *testing.T, good *spec.Trace) {
	var waits []int // returns with a receive's packet
	receives := map[uint32]bool{}
	for i := range good.Events {
		e := &good.Events[i]
		if e.Kind == spec.CallEvent && e.Verb == spec.Receive {
			receives[e.Op] = true
		}
		for _, p := range e.Packets {
			if receives[p.Op] && p.N > 8 {
				waits = append(waits, i)
			}
		}
	}
	at := waits[len(waits)/2]
	packet := func(t *spec.Trace) *spec.PacketEvent {
		for i := range t.Events[at].Packets {
			if p := &t.Events[at].Packets[i]; receives[p.Op] && p.N > 8 {
				return p
			}
		}
		return nil
	}
	for _, x := range []struct {
		what, rule string
		change     func(*spec.Trace)
	}{
		{"a packet twice", "PKT-2", func(t *spec.Trace) {
			e := &t.Events[at]
			e.Packets = append(e.Packets, *packet(t))
			e.N++
		}},
		{"another key", "KEY-1", func(t *spec.Trace) { packet(t).Key++ }},
		{"a byte flipped", "RCV-1", func(t *spec.Trace) {
			if p := packet(t); t.Data == spec.DataSum {
				p.Sum ^= 1 << 7
			} else {
				p.Data[p.N/2] ^= 1
			}
		}},
		{"a token of nobody", "PKT-1", func(t *spec.Trace) {
			p := packet(t)
			p.Op, p.Token = 0, 1<<50
		}},
	} {
		bad := good.Clone()
		x.change(bad)
		if ids := brokenBy(spec.NewChecker().Check(bad)); !slices.Contains(ids, x.rule) {
			t.Errorf("%s: broken are %v, want %s", x.what, ids, x.rule)
		} else if len(ids) > 1 {
			t.Logf("%s: broken are %v", x.what, ids)
		}
	}
}
