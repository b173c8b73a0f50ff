#!/usr/bin/env python3
"""-icount on the PC: guest time is a function of executed instructions, so runs repeat exactly.

When this fails, a guest under -icount misses timers, or a run cannot be reproduced.
SPDX-License-Identifier: MIT
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from guest import Tap, guest_dir    # noqa: E402
from icount import runs_repeat      # noqa: E402
from pc import EXE                  # noqa: E402


def linux_repeats(name):
    kit = guest_dir(name)
    runs_repeat(EXE[name], "console=ttyS0 panic=-1", "-M", "pc", "-vga", "none", "-kernel", f"{kit}/vmlinuz",
                "-initrd", f"{kit}/initrd.gz")


# What tests/slow/pc-boots.py runs as well.
MORE = [("i386: two runs print the same, time stamps included", linux_repeats, "i386")]


def main():
    tap = Tap()
    if tap.built(EXE["amd64"]):
        tap.test("amd64: two runs print the same, time stamps included", linux_repeats, "amd64")
    tap.done()


if __name__ == "__main__":
    main()
