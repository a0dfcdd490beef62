# What the makefiles of adapters in C and C++ have in common. They say what they are made of:
#
#	NAME     of the adapter, as its folder
#	SOURCE   one file
#	HEADERS  of the library, looked for before anything is built
#	DEBIAN   packages that have them, beside libcjson-dev
#	LIBS     for the linker
#	FLAGS    for the compiler, if need be
#
# SANITIZE=address,undefined, or thread, builds and names one that a sanitizer watches: make adapters SANITIZE=address,undefined

WIRE := $(dir $(lastword $(MAKEFILE_LIST)))
SANITIZE ?=
comma := ,
OUT := build/adapter$(if $(SANITIZE),-$(subst $(comma),-,$(SANITIZE)))
ifeq ($(suffix $(SOURCE)),.c)
COMPILE = $(CC) -std=gnu17 -Wall -Wextra $(FLAGS)
TOOL = $(CC)
else
COMPILE = $(CXX) -std=c++20 -pthread -Wall -Wextra $(FLAGS)
TOOL = $(CXX)
endif
# Asio has fences, which g++ says that ThreadSanitizer does not understand; TSAN_OPTIONS makes it end the process as the others do.
HOW = $(if $(SANITIZE),-O1 -g -fsanitize=$(SANITIZE) -fno-sanitize-recover=all $(if $(filter thread,$(SANITIZE)),-Wno-tsan),-O2)

.PHONY: ready build command
ready:
	@command -v $(TOOL) >/dev/null || { echo "needs $(TOOL); make setup installs it (Debian: g++)"; exit 1; }
	@for h in cjson/cJSON.h $(HEADERS); do echo "#include <$$h>"; done | $(COMPILE) -E -x $(if $(filter .c,$(suffix $(SOURCE))),c,c++) - >/dev/null 2>&1 || \
		{ echo "needs $(HEADERS) and cjson/cJSON.h; make setup installs them (Debian: $(DEBIAN) libcjson-dev)"; exit 1; }

build: $(OUT)
$(OUT): $(SOURCE) $(WIRE)wire.h $(WIRE)adapter.mk
	@mkdir -p build
	$(COMPILE) $(HOW) -o $@ $(SOURCE) -lcjson $(LIBS)

command:
	@echo $(if $(filter thread,$(SANITIZE)),env TSAN_OPTIONS=halt_on_error=1) conformance/adapter/$(NAME)/$(OUT)
