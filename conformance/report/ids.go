package report

import (
	"fmt"
	"strconv"
	"strings"
)

// brief lists the ids of rules, those that follow each other as a range: ACC-1, ACC-3…7.
func brief(ids []string) string {
	var parts []string
	for i := 0; i < len(ids); {
		group, first := cutID(ids[i])
		k := i + 1
		for k < len(ids) {
			if g, n := cutID(ids[k]); g != group || n != first+k-i {
				break
			}
			k++
		}
		if k-i < 3 {
			k = i + 1
			parts = append(parts, ids[i])
		} else {
			parts = append(parts, fmt.Sprintf("%s…%d", ids[i], first+k-i-1))
		}
		i = k
	}
	return strings.Join(parts, ", ")
}

func cutID(id string) (group string, n int) {
	group, digits, _ := strings.Cut(id, "-")
	n, _ = strconv.Atoi(digits)
	return group, n
}
