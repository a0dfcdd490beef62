//go:build linux

package main

import (
	"bytes"
	"debug/pe"
	"encoding/binary"
)

// libraryName is the library whose ProcessPrng Go programs draw their random numbers from (since Go 1.22). Wine 8.0 has none; what
// advapi32 calls SystemFunction036 is the same function.
const libraryName = "bcryptprimitives.dll"

// The layout of the image: headers, then one section with the exports.
const (
	fileAlign, pageAlign = 0x200, 0x1000
	exportsAt            = pageAlign // address of the section, from the start of the image
)

// forwarder returns a Windows library that has no code and one export, which the loader resolves to another library's: a "forwarder", an export
// whose address lies within the export directory and points to the text LIBRARY.FUNCTION (Microsoft Learn, PE Format, Export Address Table).
func forwarder(library, export, to string) []byte {
	exports := exportSection(library, export, to)
	var b bytes.Buffer
	put := func(x any) { binary.Write(&b, binary.LittleEndian, x) }

	dos := [64]byte{0: 'M', 1: 'Z', 0x3c: 64}
	put(dos)
	put([4]byte{'P', 'E'})
	optional := pe.OptionalHeader64{
		Magic: 0x20b, ImageBase: 0x1_8000_0000, SectionAlignment: pageAlign, FileAlignment: fileAlign,
		MajorOperatingSystemVersion: 6, MajorSubsystemVersion: 6, SizeOfImage: 2 * pageAlign, SizeOfHeaders: fileAlign,
		SizeOfInitializedData: fileAlign, Subsystem: pe.IMAGE_SUBSYSTEM_WINDOWS_CUI, NumberOfRvaAndSizes: 16,
	}
	optional.DataDirectory[pe.IMAGE_DIRECTORY_ENTRY_EXPORT] = pe.DataDirectory{VirtualAddress: exportsAt, Size: uint32(len(exports))}
	put(pe.FileHeader{
		Machine: pe.IMAGE_FILE_MACHINE_AMD64, NumberOfSections: 1, SizeOfOptionalHeader: uint16(binary.Size(optional)),
		Characteristics: pe.IMAGE_FILE_EXECUTABLE_IMAGE | pe.IMAGE_FILE_LARGE_ADDRESS_AWARE | pe.IMAGE_FILE_DLL,
	})
	put(optional)
	put(pe.SectionHeader32{
		Name: [8]uint8{'.', 'e', 'd', 'a', 't', 'a'}, VirtualSize: uint32(len(exports)), VirtualAddress: exportsAt,
		SizeOfRawData: fileAlign, PointerToRawData: fileAlign,
		Characteristics: pe.IMAGE_SCN_CNT_INITIALIZED_DATA | pe.IMAGE_SCN_MEM_READ,
	})
	image := make([]byte, 2*fileAlign)
	copy(image, b.Bytes())
	copy(image[fileAlign:], exports)
	return image
}

// exportSection is an export directory, its three tables of one entry each, and the texts that they point to.
func exportSection(library, export, to string) []byte {
	const directory = 40
	const functions, names, ordinals, texts = directory, directory + 4, directory + 8, directory + 12
	libraryAt := uint32(exportsAt + texts)
	exportAt := libraryAt + uint32(len(library)) + 1
	toAt := exportAt + uint32(len(export)) + 1
	var b bytes.Buffer
	put := func(values ...any) {
		for _, v := range values {
			binary.Write(&b, binary.LittleEndian, v)
		}
	}
	put(uint32(0), uint32(0), uint32(0), libraryAt, uint32(1), uint32(1), uint32(1),
		uint32(exportsAt+functions), uint32(exportsAt+names), uint32(exportsAt+ordinals))
	put(toAt, exportAt, uint16(0), uint16(0))
	b.WriteString(library + "\x00" + export + "\x00" + to + "\x00")
	return b.Bytes()
}
