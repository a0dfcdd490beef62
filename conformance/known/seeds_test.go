package known

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/fuzz/seed"
)

// The seeds of the fuzz target are the files that the tests read.
func TestTheSeedsAreWhatTheTestsRead(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	inputs := map[string][]byte{"spread-out": []byte("target: a\n\n\n# x\nclose *\nkind: todo\n\n#y\nreason: a b c\nsource: (x)\n\n")}
	for _, name := range files {
		if inputs[strings.TrimSuffix(filepath.Base(name), ".txt")], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	seed.Keep(t, "testdata/fuzz/FuzzParse", inputs)
}
