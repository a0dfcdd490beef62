// Command operators makes mutants of the references that nobody has chosen, and asks the suite which it notices: a condition is negated, or always true, or never; a bound is off by one; && is ||, + is
// -; a statement is left out.
//
//	go run ./conformance/mutant/operators -n 150               a sample, drawn by -seed
//	go run ./conformance/mutant/operators -n 0 -o all.jsonl    all of them: half an hour of two processors
//
// All mutants are in one program: the changed source (go build -overlay; the tree is not touched) asks at each point whether it is the one that is to be changed, so that a
// mutant takes a run of the suite and no build. It runs in a process of its own, since it may never end. What does not compile is left out and counted.
//
// Mutation tools for Go (gremlins, go-mutesting, ooze) build and test a package for each mutant, a hundred times as long, and tell that a test failed, not which case.
package main

import (
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
	output := flag.String("o", "", "write the report to `FILE`")
	flag.Parse()
	if err := run(*n, *seed, *target, *parallel, *output); err != nil {
		fmt.Fprintln(os.Stderr, "operators:", err)
		os.Exit(2)
	}
}

func run(n int, seed uint64, target string, parallel int, output string) (err error) {
	dir, err := os.MkdirTemp("", "operators")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	m, err := build(dir)
	if err != nil {
		return err
	}
	e := &exam{mutants: m, dir: dir, limit: 30 * time.Second}
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
		"drawn_from": points, "not_compiling": len(m.without), "seed": seed,
	})
}

// score puts counts into words.
func score(n map[verdict]int) string {
	all := n[killed] + n[hung] + n[diverged] + n[survived]
	part := func(k int) float64 { return 100 * float64(k) / float64(max(all, 1)) }
	return fmt.Sprintf("%d mutants, %d killed by cases, %d did not come to an end, %d only made cases leave their path, %d survived: %.1f %% killed, %.1f %% noticed",
		all, n[killed], n[hung], n[diverged], n[survived], part(n[killed]+n[hung]), part(all-n[survived]))
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
