package spec

import (
	"bytes"
	"testing"
)

// An operation without bytes has no buffer; one with bytes has one that is filled to its end, so that what a back end writes is seen.
func TestTheBufferOfAnOperationIsFilled(t *testing.T) {
	r := NewRecorder(stillWorld{}, nil, About{World: "real"})
	if o := r.NewOp(Receive, 0); o.Buf != nil {
		t.Errorf("a buffer of %d bytes", len(o.Buf))
	}
	for _, n := range []int{1, 100, 5000, mostRoom, mostRoom + 1} {
		o := r.NewOp(Receive, n)
		if len(o.Buf) != n || o.Buf[n-1] == 0 && o.Buf[0] == 0 || !bytes.HasPrefix(filled, o.Buf[:min(n, len(filled))]) {
			t.Errorf("the buffer of %d bytes has %d", n, len(o.Buf))
		}
		for at := 0; at < n; at += len(filled) {
			if !bytes.Equal(o.Buf[at:min(n, at+len(filled))], filled[:min(n-at, len(filled))]) {
				t.Errorf("of %d bytes those from %d on are not filled", n, at)
				break
			}
		}
		clear(o.Buf) // nobody else has it
	}
}

// What is recorded keeps its bytes when the program changes its own, and tells none from nobody having looked.
func TestARecorderKeepsBytesOfItsOwn(t *testing.T) {
	r := NewRecorder(stillWorld{}, nil, About{World: "real"})
	b := []byte("abcd")
	r.enter(&Event{Kind: CallEvent, Verb: PeerSend, Data: b})
	r.enter(&Event{Kind: CallEvent, Verb: PeerSend, Data: b[:0]})
	r.enter(&Event{Kind: CallEvent, Verb: PeerSend})
	copy(b, "wxyz")
	e := r.trace.Events
	if string(e[0].Data) != "abcd" || e[1].Data == nil || len(e[1].Data) != 0 || e[2].Data != nil {
		t.Errorf("recorded: %q, %#v, %#v", e[0].Data, e[1].Data, e[2].Data)
	}
}
