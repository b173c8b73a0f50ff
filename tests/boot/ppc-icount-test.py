#!/usr/bin/env python3
"""-icount: guest time is a function of executed instructions, so runs repeat exactly.

When this fails, a guest under -icount misses timers, or a run cannot be reproduced.
SPDX-License-Identifier: MIT
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from guest import EXE, Tap, guest_dir       # noqa: E402
from icount import COMMAND, runs_repeat     # noqa: E402


def linux_repeats(machine):
    kit = guest_dir()
    runs_repeat(EXE, "console=ttyPZ0", "-M", machine, "-drive", f"file={kit}/disk.qcow2,format=qcow2,snapshot=on",
                "-kernel", f"{kit}/vmlinux", "-initrd", f"{kit}/initrd.gz", command=f"md5sum /dev/sda2; {COMMAND}")


def main():
    tap = Tap()
    for board in ("g3beige", "mac99"):
        tap.test(f"{board}: two runs print the same, time stamps included", linux_repeats, board)
    tap.done()


if __name__ == "__main__":
    main()
