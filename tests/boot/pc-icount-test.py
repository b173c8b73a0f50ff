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


def main():
    tap = Tap()
    for name in ("amd64", "i386"):
        if tap.built(EXE[name]):
            tap.test(f"{name}: two runs print the same, time stamps included", linux_repeats, name)
    tap.done()


if __name__ == "__main__":
    main()
