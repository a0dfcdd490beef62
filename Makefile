# The habits of this repository. `make` alone lists them; CI calls the same targets.

SHELL       := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS   += --no-print-directory

GO       ?= go
FUZZTIME ?= 1m
# Pinned, so that a new check never turns an old commit red. v0.8.2 is the first that was tried with Go 1.26.
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GREMLINS := github.com/go-gremlins/gremlins/cmd/gremlins@v0.6.0
# Every system that the suite must at least compile and vet on.
SYSTEMS := linux windows darwin
# What `make check` does, in this order. The plain tests come last, so that a log ends with their summary.
STEPS := lint generate race conform modules wine exam smoke tests
# Programs that are built to be run, and nothing else, go here.
BUILD := .build

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

.PHONY: setup
setup: ## install what the tests can use (Debian; only what is missing)
	@command -v $(GO) >/dev/null || { echo "setup: no '$(GO)' found; install Go $$(awk '$$1 == "go" { print $$2 }' go.mod) or later first" >&2; exit 1; }
	@want=(); \
	command -v git >/dev/null || want+=(git); \
	command -v make >/dev/null || want+=(make); \
	command -v gcc >/dev/null || want+=(gcc); \
	[ -e /usr/include/stdlib.h ] || want+=(libc6-dev); \
	command -v g++ >/dev/null || want+=(g++); \
	[ -e /usr/include/cjson/cJSON.h ] || want+=(libcjson-dev); \
	[ -e /usr/include/liburing.h ] || [ "$$(uname)" != Linux ] || want+=(liburing-dev); \
	[ -e /usr/include/uv.h ] || want+=(libuv1-dev); \
	[ -e /usr/include/event2/event.h ] || want+=(libevent-dev); \
	! command -v cargo >/dev/null || compgen -G '/usr/share/cargo/registry/mio-0.8.*' >/dev/null || want+=(librust-mio-dev); \
	[ -e /usr/include/asio.hpp ] || want+=(libasio-dev); \
	[ "$$(uname -m)" != x86_64 ] || command -v wine64 >/dev/null || [ -x /usr/lib/wine/wine64 ] || want+=(wine64); \
	[ "$$(uname -m)" != x86_64 ] || command -v x86_64-w64-mingw32-gcc >/dev/null || want+=(gcc-mingw-w64-x86-64-win32); \
	[ $${#want[@]} -eq 0 ] && { echo "setup: nothing is missing"; exit 0; }; \
	command -v apt-get >/dev/null || { echo "setup: install $${want[*]} by hand, this is not Debian" >&2; exit 1; }; \
	as=(); [ "$$(id -u)" -eq 0 ] || as=(sudo); \
	"$${as[@]}" apt-get update -qq; \
	"$${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$${want[@]}" >/dev/null; \
	echo "setup: installed $${want[*]}"

.PHONY: test
test: ## all tests
	$(GO) test ./...

.PHONY: short
short: ## the tests that take seconds
	$(GO) test -short ./...

.PHONY: race
race: export IOCONFORM_LONG = 1
race: ## all tests under the race detector, and on Linux threads of random scripts on the real kernel
	CGO_ENABLED=1 $(GO) test -race -count=1 -timeout 30m ./...
	@[ "$$(uname)" = Linux ] || exit 0; mkdir -p $(BUILD); \
	CGO_ENABLED=1 $(GO) build -race -o $(BUILD)/conform-race ./cmd/conform; \
	at_once=(); for target in epoll poller uring; do $(BUILD)/conform-race fuzz $$target --for 15s & at_once+=($$!); done; \
	for one in "$${at_once[@]}"; do wait "$$one"; done

.PHONY: fuzz
# Go gives an input that reaches something new up to a minute to be made smaller, during which a worker does nothing else: so few runs for that.
MINIMIZE := -fuzzminimizetime 200x
fuzz: ## each fuzz target for FUZZTIME (1m)
	@mkdir -p $(BUILD)
	@$(GO) test -list '^Fuzz' ./... \
	| awk '/^Fuzz/ { name[++n] = $$1 } /^ok/ { for (i = 1; i <= n; i++) print $$2, name[i]; n = 0 } /^FAIL/ { print >"/dev/stderr"; exit 1 }' \
	| while read -r pkg name; do \
		echo "$(GO) test -run '^$$' -fuzz '^$$name\$$' -fuzztime $(FUZZTIME) $$pkg"; \
		$(GO) test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) $(MINIMIZE) "$$pkg" </dev/null | tee $(BUILD)/fuzz.log || { \
			grep -q 'context deadline exceeded' $(BUILD)/fuzz.log && ! grep -q 'Failing input' $(BUILD)/fuzz.log || exit 1; \
			echo "go test took the end of its time for a failure (go.dev/issue/75804, until Go 1.27); once more"; \
			$(GO) test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) $(MINIMIZE) "$$pkg" </dev/null || exit 1; }; \
	done

