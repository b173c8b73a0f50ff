#!/usr/bin/env python3
"""memtest86+ by -kernel and from its CD: started by keyboard, its first tests of
memory end without an error. If this fails, memory or a CPU mode is wrong.

SPDX-License-Identifier: MIT
"""
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from guest import Tap, guest_dir        # noqa: E402
from pc import EXE32, EXE64, PC         # noqa: E402

MEDIA = guest_dir("pc-media")


def run(exe, *args):
    with PC("-nodefaults", "-vga", "std", "-m", "12", *args, exe=exe) as pc:
        pc.see("<Enter> to start testing")
        pc.keys("ret")
        pc.see(r"Test #[3-9] ")                 # 0 to 2: addresses; then patterns
        text = "\n".join(pc.rows())
        assert re.search(r"Errors: 0\s*$", text, re.M), text
        pc.keys("f1")
        pc.see("Settings|Start [Tt]esting")
        pc.keys("f10")
        pc.see(r"Test #[4-9] ")
        assert re.search(r"Errors: 0\s*$", "\n".join(pc.rows()), re.M)


def main():
    tap = Tap()
    tap.test("x86-64, CD", run, EXE64, "-cdrom", f"{MEDIA}/memtest-x64.iso")
    tap.test("i386, -kernel", run, EXE32, "-kernel", f"{MEDIA}/memtest-ia32.bin")
    tap.done()


if __name__ == "__main__":
    main()
