# SPDX-License-Identifier: MIT
ARCHS += riscv32
DIRS_riscv32 := target-riscv hw/riscv
DEFS_riscv32 := -DTARGET_RISCV32
