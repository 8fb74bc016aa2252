# dfc: build, test, install. GNU make 4.3 or later; "make help" lists the targets.
#
# Everything that is made goes below $(B). Sources are found by pattern: a new file in compiler/,
# stdlib/, tests/unit/, tests/golden/ or examples/ needs no line here.

B ?= build
ifeq ($(origin CC),default)
CC = gcc
endif
PKG_CONFIG ?= pkg-config
CFLAGS ?= -O2 -g
PREFIX ?= /usr/local
PROGRAM ?= dfc
FUZZ_SECONDS ?= 60

WARNINGS = -std=c11 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes \
           -Wmissing-prototypes

MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:

# ---- libraries ----------------------------------------------------------------------------------

# Goals that need no library can be reached without any.
ifneq ($(filter-out clean help uninstall,$(or $(MAKECMDGOALS),all)),)
LUA := $(shell for name in lua5.4 lua-5.4 lua54 lua; do \
           $(PKG_CONFIG) --exists "$$name >= 5.4" "$$name < 5.5" && echo $$name && break; done)
MODULES := $(or $(LUA),lua5.4) libpcre2-8 libutf8proc
ifneq ($(shell $(PKG_CONFIG) --exists $(MODULES) && echo found),found)
$(error $(PKG_CONFIG) does not find all of: $(MODULES). Install them with: sh tools/setup.sh run)
endif
LIB_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(MODULES))
LIBS := $(shell $(PKG_CONFIG) --libs $(MODULES))
endif

# ---- flags --------------------------------------------------------------------------------------

# Paths of this machine stay out of the program, so that equal sources give equal bytes.
PREFIX_MAP = -ffile-prefix-map=$(CURDIR)=. -ffile-prefix-map=$(abspath $(B))=build

ALL_CFLAGS = $(WARNINGS) $(if $(filter 1,$(WERROR)),-Werror) -D_POSIX_C_SOURCE=200809L \
             -Icompiler $(LIB_CFLAGS) $(CPPFLAGS) $(PREFIX_MAP) $(CFLAGS) $(SANITIZE_FLAGS)
ifneq ($(SANITIZE),)
SANITIZE_FLAGS = -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
endif
ALL_LDFLAGS = $(LDFLAGS) $(SANITIZE_FLAGS)

TEST_INCLUDES = $(if $(filter tests/%,$<),-Itests/unit -Itests/vectors)

# "make V=1" shows the commands.
Q = $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),,@printf '  %-6s %s\n' '$(1)' '$(patsubst $(B)/%,%,$(2))')

# A stamp is a file that changes only when its text does: what depends on it is made again when
# the compiler, a flag or a list of files is another one.
define stamp
@mkdir -p $(@D)
@printf '%s\n' '$(subst ','\'',$(strip $(1)))' | cmp -s - $@ || \
    printf '%s\n' '$(subst ','\'',$(strip $(1)))' > $@
endef

# ---- the library and the program ----------------------------------------------------------------

PROGRAM_SOURCES := $(sort $(wildcard compiler/cmd.c compiler/cmd_*.c compiler/options.c \
                              compiler/file.c))
