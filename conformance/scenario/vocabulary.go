package scenario

import "slices"

// Words returns every word of the language and every mark, sorted: what a fuzzer or an editor wants to know beforehand. Options have their "=".
func Words() []string {
	words := append([]string{}, literals...)
	for _, table := range [][]Word{HeaderWords, Worlds, Statuses, Events, Flags, Sides, Arguments, Handlers, Observations, Disturbances, bounds} {
		words = append(words, list(table)...)
	}
	options := func(opts []Option) {
		for _, o := range opts {
			words = append(append(words, o.Key+"="), list(o.Words)...)
		}
	}
	for _, verbs := range [][]Verb{Verbs, PeerVerbs} {
		for _, v := range verbs {
			words = append(words, v.Word)
			options(v.Options)
		}
	}
	options(resultOptions)
	for _, opts := range tryOptions {
		options(opts)
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// literals stand in the grammar itself, and in no table.
var literals = []string{
	"->", "@", "=", ":", ",", "|", "/", "..", "{", "}", "[", "]", "&", "#", "\n",
	"par", "repeat", "schedule", "main", "misuse", "if=", "on", "to", "into", "as", "from", "in", "all", "nothing", "forever", "alertable", "max=", "yes", "no",
	"0x", "1k", "1m", "1us", "1ms", "1s",
	"eof", "session s\n", ".sock",
}
