package adapter

import (
	"testing"

	"github.com/ioconform/ioconform/fuzz/seed"
)

// The seeds of the fuzz target are the examples of the protocol.
func TestTheSeedsAreExamples(t *testing.T) {
	batch := ""
	inputs := map[string][]byte{
		"deliver": []byte(Deliver.Example[0]),
		"escaped": []byte(`{"id":1,"error":"\u0041\ud83d\ude00"}`),
	}
	for _, s := range Requests {
		inputs[s.Name] = []byte(s.Example[0])
		batch += "," + s.Example[1]
	}
	inputs["batch"] = []byte("[" + batch[1:] + "]")
	for _, line := range inputs {
		readsBack(t, line)
	}
	seed.Keep(t, "testdata/fuzz/FuzzLine", inputs)
}
