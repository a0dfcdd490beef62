package engine

import (
	"fmt"
	"strconv"
	"strings"
)

// Shard is one part of a campaign that is split over machines: part Index of Count, counted from 0. The zero value is the whole.
type Shard struct{ Index, Count int }

// ParseShard reads "I/N", 0 ≤ I < N.
func ParseShard(s string) (Shard, error) {
	i, n, ok := strings.Cut(s, "/")
	index, err := strconv.Atoi(i)
	count, err2 := strconv.Atoi(n)
	if !ok || err != nil || err2 != nil {
		return Shard{}, fmt.Errorf("shard %q is not I/N, such as 0/4", s)
	}
	if count < 1 {
		return Shard{}, fmt.Errorf("shard %q: of at least one shard", s)
	}
	if count == 1 && index != 0 {
		return Shard{}, fmt.Errorf("shard %q: the only shard is 0/1", s)
	}
	if index < 0 || index >= count {
		return Shard{}, fmt.Errorf("shard %q: the %d shards are 0/%d to %d/%d", s, count, count, count-1, count)
	}
	return Shard{index, count}, nil
}

// schedulers lists the variables by which batch systems tell a job which of how many it is: Kubernetes' Indexed Jobs (which leave the count to
// the manifest, as JOB_COMPLETIONS) and Slurm's job arrays.
var schedulers = []struct{ index, count, first, last, step string }{
	{"JOB_COMPLETION_INDEX", "JOB_COMPLETIONS", "", "", ""},
	{"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_MAX", "SLURM_ARRAY_TASK_STEP"},
}

// ShardOf returns the shard that the environment says this process is, the whole if it says nothing. An index without its count is an
// error: which programs are whose depends on both. So is an array with gaps that are no steps, or of one task that is not its 0th: it is likely to be a part of another array, done
// again, whose size nothing tells.
func ShardOf(env func(string) (string, bool)) (Shard, error) {
	for _, s := range schedulers {
		index, ok := env(s.index)
		if !ok || index == "" {
			continue
		}
		count, ok := env(s.count)
		if !ok || count == "" {
			return Shard{}, fmt.Errorf("%s is %s, and %s does not say of how many; set it, or give --shard I/N", s.index, index, s.count)
		}
		if first, ok := env(s.first); ok {
			last, bounded := env(s.last)
			if !bounded {
				last = index
			}
			step, ok := env(s.step)
			if !ok {
				step = "1"
			}
			var n [5]int
			for k, v := range []string{index, count, first, last, step} {
				var err error
				if n[k], err = strconv.Atoi(v); err != nil {
					return Shard{}, fmt.Errorf("%s is %q, %s is %q, %s is %q, %s is %q and %s is %q: not numbers", s.index, index, s.count, count, s.first, first, s.last, last, s.step, step)
				}
			}
			at, tasks, least, most, by := n[0], n[1], n[2], n[3], n[4]
			if by < 1 {
				return Shard{}, fmt.Errorf("%s is %d: at least 1; or give --shard I/N", s.step, by)
			}
			if (at-least)%by != 0 || bounded && (most-least)/by+1 != tasks || tasks == 1 && least != 0 {
				shown, steps, named := strconv.Itoa(at), "", ""
				if by != 1 {
					shown, steps, named = "I", fmt.Sprintf(", in steps of %d", by), ", "+s.step
				}
				return Shard{}, fmt.Errorf("the array has %s of the tasks %d to %d%s (%s, %s, %s%s), which does not tell which shard of how many task %d is; give --shard %s/N",
					count, least, most, steps, s.count, s.first, s.last, named, at, shown)
			}
			index = strconv.Itoa((at - least) / by)
		}
		shard, err := ParseShard(index + "/" + count)
		if err != nil {
			return Shard{}, fmt.Errorf("%s, %s: %w", s.index, s.count, err)
		}
		return shard, nil
	}
	return Shard{}, nil
}

// owns reports whether the shard has the lane.
func (s Shard) owns(lane int) bool { return s.Count == 0 || lane%s.Count == s.Index }

// String returns I/N, "" for the whole.
func (s Shard) String() string {
	if s.Count == 0 {
		return ""
	}
	return fmt.Sprintf("%d/%d", s.Index, s.Count)
}
