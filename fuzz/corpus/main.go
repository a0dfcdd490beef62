// Command corpus packs the seeds of the fuzz targets for other fuzzers, as OSS-Fuzz wants them: TARGET_seed_corpus.zip, a file for each seed that holds the input itself and
// nothing of the form that go test has it in. The same seeds give the same bytes.
//
//	go run ./fuzz/corpus -o DIR            the archives
//	go run ./fuzz/corpus -list             name, package and function of each target
//	go run ./fuzz/corpus -dictionary FILE  the words of the scenario language, as a dictionary of libFuzzer
//
// compile_native_go_fuzzer_v2 of OSS-Fuzz takes the first byte of an input for itself, to divide the rest among the arguments of a target (createArgs in input/reader.go of
// AdamKorcz/go-118-fuzz-build); -lead 1 puts one in front of each seed.
package main

//go:generate go run . -dictionary ../../.clusterfuzzlite/scenario_parse.dict

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/ioconform/ioconform/conformance/scenario"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "corpus:", err)
		os.Exit(2)
	}
}

func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("corpus", flag.ContinueOnError)
	dir := flags.String("o", "", "the folder to write the archives to")
	root := flags.String("root", ".", "the root of the repository")
	lead := flags.Int("lead", 0, "bytes of 0 in front of each seed")
	list := flags.Bool("list", false, "list the targets instead")
	dictionary := flags.String("dictionary", "", "the file to write the dictionary to, instead")
	if err := flags.Parse(args); err != nil {
		return err
	}
	switch {
	case *list:
		for _, t := range Targets {
			fmt.Fprintln(out, t.Name, t.Package(), t.Function)
		}
		return nil
	case *dictionary != "":
		return os.WriteFile(*dictionary, Dictionary(scenario.Words()), 0o666)
	case *dir == "" || flags.NArg() > 0 || *lead < 0:
		return fmt.Errorf("expected -o DIR, -list or -dictionary FILE; -h explains")
	}
	if err := os.MkdirAll(*dir, 0o777); err != nil {
		return err
	}
	for _, t := range Targets {
		archive, n, err := pack(t, *root, *lead)
		if err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
		path := filepath.Join(*dir, t.Name+"_seed_corpus.zip")
		if err := os.WriteFile(path, archive, 0o666); err != nil {
			return err
		}
		fmt.Fprintf(out, "%s: %d seeds\n", path, n)
	}
	return nil
}
