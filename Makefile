# Builds the emulators, the tests and the guests. `make help` lists what there is.
# SPDX-License-Identifier: MIT

.DEFAULT_GOAL := all
MAKEFLAGS += --no-builtin-rules
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(shell nproc)
endif
# The Makefile is reached by a link in out-of-tree builds.
SRC := $(patsubst %/,%,$(dir $(realpath $(firstword $(MAKEFILE_LIST)))))
SETUP_GOALS := boot check check-slow bench deps guests
export QEMU_SRC := $(SRC)

ifneq ($(filter $(SETUP_GOALS),$(MAKECMDGOALS)),)
# These work in a fresh clone: packages first, then configure.
include $(SRC)/scripts/setup.mk
endif

-include config-host.mak

ifneq ($(SRC_PATH),)

# Sources alone: objects of a build in the source tree must not be found.
vpath %.c $(SRC_PATH)
src-rel = $(patsubst $(SRC_PATH)/%,%,$(1))
sources-in = $(call src-rel,$(sort $(wildcard $(addprefix $(SRC_PATH)/,$(addsuffix /*.c,$(1))))))

# Front ends: for each architecture its folders and -D options.
include $(wildcard $(SRC_PATH)/target-*/target.mak)
BOARD_DIRS := $(foreach arch,$(ARCHS),$(DIRS_$(arch)))

# Compiled once for all executables.
TCG_DIRS := tcg tcg/$(TCG_HOST)
BASE_DIRS := util fpu $(TCG_DIRS)
HW_DIRS := $(filter-out $(BOARD_DIRS),$(patsubst $(SRC_PATH)/%,%,$(shell find $(SRC_PATH)/hw -mindepth 1 -type d)))
COMMON_DIRS := $(BASE_DIRS) audio block net chardev ui monitor gdbstub migration trace disas $(HW_DIRS)
EXCLUDE :=
ifeq ($(CONFIG_SDL),no)
EXCLUDE += ui/sdl2.c
endif
ifeq ($(CONFIG_SLIRP),no)
EXCLUDE += net/slirp.c
endif
COMMON_SRCS := $(filter-out $(EXCLUDE),$(notdir $(wildcard $(SRC_PATH)/*.c)) $(call sources-in,$(COMMON_DIRS)))
COMMON_OBJS := $(COMMON_SRCS:%.c=obj/%.o)
BASE_OBJS := $(patsubst %.c,obj/%.o,$(call sources-in,$(BASE_DIRS)))

# Trace events: a header for each folder that declares some, and the table of all.
TRACE_FILES := $(patsubst ./%,%,$(shell cd $(SRC_PATH) && find . -name trace-events -not -path './build*' | sort))
trace-header = gen/trace/$(if $(filter trace-events,$(1)),root,$(subst /,-,$(patsubst %/trace-events,%,$(1)))).h
TRACE_HEADERS := $(foreach f,$(TRACE_FILES),$(call trace-header,$(f)))
TRACEGEN := $(SRC_PATH)/scripts/tracegen.py
COMMON_OBJS += obj/gen/trace/table.o

INCLUDES := -I. -Igen -I$(SRC_PATH)/include -I$(SRC_PATH)
ALL_CFLAGS = $(CFLAGS) $(INCLUDES) $(LIB_CFLAGS) -include config-host.h

arch = $(patsubst %-softmmu,%,$(1))
exe = $(1)/qemu-system-$(call arch,$(1))
EXES := $(foreach t,$(TARGETS),$(call exe,$(t)))

all: $(EXES)

quiet = $(if $(V),,@echo "  $(1)	$(2)" &&)

define trace-rules
$(call trace-header,$(1)): $(SRC_PATH)/$(1) $(TRACEGEN)
	@mkdir -p $$(@D)
	$$(call quiet,GEN,$$@) python3 $(TRACEGEN) header $$< > $$@.tmp && mv $$@.tmp $$@
endef
$(foreach f,$(TRACE_FILES),$(eval $(call trace-rules,$(f))))
gen/trace/table.c: $(addprefix $(SRC_PATH)/,$(TRACE_FILES)) $(TRACEGEN) config-host.mak
	@mkdir -p $(@D)
	$(call quiet,GEN,$@) python3 $(TRACEGEN) table $(filter %trace-events,$^) > $@.tmp && mv $@.tmp $@

obj/%.o: %.c config-host.h | $(TRACE_HEADERS)
	@mkdir -p $(@D)
	$(call quiet,CC,$@) $(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

define target-rules
SRCS_$(1) := $$(call sources-in,$$(DIRS_$(call arch,$(1))))
OBJS_$(1) := $$(SRCS_$(1):%.c=$(1)/obj/%.o)
$(1)/obj/%.o: %.c config-host.h | $$(TRACE_HEADERS)
	@mkdir -p $$(@D)
	$$(call quiet,CC,$$@) $$(CC) $$(ALL_CFLAGS) $$(DEFS_$(call arch,$(1))) -MMD -MP -c -o $$@ $$<
$(call exe,$(1)): $$(OBJS_$(1)) $$(COMMON_OBJS)
	$$(call quiet,LINK,$$@) $$(CC) $$(CFLAGS) -rdynamic -o $$@ $$^ $$(LIBS)
-include $$(OBJS_$(1):.o=.d)
endef
$(foreach t,$(TARGETS),$(eval $(call target-rules,$(t))))
-include $(COMMON_OBJS:.o=.d)

-include $(SRC_PATH)/tests/Makefile.include

# Man pages and completion come from what -help prints: the table in vl-options.c.
MAN_PAGES := $(foreach e,$(EXES),docs/$(notdir $(e)).1)
COMPLETIONS := $(foreach e,$(EXES),docs/completions/$(notdir $(e)))
define doc-rules
docs/$(notdir $(1)).1: $(1) $(SRC_PATH)/scripts/gen-help.py
	@mkdir -p $$(@D)
	$$(call quiet,MAN,$$@) $(SRC_PATH)/scripts/gen-help.py man $(1) > $$@.tmp && mv $$@.tmp $$@
docs/completions/$(notdir $(1)): $(1) $(SRC_PATH)/scripts/gen-help.py
	@mkdir -p $$(@D)
	$$(call quiet,GEN,$$@) $(SRC_PATH)/scripts/gen-help.py bash $(1) > $$@.tmp && mv $$@.tmp $$@
endef
$(foreach e,$(EXES),$(eval $(call doc-rules,$(e))))
docs: $(MAN_PAGES) $(COMPLETIONS)
all: docs

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/bash-completion/completions
	install -m 755 $(EXES) $(DESTDIR)$(PREFIX)/bin
	install -m 644 $(MAN_PAGES) $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 $(COMPLETIONS) $(DESTDIR)$(PREFIX)/share/bash-completion/completions

clean:
	rm -rf obj gen $(TARGETS) tests-bin docs/completions $(MAN_PAGES)

distclean: clean
	rm -f config-host.mak config-host.h

else

all $(filter-out $(SETUP_GOALS) all help,$(MAKECMDGOALS)):
	@echo "Run ./configure first, or one of: make $(SETUP_GOALS)" >&2; exit 1

endif

help:
	@echo "make              build the executables"
	@echo "make boot         set up everything, boot a guest to a shell (GUEST=amd64, i386 or ppc)"
	@echo "make check        set up everything, run all tests"
	@echo "make check-slow   what takes long: boots in all variants, Debian systems at work"
	@echo "make bench        compare with the distribution's emulator (GUEST=amd64, i386 or ppc)"
	@echo "make guests       build the test guests"
	@echo "make docs         man pages and bash completions"
	@echo "make install      into PREFIX ($(PREFIX)), DESTDIR honoured"
	@echo "make clean        remove what was built"
	@echo "V=1 shows commands."

.PHONY: all docs install clean distclean help
