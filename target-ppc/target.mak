# SPDX-License-Identifier: MIT
ARCHS += ppc
DIRS_ppc := target-ppc hw/ppc
DEFS_ppc := -DTARGET_PPC
