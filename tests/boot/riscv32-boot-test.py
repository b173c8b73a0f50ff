#!/usr/bin/env python3
"""Linux on the virt board of RISC-V: boots, forks, maps memory, sleeps, powers off.

When this fails, traps, Sv32 or the interrupt controllers are broken.
SPDX-License-Identifier: MIT
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "..", "guest-riscv32")]
from guest import Failure, Guest, Tap, guest_dir, temp_dir
from riscv import EXE, linux_options, missing


def boot(*options):
    with temp_dir() as folder:
        args = linux_options(folder, guest_dir("riscv32"))
        with Guest(*args, "-append", "console=ttyS0", "-display", "none", "-serial", "stdio", "-monitor", "none", *options,
                   exe=EXE) as guest:
            guest.expect(r"^GUEST-READY 1")
            guest.expect(r"mmu\s*: sv32")
            for _ in range(20):
                guest.expect(r"^child 392448\r\nparent 261632")
            guest.expect(r"^slept")
            if guest.wait_exit() != 0:
                raise Failure(f"status {guest.process.returncode}")


reason = missing()
if reason:
    print(f"1..0 # SKIP {reason}")
    sys.exit(0)
tap = Tap()
tap.test("Linux", boot)
tap.test("Linux, one instruction a block", boot, "-singlestep")
tap.test("Linux, not chained", boot, "-d", "nochain", "-D", "/dev/null")
tap.test("Linux, guest time from the count of instructions", boot, "-icount", "shift=4")
tap.test("Linux, all of 2 GiB", boot, "-m", "2G")
tap.done()
