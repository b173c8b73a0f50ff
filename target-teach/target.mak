# SPDX-License-Identifier: MIT
ARCHS += teach
DIRS_teach := target-teach
DEFS_teach := -DTARGET_TEACH
