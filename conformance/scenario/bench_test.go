package scenario

import (
	"testing"
)

func BenchmarkParse(b *testing.B) {
	text := []byte(files(b, "testdata/good/every-verb.scn")["testdata/good/every-verb.scn"])
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse("f", text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPrint(b *testing.B) {
	text := []byte(files(b, "testdata/good/every-verb.scn")["testdata/good/every-verb.scn"])
	f, err := Parse("f", text)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		Print(f)
	}
}
