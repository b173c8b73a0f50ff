# Goals that work in a fresh clone: packages, configure, build, then the goal.
# SPDX-License-Identifier: MIT
GUEST ?= ppc

deps:
	$(SRC)/scripts/install-deps.sh

# Make starts over when this has run. A build directory keeps its options.
config-host.mak: $(SRC)/configure
	$(SRC)/scripts/install-deps.sh
	eval "$(SRC)/configure $$(sed -n 's/^# options://p' $@ 2>/dev/null)"