LIB_SOURCES := $(sort $(filter-out compiler/main.c $(PROGRAM_SOURCES),$(wildcard compiler/*.c)))
STDLIB := $(sort $(filter-out %_test.lua,$(wildcard stdlib/*.lua)))

LIB_OBJECTS = $(LIB_SOURCES:%.c=$(B)/obj/%.o) $(B)/obj/gen/stdlib_embed.o
PROGRAM_OBJECTS = $(PROGRAM_SOURCES:%.c=$(B)/obj/%.o)

.PHONY: all
all: $(B)/dfc

$(B)/dfc: $(B)/obj/compiler/main.o $(B)/libprogram.a $(B)/libdfc.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# The library: all that turns text into text. Tests and fuzzers link it.
$(B)/libdfc.a: $(LIB_OBJECTS) $(B)/lib.list
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $(LIB_OBJECTS)

# The command line without main(), so that unit tests can call it too.
$(B)/libprogram.a: $(PROGRAM_OBJECTS) $(B)/program.list
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $(PROGRAM_OBJECTS)

$(B)/obj/%.o: %.c $(B)/flags
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(TEST_INCLUDES) -MMD -MP -c -o $@ $<

$(B)/obj/gen/%.o: $(B)/gen/%.c $(B)/flags
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/gen/stdlib_embed.c: compiler/embed.sh $(STDLIB) $(B)/stdlib.list
	$(call say,EMBED,$@)
	$(Q)mkdir -p $(@D)
	$(Q)sh compiler/embed.sh $(STDLIB) > $@

.PHONY: FORCE
FORCE:
$(B)/flags: FORCE
	$(call stamp,$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(LIBS))
$(B)/stdlib.list: FORCE
	$(call stamp,$(STDLIB))
$(B)/lib.list: FORCE
	$(call stamp,$(LIB_SOURCES))
$(B)/program.list: FORCE
	$(call stamp,$(PROGRAM_SOURCES))

# ---- tests --------------------------------------------------------------------------------------

# Every suite ends with the line "N passed, N failed"; tests/total.sh runs several and adds up.
# DFC is the program under test; WRAP, when set, a command to run test programs under.
export DFC = $(abspath $(B))/dfc
export WRAP
export JOBS ?= 2
VALGRIND = valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite
total = sh tests/total.sh $(B)/log

UNIT_SOURCES := $(sort $(wildcard tests/unit/test_*.c))
UNIT_HELPERS := $(sort $(filter-out $(UNIT_SOURCES),$(wildcard tests/unit/*.c)))
UNIT_TESTS = $(UNIT_SOURCES:tests/unit/%.c=$(B)/tests/%)
VECTOR_TOOLS = $(B)/tests/run_vectors $(B)/tests/dump
GOLDEN := $(sort $(wildcard tests/golden/*/))
EXAMPLES := $(sort $(wildcard examples/*/))

$(UNIT_TESTS): $(B)/tests/%: $(B)/obj/tests/unit/%.o $(UNIT_HELPERS:%.c=$(B)/obj/%.o) \
                             $(B)/libprogram.a $(B)/libdfc.a
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) -lcmocka

$(B)/tests/run_vectors: $(B)/obj/tests/vectors/run_vectors.o
$(B)/tests/dump: $(B)/obj/tests/vectors/dump_main.o
$(VECTOR_TOOLS): $(B)/obj/tests/vectors/dump.o $(B)/libdfc.a
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(B)/libdfc.a $(LIBS)

.PHONY: test-programs
test-programs: $(B)/dfc $(UNIT_TESTS) $(VECTOR_TOOLS)

SUITES = unit golden examples rules sources vectors cli
.PHONY: check
check: test-programs
	@$(total) $(foreach suite,$(SUITES),$(suite) '$(MAKE) --no-print-directory check-$(suite)')

.PHONY: check-unit
check-unit: $(UNIT_TESTS)
	@sh tests/unit/run.sh $(UNIT_TESTS)

.PHONY: check-golden check-examples
check-golden: $(B)/dfc
	@sh tests/golden/run.sh $(GOLDEN)
check-examples: $(B)/dfc
	@sh tests/golden/run.sh $(EXAMPLES)

.PHONY: check-rules
check-rules: $(B)/dfc
	@$(WRAP) $(B)/dfc test stdlib

# What the rules do to the files that say where packages come from.
.PHONY: check-sources
check-sources: $(B)/dfc
	@sh tests/sources/run.sh $(sort $(wildcard tests/sources/*/))

.PHONY: check-vectors
check-vectors: $(B)/tests/run_vectors
	@$(WRAP) $(B)/tests/run_vectors tests/vectors

.PHONY: check-cli
check-cli: $(B)/dfc
	@sh tests/cli/run.sh $(DFC)

# The Makefile itself, and what README and docs/ tell the reader to run.
.PHONY: check-build check-docs check-neighbours
check-build:
	@bash tests/build.sh
check-docs: $(B)/dfc
	@sh tests/docs.sh
# The reference of all rules, from what they declare; check-docs says when it is out of date.
.PHONY: docs
docs: $(B)/dfc
	@mkdir -p docs
	$(Q)env -u DFC_RULES -u DFC_STDLIB $(B)/dfc rules --markdown --no-user-config > $(B)/reference.md
	$(Q)cp $(B)/reference.md docs/directives.md
check-neighbours: $(B)/dfc
	@sh tests/neighbours/run.sh $(B)/neighbours

# The whole suite again, built in another way.
.PHONY: check-asan check-clang check-valgrind
check-asan:
	@$(MAKE) --no-print-directory B=$(B)/asan SANITIZE=address,undefined check
check-clang:
	@$(MAKE) --no-print-directory B=$(B)/clang CC=clang check
check-valgrind: test-programs
	@$(total)-valgrind $(foreach suite,unit golden vectors,$(suite) \
	    '$(MAKE) --no-print-directory check-$(suite) WRAP="$(VALGRIND)"')

# Real Dockerfiles with BuildKit's parse of each: make corpus CORPUS=DIRECTORY
.PHONY: corpus
corpus: $(B)/dfc $(B)/tests/dump
	@test -n '$(CORPUS)' || { echo 'usage: make corpus CORPUS=DIRECTORY' >&2; exit 2; }
	@python3 tests/vectors/corpus.py --dump $(B)/tests/dump --dfc $(B)/dfc $(CORPUS)

# ---- fuzzing ------------------------------------------------------------------------------------

FUZZ_SOURCES := $(sort $(wildcard tests/fuzz/fuzz_*.c))
FUZZERS = $(FUZZ_SOURCES:tests/fuzz/%.c=$(B)/tests/%)

$(FUZZERS): $(B)/tests/%: $(B)/obj/tests/fuzz/%.o $(B)/libdfc.a
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(subst fuzzer-no-link,fuzzer,$(ALL_LDFLAGS)) -o $@ $^ $(LIBS)

.PHONY: fuzzers fuzz
fuzzers: $(FUZZERS)
fuzz:
	@$(MAKE) --no-print-directory B=$(B)/fuzz CC=clang \
	    SANITIZE=fuzzer-no-link,address,undefined fuzzers
	@FUZZ_SECONDS=$(FUZZ_SECONDS) sh tests/fuzz/run.sh $(B)/fuzz/run \
	    $(FUZZ_SOURCES:tests/fuzz/%.c=$(B)/fuzz/tests/%)

# ---- checks of the sources, measurements --------------------------------------------------------

.PHONY: lint
lint: $(B)/gen/stdlib_embed.c
	@CHECK_CFLAGS='$(WARNINGS) -D_POSIX_C_SOURCE=200809L -Icompiler $(LIB_CFLAGS)' bash tests/lint.sh

.PHONY: bench
bench: $(B)/dfc
	@sh tests/bench/run.sh $(EXAMPLES)

# ---- installation -------------------------------------------------------------------------------

.PHONY: install uninstall clean help
install: all
	install -d '$(DESTDIR)$(PREFIX)/bin'
	install -m 755 $(B)/dfc '$(DESTDIR)$(PREFIX)/bin/$(PROGRAM)'

uninstall:
	rm -f '$(DESTDIR)$(PREFIX)/bin/$(PROGRAM)'

clean:
	rm -rf '$(B)'

help:
	@printf '%s\n' \
	    'make                  build $(B)/dfc' \
	    'make check            all tests: $(SUITES); or one of them: make check-unit' \
	    'make check-asan       the same under AddressSanitizer and UndefinedBehaviorSanitizer' \
	    'make check-clang      the same, built with clang' \
	    'make check-valgrind   unit, golden and vectors under valgrind' \
	    'make check-build      tests of this Makefile' \
	    'make check-docs       runs the commands of README and docs/, compares docs/directives.md' \
	    'make docs             writes docs/directives.md from stdlib/' \
	    'make check-neighbours the output under dockerfmt, dockerfile-utils, shellcheck, dash, ash' \
	    'make corpus CORPUS=D  real Dockerfiles with recorded parses' \
	    'make fuzz             each fuzzer for FUZZ_SECONDS=$(FUZZ_SECONDS)' \
	    'make lint             formatter, linters, header and layer rules' \
	    'make bench            instructions for each example; speed against m4' \
	    'make install          to DESTDIR, PREFIX=$(PREFIX); PROGRAM=name installs it as name' \
	    'make uninstall, make clean' \
	    '' \
	    'Variables: B (build directory), CC, CFLAGS, LDFLAGS, SANITIZE, WERROR=1, V=1'

-include $(LIB_OBJECTS:.o=.d) $(PROGRAM_OBJECTS:.o=.d) $(B)/obj/compiler/main.d
-include $(wildcard $(B)/obj/tests/*/*.d)
