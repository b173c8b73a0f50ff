# Goals that work in a fresh clone: packages, configure, build, then the goal.
# SPDX-License-Identifier: MIT
GUEST ?= amd64
BENCH_ARCH_ppc := ppc
BENCH_ARCH_i386 := i386
BENCH_ARCH_amd64 := x86_64

deps:
	$(SRC)/scripts/install-deps.sh

# Make starts over when this has run. A build directory keeps its options.
config-host.mak: $(SRC)/configure
	$(SRC)/scripts/install-deps.sh
	eval "$(SRC)/configure $$(sed -n 's/^# options://p' $@ 2>/dev/null)"

guests:
	$(SRC)/tests/guests/build-$(GUEST).sh

# Needs a build: the file above is made first when it is missing.
boot: all
	$(SRC)/scripts/boot.sh $(GUEST) $(CURDIR)

bench: all
	$(SRC)/scripts/install-deps.sh $(if $(filter ppc,$(GUEST)),qemu-system-ppc,qemu-system-x86)
	$(SRC)/tests/bench/bench.py --family $(GUEST) --guest "$$($(SRC)/tests/guests/build-$(GUEST).sh)" \
		--exe $(CURDIR)/$(BENCH_ARCH_$(GUEST))-softmmu/qemu-system-$(BENCH_ARCH_$(GUEST))

# What takes long: boots behind all controllers, a hundred from disk on loaded processors, sleep, Debian at work.
check-slow: all
	$(SRC)/tests/run.py -j 1 --timeout 7200 $(sort $(wildcard $(SRC)/tests/slow/*.py))

.PHONY: deps guests boot bench check-slow