.PHONY: seeds
seeds: ## the seeds of the fuzz targets for other fuzzers: .build/seeds/TARGET_seed_corpus.zip
	$(GO) run ./fuzz/corpus -o $(BUILD)/seeds

.PHONY: libfuzzer
libfuzzer: ## the fuzz targets under libFuzzer, as ClusterFuzzLite builds them, each for FUZZTIME (needs clang)
	.clusterfuzzlite/here.sh $(FUZZTIME)

# Wine's completion ports are a third party's: what they do otherwise stands in the file of known failures, with the source that says what Windows does. Wine 8.0 goes on with
# what was pending when its socket was closed, on whatever has the number of the handle by then, so cases that close under a send or a race run alone: else the case to
# suffer would be another's. Others close under something as well, if more rarely: six at once, and not 32, give what they leave fewer numbers to meet.
WINE_KNOWN := conformance/known/iocp-wine.txt
WINE_ALONE := close/send* close/*handle* close/races* close/identity*
.PHONY: wine
wine: ## the windows profile on Wine's completion ports, what is known of Wine aside, and the tests that are about Windows
	@if ! command -v wine64 >/dev/null && [ ! -x /usr/lib/wine/wine64 ]; then \
		echo "wine: skipped, there is no 64-bit Wine; make setup installs it (Debian: wine64)"; exit 0; fi; \
	mkdir -p $(BUILD); \
	$(GO) build -o $(BUILD)/underwine ./reference/iocp/underwine; \
	GOOS=windows $(GO) build -o $(BUILD)/conform.exe ./cmd/conform; \
	judge() { echo "conform run iocp --profile windows --known $(WINE_KNOWN) $$*"; \
		$(BUILD)/underwine $(BUILD)/conform.exe run iocp --profile windows --known $(WINE_KNOWN) "$$@"; }; \
	judge -p 6 $(foreach case,$(WINE_ALONE),--skip '$(case)'); \
	judge -p 1 $(foreach case,$(WINE_ALONE),--run '$(case)'); \
	$(MAKE) wine-tests WINE_TESTS='./reference/iocp ./reference/realworld'

# Wine 8.0 answers STATUS_NOT_IMPLEMENTED where Go asks it to remove a file as POSIX does, and Go knows other answers of systems that cannot: so these tests take a
# standard library that knows this one, too. Without it no test could remove its folder.
WINE_AT := internal/syscall/windows/at_windows.go
WINE_TESTS ?= ./...
.PHONY: wine-tests
wine-tests: ## the tests under Wine
	@mkdir -p $(BUILD); $(GO) build -o $(BUILD)/underwine ./reference/iocp/underwine; \
	at="$$($(GO) env GOROOT)/src/$(WINE_AT)"; sed 's/case STATUS_INVALID_INFO_CLASS,/case NTStatus(0xC0000002), STATUS_INVALID_INFO_CLASS,/' "$$at" >$(BUILD)/at_windows.go; \
	! cmp -s "$$at" $(BUILD)/at_windows.go || { echo "wine-tests: $(WINE_AT) of this Go is another; look at the overlay" >&2; exit 1; }; \
	printf '{"Replace": {"%s": "%s"}}\n' "$$at" "$(CURDIR)/$(BUILD)/at_windows.go" >$(BUILD)/overlay.json
	GOOS=windows $(GO) test -overlay $(BUILD)/overlay.json -short -exec "$(CURDIR)/$(BUILD)/underwine" $(WINE_TESTS)

.PHONY: gremlins
gremlins: export IOCONFORM_LONG = 1
gremlins: ## change spec in small ways, and tell which changes its tests do not notice (two hours)
	$(GO) run $(GREMLINS) unleash ./spec --timeout-coefficient 5 -E corpus/

.PHONY: bench
bench: ## how fast checker, simulator and references are
	$(GO) test -run xxx -bench . ./spec ./simnet ./fuzz/engine ./reference/... ./conformance/adapter

.PHONY: lint
lint: ## gofmt, go vet for every system, staticcheck
	@unformatted=$$(gofmt -l .); \
	[ -z "$$unformatted" ] || { printf 'lint: run gofmt -w on\n%s\n' "$$unformatted" >&2; exit 1; }
	@for os in $(SYSTEMS); do echo "GOOS=$$os $(GO) vet ./..."; GOOS=$$os CGO_ENABLED=0 $(GO) vet ./...; done
	@GOBIN="$(CURDIR)/$(BUILD)" $(GO) install $(STATICCHECK)
	@for os in $(SYSTEMS); do echo "GOOS=$$os staticcheck ./..."; GOOS=$$os CGO_ENABLED=0 $(BUILD)/staticcheck ./...; done

# Compared with the tree as it was before rather than with the last commit, so that work in progress is no finding. In a
# clean clone the two are the same.
.PHONY: generate
generate: ## write the generated files; fail if that changed one
	@state() { git diff | cksum; git ls-files --others --exclude-standard; }; \
	before=$$(state); \
	echo "$(GO) generate ./..."; $(GO) generate ./...; \
	[ "$$before" == "$$(state)" ] || { git --no-pager diff --stat; \
		echo "generate: generated files were out of date; look at the diff and commit it" >&2; exit 1; }

# Adapters for libraries of others, and the example that shows how a module of somebody else's is tested. They need those libraries, and nothing else here does.
.PHONY: modules
modules: ## vet and test the modules that are not part of this one
	@git ls-files --cached --others --exclude-standard '*/go.mod' | while read -r mod; do \
		echo "$$(dirname "$$mod"): $(GO) vet ./... and $(GO) test ./..."; \
		(cd "$$(dirname "$$mod")" && $(GO) vet ./... && $(GO) test -count=1 ./... </dev/null) || exit 1; \
	done

