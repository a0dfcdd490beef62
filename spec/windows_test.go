package spec

import (
	"strings"
	"testing"
)

func TestEachNumberOfWindowsHasOneMeaning(t *testing.T) {
	type number struct {
		space Space
		n     uint32
	}
	prefix := map[Space][]string{NTStatus: {"STATUS_"}, Win32: {"ERROR_", "WAIT_"}, WSA: {"WSAE"}}
	seen := map[number]string{}
	for _, w := range WindowsWords {
		if other := seen[number{w.Space, w.Number}]; other != "" {
			t.Errorf("%s and %s are one number", other, w.Name)
		}
		seen[number{w.Space, w.Number}] = w.Name
		named := false
		for _, p := range prefix[w.Space] {
			named = named || strings.HasPrefix(w.Name, p)
		}
		if !named {
			t.Errorf("%s is no name of %s", w.Name, w.Space)
		}
		if st := WindowsStatus(w.Space, w.Number); st.Code != w.Code || st.Native != int64(w.Number) || st.Ok() {
			t.Errorf("%s is read as %v", w.Name, st)
		}
	}
}

func TestAnUnknownNumberOfWindowsIsInvalidAndKept(t *testing.T) {
	if st := WindowsStatus(NTStatus, 0xC0FFEE); st.Code != Invalid || st.Native != 0xC0FFEE || st.Space != NTStatus {
		t.Errorf("%v", st)
	}
	if st := WindowsStatus(WSA, 0); st != (Status{}) {
		t.Errorf("0 is %v, want success", st)
	}
}
