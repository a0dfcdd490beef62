package engine

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
)

// What a merge is of is all lanes of a campaign: a shard that has begun has a file for each of its own. Which shard is missing is told by the lanes of those that are there.

// lackingIn says what of a campaign is in none of the folders, "" if nothing: shards, if it is told which, and lanes. dir is the folder that they are merged into.
func lackingIn(dirs []string, dir string, lanes int) (string, error) {
	have := make([][]int, len(dirs))
	var missing []int
	for lane := range lanes {
		there := false
		for i, d := range append(slices.Clone(dirs), dir) {
			info, err := os.Stat(laneName(d, lane))
			if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() < headLength {
				continue
			}
			if err != nil {
				return "", err
			}
			if there = true; i < len(dirs) {
				have[i] = append(have[i], lane)
			}
		}
		if !there {
			missing = append(missing, lane)
		}
	}
	if len(missing) == 0 {
		return "", nil
	}
	text := fmt.Sprintf("%s of %d", list("lane", missing), lanes)
	count := shardsOf(lanes, have)
	if count == 0 {
		return text, nil
	}
	var shards []string
	rest := len(missing)
	for i := range count {
		s := Shard{i, count}
		if all := (lanes - i + count - 1) / count; all == len(slices.DeleteFunc(slices.Clone(missing), func(l int) bool { return !s.owns(l) })) {
			shards, rest = append(shards, s.String()), rest-all
		}
	}
	if rest > 0 { // a part of a shard
		return text, nil
	}
	return fmt.Sprintf("%s (%s)", list("shard", shards), text), nil
}

// shardsOf is how many shards a campaign has of which folders have those lanes, if it is told: those of a shard I/N are all that leave I when divided by N. 0 if it is not.
func shardsOf(lanes int, have [][]int) int {
	least, most := 2, lanes
	for _, own := range have {
		if len(own) == 0 {
			continue
		}
		lo, hi := max(own[0]+1, lanes-own[0]), lanes // of a shard with one lane the next one would be beyond the last
		if len(own) > 1 {
			lo = own[1] - own[0]
			hi = lo
		}
		s := Shard{own[0], lo}
		if own[0] >= lo || len(own) != (lanes-own[0]+lo-1)/lo || slices.ContainsFunc(own, func(l int) bool { return !s.owns(l) }) {
			return 0
		}
		least, most = max(least, lo), min(most, hi)
	}
	if least != most {
		return 0
	}
	return least
}

// mostListed is how many things are listed at most.
const mostListed = 12

// list names things in words: lanes 1, 2 and 3.
func list[T int | string](word string, things []T) string {
	var names []string
	for i, x := range things {
		if i == mostListed-1 && len(things) > mostListed {
			names = append(names, strconv.Itoa(len(things)-i)+" more")
			break
		}
		names = append(names, fmt.Sprint(x))
	}
	if len(things) == 1 {
		return word + " " + names[0]
	}
	last := len(names) - 1
	return word + "s " + strings.Join(names[:last], ", ") + " and " + names[last]
}