.PHONY: adapters
adapters: ## judge other people's back ends behind their adapters, those that this machine can build
	@bin=$$(mktemp -d); trap 'rm -rf "$$bin"' EXIT; $(GO) build -o "$$bin/conform" ./cmd/conform; wrong=0; \
	for dir in conformance/adapter/*/; do \
		[ -e "$$dir/Makefile" ] || continue; \
		printf '\n== %s\n' "$$(basename "$$dir")"; \
		missing=$$($(MAKE) -s -C "$$dir" ready) || { echo "skipped: $$missing"; continue; }; \
		$(MAKE) -s -C "$$dir" build || { wrong=1; continue; }; \
		command=$$($(MAKE) -s -C "$$dir" command); \
		if "$$bin/conform" adapter check "$$command" >"$$bin/walk"; then tail -n 1 "$$bin/walk"; \
		elif [ $$? -eq 1 ]; then tail -n 1 "$$bin/walk"; \
		else cat "$$bin/walk"; wrong=1; continue; fi; \
		known="conformance/known/$$(basename "$$dir").txt"; \
		if [ -e "$$known" ]; then "$$bin/conform" run --exec "$$command" --known "$$known" || wrong=1; \
		else "$$bin/conform" run --exec "$$command" || wrong=1; fi; \
	done; \
	[ $$wrong -eq 0 ] || { echo "adapters: an adapter does not build or makes mistakes, or something failed that is not known" >&2; exit 1; }

# What is broken is what the report is about, so that ends nothing here.
.PHONY: report
report: ## every target of this machine and every adapter that it can build, side by side: .build/report.html
	@rm -rf $(BUILD)/runs; mkdir -p $(BUILD)/runs; $(GO) build -o $(BUILD)/conform ./cmd/conform; \
	$(BUILD)/conform run --format jsonl -o $(BUILD)/runs/targets.jsonl || true; \
	for dir in conformance/adapter/*/; do \
		[ -e "$$dir/Makefile" ] || continue; \
		name=$$(basename "$$dir"); known=(); [ ! -e "conformance/known/$$name.txt" ] || known=(--known "conformance/known/$$name.txt"); \
		missing=$$($(MAKE) -s -C "$$dir" ready) || { echo "$$name: skipped: $$missing"; continue; }; \
		$(MAKE) -s -C "$$dir" build || continue; \
		$(BUILD)/conform run --exec "$$($(MAKE) -s -C "$$dir" command)" "$${known[@]}" --format jsonl -o "$(BUILD)/runs/$$name.jsonl" || true; \
	done; \
	$(BUILD)/conform report $(BUILD)/runs/*.jsonl; $(BUILD)/conform report $(BUILD)/runs/*.jsonl -o $(BUILD)/report.html

.PHONY: count
count: ## count what counts of rules, cases and planted bugs, and write it down for conform list
	$(GO) test -count=1 -timeout 60m ./conformance/mutant -run TestTheTableOfWhatCountsIsFresh -renew -v

.PHONY: exam
# What the cases of an exam leave behind is gone at once.
exam: export GOGC ?= 400
exam: ## every planted bug against every case: all are caught, and the table of what counts is true
	$(GO) test -count=1 ./conformance/mutant -run 'TestTheSuiteIsSharp|TestTheTableOfWhatCountsIsFresh' -long -v
	$(GO) test -count=1 ./cmd/conform -run TestScripts/exam-of-a-target -long

# Half an hour of two processors with MUTANTS=0, which is all of them.
MUTANTS ?= 150
.PHONY: operators
operators: ## mutants of the references that nobody has chosen, MUTANTS (150) of them, against the suite
	$(GO) run ./conformance/mutant/operators -n $(MUTANTS)

.PHONY: traces
traces: ## add what is new to the corpus of traces and their verdicts; what is there stays
	$(GO) test -count=1 ./spec -run TestTheCorpusHasTheSamples -corpus
	$(GO) test -count=1 ./conformance/mutant -run TestTheCorpusHasRuns -corpus
	$(GO) test -count=1 ./spec -run TestNoVerdictHasChanged -verdicts

.PHONY: check
check: ## what CI runs
	@started=$$SECONDS; \
	for step in $(STEPS); do \
		printf '\n== %s (%d s)\n' "$$step" "$$((SECONDS - started))"; \
		$(MAKE) "$$step"; \
	done

.PHONY: soundness
soundness: ## a long random run that must accuse nobody (up to an hour)
	$(GO) test ./fuzz/engine -run Soundness -long -timeout 60m

# Steps of check that are not habits of their own.

.PHONY: conform
conform:
	$(GO) run ./cmd/conform run

.PHONY: smoke
smoke:
	@$(MAKE) fuzz FUZZTIME=6s

# Not from the cache: a summary line must mean that tests ran.
.PHONY: tests
tests: export IOCONFORM_LONG = 1
tests:
	$(GO) test -count=1 ./...
