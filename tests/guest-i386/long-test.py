#!/usr/bin/env python3
# Long mode on the bare processor, in each translation mode: gates, IST, IRET, call
# gates, system calls, canonical addresses, four-level paging with NX, SMEP, SMAP and
# PCID, restarts of instructions that fault in the middle, AVX and XSAVE. If it fails,
# 64-bit operating systems crash or are not protected.
# SPDX-License-Identifier: MIT
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bare

if __name__ == "__main__":
    bare.system_main("long", 64, ["-mno-red-zone", "-mgeneral-regs-only", "-mcmodel=small"], (64,))
