// Command operators makes mutants of the references that nobody has chosen, and asks the suite which it notices: a condition is negated, or always true, or never; a bound is off by one; && is ||, + is
// -; a statement is left out.
//
//	go run ./conformance/mutant/operators -n 150               a sample, drawn by -seed
//	go run ./conformance/mutant/operators -n 0 -o all.jsonl    all of them: half an hour of two processors
//	go run ./conformance/mutant/operators -again all.jsonl     those of an earlier report
//
// All mutants are in one program: the changed source (go build -overlay; the tree is not touched) asks at each point whether it is the one that is to be changed, so that a
// mutant takes a run of the suite and no build. It runs in a process of its own, since it may never end. What does not compile is left out and counted.
//
// Mutants that no program can tell from the reference are listed in equivalents.txt, each with the reason; they are drawn, and counted apart.
//
// Mutation tools for Go (gremlins, go-mutesting, ooze) build and test a package for each mutant, a hundred times as long, and tell that a test failed, not which case.
package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"time"
)

func main() {
	n := flag.Int("n", 150, "how many mutants, drawn at random; 0 is all")
	seed := flag.Uint64("seed", 1, "what they are drawn from")
	target := flag.String("target", "", "only mutants of this `TARGET`")
	parallel := flag.Int("p", runtime.GOMAXPROCS(0), "mutants at once")
	again := flag.String("again", "", "the mutants of an earlier report, `FILE`, instead of a sample")
	output := flag.String("o", "", "write the report to `FILE`")
	flag.Parse()
	if err := run(*n, *seed, *target, *again, *parallel, *output); err != nil {
		fmt.Fprintln(os.Stderr, "operators:", err)
		os.Exit(2)
	}
}

func run(n int, seed uint64, target, again string, parallel int, output string) (err error) {
	no, err := readEquivalents(equivalents)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "operators")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	m, err := build(dir)
	if err != nil {
		return err
	}
	e := &exam{mutants: m, dir: dir, none: no, limit: patience{work: 6 * time.Second, idle: time.Minute, wall: time.Minute}}
	if err := e.begin(); err != nil {
		return err
	}
	var list []chosen
	for _, u := range under {
		for _, p := range m.points[u.target] {
			if (target == "" || target == u.target) && !m.without[p.id] {
				list = append(list, chosen{u.target, p})
			}
		}
	}
	points := len(list)
	if again != "" {
		if list, err = those(list, again); err != nil {
			return err
		}
		n = 0
	}
	if n > 0 && n < len(list) {
		r := rand.New(rand.NewPCG(seed, 0))
		r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		list = list[:n]
		slices.SortFunc(list, func(a, b chosen) int { return a.id - b.id })
	}
	var out io.Writer = os.Stdout
	if output != "" {
		f, err := os.Create(output)
		if err != nil {
			return err
		}
		defer func() { err = cmp.Or(err, f.Close()) }()
		out = f
	}
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	count := map[string]map[verdict]int{}
	err = e.all(list, parallel, func(r *result) error {
		if count[r.Target] == nil {
			count[r.Target] = map[verdict]int{}
		}
		count[r.Target][r.Verdict]++
		return enc.Encode(r)
	})
	if err != nil {
		return err
	}
	total := map[verdict]int{}
	for _, t := range sortedKeys(count) {
		for v, k := range count[t] {
			total[v] += k
		}
		fmt.Fprintf(os.Stderr, "%s: %s\n", t, score(count[t]))
	}
	fmt.Fprintf(os.Stderr, "all: %s; drawn from %d, %d more do not compile\n", score(total), points, len(m.without))
	return enc.Encode(map[string]any{
		"type": "operators", "mutants": len(list), "killed": total[killed] + total[hung], "hung": total[hung], "diverged": total[diverged], "survived": total[survived],
		"none": total[none], "beyond": total[beyond],
		"drawn_from": points, "not_compiling": len(m.without), "seed": seed,
	})
}

// those picks the mutants that an earlier report names. What the source has no more is left out.
func those(list []chosen, report string) (some []chosen, err error) {
	text, err := os.ReadFile(report)
	if err != nil {
		return nil, err
	}
	named := map[string]bool{}
	for line := range bytes.Lines(text) {
		var r result
		if err := json.Unmarshal(line, &r); err != nil {
			return nil, fmt.Errorf("%s: %w", report, err)
		}
		named[r.Mutant] = true
	}
	for _, c := range list {
		if named[c.name] {
			some = append(some, c)
		}
	}
	return some, nil
}

// score puts counts into words.
func score(n map[verdict]int) string {
	reached := n[killed] + n[hung] + n[diverged] + n[survived]
	all := reached + n[beyond]
	part := func(k, of int) float64 { return 100 * float64(k) / float64(max(of, 1)) }
	gone := n[killed] + n[hung]
	return fmt.Sprintf("%d mutants and %d that are no faults; %d killed by cases, %d did not come to an end, %d only made cases leave their path, %d survived, %d are out of reach: "+
		"%.1f %% killed, %.1f %% of those within reach, %.1f %% noticed",
		all, n[none], n[killed], n[hung], n[diverged], n[survived], n[beyond], part(gone, all), part(gone, reached), part(gone+n[diverged], all))
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
