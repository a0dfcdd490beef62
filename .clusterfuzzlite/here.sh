#!/bin/bash -eu
# Builds the fuzz targets for libFuzzer with build.sh on this machine, without the image of OSS-Fuzz, and runs each on its seeds: here.sh TIME [TARGET...],
# the time as 30s, 10m or 1h. What is built and found stays in .build/libfuzzer.
#
# It takes clang with its runtime (Debian: clang libclang-rt-dev), python3 to unpack the seeds, and the network for the tool that makes an archive of a fuzz target.
set -o pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
case ${1-} in
*[0-9]h) seconds=$((3600 * ${1%h})) ;;
*[0-9]m) seconds=$((60 * ${1%m})) ;;
*[0-9]s) seconds=${1%s} ;;
*) echo "libfuzzer: the time is given as 30s, 10m or 1h, not as '${1-}'" >&2; exit 2 ;;
esac
shift

for need in clang python3; do
	command -v $need >/dev/null || { echo "libfuzzer: no $need; on Debian: apt-get install clang libclang-rt-dev python3" >&2; exit 1; }
done
echo 'int LLVMFuzzerTestOneInput(const char *d, unsigned long n) { return 0; }' | clang -x c -fsanitize=fuzzer,address -o /dev/null - ||
	{ echo "libfuzzer: clang has no libFuzzer; on Debian: apt-get install libclang-rt-dev" >&2; exit 1; }

work=$PWD/.build/libfuzzer
rm -rf "$work/source" "$work/bin"
mkdir -p "$work/source" "$work/bin" "$work/out"
git ls-files -z --cached --others --exclude-standard | tar --null --ignore-failed-read -T - -c | tar -x -C "$work/source" # build.sh changes it

# The tool that OSS-Fuzz has under this name, and what its script of that name does.
GOBIN="$work/bin" go install github.com/AdamKorcz/go-118-fuzz-build@v0.0.0-20250520111509-a70c2aa677fa
mv "$work/bin/go-118-fuzz-build" "$work/bin/go-118-fuzz-build_v2"
cat >"$work/bin/compile_native_go_fuzzer_v2" <<-'END'
	#!/bin/bash -eu
	cd "$(go list -f '{{.Dir}}' "$1")"
	go-118-fuzz-build_v2 -o "$OUT/$3.a" -func "$2" "$PWD"
	clang -fsanitize=fuzzer,address "$OUT/$3.a" -o "$OUT/$3"
	rm "$OUT/$3.a" "$OUT/$3.h" 2>/dev/null || true
END
chmod +x "$work/bin/compile_native_go_fuzzer_v2"
(cd "$work/source" && OUT=$work/out PATH=$work/bin:$PATH bash .clusterfuzzlite/build.sh)

[ $# -gt 0 ] || set -- $(go run ./fuzz/corpus -list | cut -d' ' -f1)
for target; do
	seeds=$work/out/$target.seeds
	mkdir -p "$seeds" "$work/out/$target.corpus" "$work/out/$target.failures"
	python3 -m zipfile -e "$work/out/${target}_seed_corpus.zip" "$seeds"
	words=()
	[ ! -e "$work/out/$target.dict" ] || words=("-dict=$work/out/$target.dict")
	echo "== $target, $seconds s"
	"$work/out/$target" -max_total_time="$seconds" -artifact_prefix="$work/out/$target.failures/" "${words[@]}" "$work/out/$target.corpus" "$seeds" 2>&1 |
		tee "$work/out/$target.log" | grep -E '^#[0-9]+	DONE|ERROR|panic|Test unit written' || { tail -40 "$work/out/$target.log"; exit 1; }
done
