#!/usr/bin/env python3
# Segmentation, gates, tasks, paging, virtual-8086 mode, debug registers and
# system registers, code that changes itself, on the bare processor, in each
# translation mode. If it fails, operating systems crash or are not protected.
# SPDX-License-Identifier: MIT
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bare

if __name__ == "__main__":
    bare.system_main("sys", 32, ["-march=i386"], (32, 64))
