#!/bin/bash -eu
# Builds the fuzz targets for libFuzzer, in the image of OSS-Fuzz (Dockerfile): compile_native_go_fuzzer_v2 is there. A copy of the source is what this changes.
set -o pipefail

# The seeds, each with the byte in front that the targets do not see (see fuzz/corpus), and the words of the scenario language.
go run ./fuzz/corpus -o "$OUT" -lead 1
cp .clusterfuzzlite/*.dict "$OUT/"
rm -r fuzz/corpus # which names the targets; the scripts look for who names them

# The tool behind compile_native_go_fuzzer_v2 takes all tests of a folder into the package, also those of a package of their own, and fails. Fuzz targets use nothing of the
# other tests, so these go.
find . -name '*_test.go' -exec grep -L '^func Fuzz' {} + | xargs -r rm

# It lays files over those of Go's own testing package. Go allows that nowhere in the module cache, where a toolchain is that it has fetched because go.mod asks for a newer
# one than the image has; so that is copied out of it, and the tool is built by it, so that it reads the same language.
tool=$(command -v go-118-fuzz-build_v2)
revision=$(go version -m "$tool" | sed -n 's/.*vcs\.revision=//p')
case "$(go env GOROOT)" in
"$(go env GOMODCACHE)"/*)
	toolchain=$(mktemp -d)
	cp -r "$(go env GOROOT)/." "$toolchain"
	chmod -R u+w "$toolchain"
	export GOROOT="$toolchain" GOTOOLCHAIN=local PATH="$toolchain/bin:$PATH"
	if [ -n "$revision" ]; then
		bin=$(mktemp -d)
		GOBIN="$bin" go install "github.com/AdamKorcz/go-118-fuzz-build@$revision"
		mv "$bin/go-118-fuzz-build" "$bin/go-118-fuzz-build_v2"
		export PATH="$bin:$PATH"
	fi
	;;
esac
go get "github.com/AdamKorcz/go-118-fuzz-build/testing@${revision:-latest}"

compile_native_go_fuzzer_v2 github.com/ioconform/ioconform/conformance/adapter FuzzLine adapter_line
compile_native_go_fuzzer_v2 github.com/ioconform/ioconform/conformance/known FuzzParse known_parse
compile_native_go_fuzzer_v2 github.com/ioconform/ioconform/conformance/scenario FuzzParse scenario_parse
compile_native_go_fuzzer_v2 github.com/ioconform/ioconform/fuzz FuzzProgram program_on_model
compile_native_go_fuzzer_v2 github.com/ioconform/ioconform/fuzz FuzzBoth program_on_both
compile_native_go_fuzzer_v2 github.com/ioconform/ioconform/fuzz FuzzAgree references_agree
compile_native_go_fuzzer_v2 github.com/ioconform/ioconform/spec FuzzTrace trace_codec
compile_native_go_fuzzer_v2 github.com/ioconform/ioconform/spec FuzzChecker checker

# The scripts say that they found no such function, and go on.
for target in adapter_line known_parse scenario_parse program_on_model program_on_both references_agree trace_codec checker; do
	[ -x "$OUT/$target" ] || { echo "build.sh: $target was not built" >&2; exit 1; }
done
