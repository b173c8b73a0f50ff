# Goals that work in a fresh clone: packages, configure, build, then the goal.
# SPDX-License-Identifier: MIT
GUEST ?= ppc

deps:
	$(SRC)/scripts/install-deps.sh

config-host.mak: $(SRC)/configure
	$(SRC)/scripts/install-deps.sh
	$(SRC)/configure
