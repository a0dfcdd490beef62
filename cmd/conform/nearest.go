package main

import "strings"

// didYouMean is a question to add to an error about an unknown word, or "" where no known word is near.
func didYouMean(word string, known []string) string {
	best, at := "", max(2, len(word)/3)+1
	for _, k := range known {
		if word != "" && strings.HasSuffix(strings.ToLower(k), "/"+strings.ToLower(word)) { // a case without its group, a bug without its target
			best, at = k, 0
			break
		}
	}
	for _, k := range known {
		if d := distance(strings.ToLower(word), strings.ToLower(k)); d < at {
			best, at = k, d
		}
	}
	if best == "" {
		return ""
	}
	return `; did you mean "` + best + `"?`
}

// distance is the number of letters to insert, delete or change to get from a to b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		corner := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := corner
			if a[i-1] != b[j-1] {
				change++
			}
			corner = row[j]
			row[j] = min(change, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
