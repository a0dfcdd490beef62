package scenario

import (
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ioconform/ioconform/fuzz/seed"
)

// The seeds of the fuzz target are the hard cases, every verb, and texts that are wrong, one for each kind of message.
func TestTheSeedsAreWhatTheTestsRead(t *testing.T) {
	inputs := map[string][]byte{}
	for path, text := range files(t, "testdata/*/*.scn") {
		inputs[strings.TrimSuffix(filepath.Base(path), ".scn")] = []byte(text)
	}
	said := map[string]bool{}
	for _, tt := range bad {
		in := strings.Replace(tt.in, "{}", "session s\nrecv r1 on s len=4\n", 1)
		roundTrip(t, []byte(in))
		kind := slug(tt.want)
		if !seed.Writing() || kind == "" || said[kind] || len(said) == 16 {
			continue // a new message asks for no new seeds
		}
		said[kind] = true
		inputs["bad-"+kind] = []byte(in)
	}
	seed.Keep(t, "testdata/fuzz/FuzzParse", inputs)
}

// slug is the first words of a message, without its place and what it quotes.
func slug(message string) string {
	_, message, _ = strings.Cut(message, ": ")
	var words []string
	for _, w := range strings.Fields(message) {
		if strings.ContainsAny(w, `"'0123456789`) {
			break
		}
		if w = strings.Trim(w, ":;,()"); len(words) < 3 && w != "" {
			words = append(words, w)
		}
	}
	return strings.Join(words, "-")
}

// Bytes seldom mutate into another line of the language; words do.
func TestLinesOfOtherWordsRoundTrip(t *testing.T) {
	text := files(t, "testdata/good/every-verb.scn")["testdata/good/every-verb.scn"]
	_, script, _ := strings.Cut(text, "seed 0xBEEF\n")
	lines := strings.Split(script, "\n")
	words := strings.Fields(strings.NewReplacer("=", " = ", ":", " : ", ",", " , ", "[", " [ ", "]", " ] ").Replace(script))
	draw := rand.New(rand.NewPCG(1, 2))
	rounds := 3000
	if testing.Short() {
		rounds = 300
	}
	for range rounds {
		i := draw.IntN(len(lines))
		line := strings.Fields(lines[i])
		if len(line) == 0 {
			continue
		}
		at, word := draw.IntN(len(line)), words[draw.IntN(len(words))]
		switch draw.IntN(3) {
		case 0:
			line[at] = word
		case 1:
			line = append(line[:at], line[at+1:]...)
		case 2:
			line = append(line[:at:at], append([]string{word}, line[at:]...)...)
		}
		changed := append([]string(nil), lines...)
		changed[i] = strings.Join(line, " ")
		roundTrip(t, []byte(strings.Join(changed, "\n")))
	}
}
