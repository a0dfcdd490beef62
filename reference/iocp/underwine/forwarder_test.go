//go:build linux

package main

import (
	"bytes"
	"debug/pe"
	"encoding/binary"
	"testing"
)

// A reader of Windows images finds the one export, and that its address points to the text of a forwarder.
func TestTheForwarderIsALibraryThatForwardsOneExport(t *testing.T) {
	f, err := pe.NewFile(bytes.NewReader(forwarder("lib.dll", "Export", "other.Function")))
	if err != nil {
		t.Fatal(err)
	}
	if f.Machine != pe.IMAGE_FILE_MACHINE_AMD64 || f.Characteristics&pe.IMAGE_FILE_DLL == 0 {
		t.Errorf("machine %#x, characteristics %#x; want a library for amd64", f.Machine, f.Characteristics)
	}
	directory := f.OptionalHeader.(*pe.OptionalHeader64).DataDirectory[pe.IMAGE_DIRECTORY_ENTRY_EXPORT]
	section := f.Sections[0]
	content, err := section.Data()
	if err != nil {
		t.Fatal(err)
	}
	word := func(address uint32) uint32 {
		return binary.LittleEndian.Uint32(content[address-section.VirtualAddress:])
	}
	text := func(address uint32) string {
		rest := content[address-section.VirtualAddress:]
		return string(rest[:bytes.IndexByte(rest, 0)])
	}
	at := directory.VirtualAddress
	function := word(word(at + 28))
	for _, c := range []struct{ what, got, want string }{
		{"the library's name", text(word(at + 12)), "lib.dll"},
		{"the export's name", text(word(word(at + 32))), "Export"},
		{"what it forwards to", text(function), "other.Function"},
	} {
		if c.got != c.want {
			t.Errorf("%s is %q, want %q", c.what, c.got, c.want)
		}
	}
	if function < at || function >= at+directory.Size {
		t.Errorf("the function's address %#x lies outside the directory (%#x, %#x bytes), so it is no forwarder", function, at, directory.Size)
	}
}
