package conformance

import "fmt"

// Counted is so many of what the word names: 1 run, 2 runs.
func Counted[N int | uint64](n N, word string) string { return fmt.Sprint(n, " ", Noun(n, word)) }

// Noun is the word for so many: run of one, runs of any other number.
func Noun[N int | uint64](n N, word string) string {
	switch {
	case n == 1:
		return word
	case word == "was":
		return "were"
	}
	return word + "s"
}
