#!/usr/bin/env python3
"""-icount: guest time is a function of executed instructions, so runs repeat exactly.

Drives answer when the host has their data, so this machine has none.

When this fails, a guest under -icount misses timers, or a run cannot be reproduced.
SPDX-License-Identifier: MIT
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from guest import Guest, Tap, guest_dir

GUEST = guest_dir()
DIRECT = ["-m", "128", "-nic", "none", "-nographic", "-no-reboot",
          "-drive", f"file={GUEST}/disk.qcow2,format=qcow2,snapshot=on",
          "-rtc", "base=2024-02-29T12:00:00,clock=vm",
          "-icount", "shift=3", "-kernel", f"{GUEST}/vmlinux", "-initrd", f"{GUEST}/initrd.gz"]


def boot(machine):
    """Console output of a boot that sleeps, computes and prints the clock."""
    command = "md5sum /dev/sda2; cat /proc/interrupts /proc/uptime; sleep 0.3; date; /bench/fib 18; cat /proc/uptime"
    with Guest("-M", machine, *DIRECT, "-append", f'console=ttyPZ0 printk.time=1 selftest="{command}"') as guest:
        guest.expect(r"SELFTEST-EXIT 0", 90)
        status = guest.wait_exit()
        assert status == 0, f"power-off ended the process with status {status}"
        return guest.text


def runs_repeat(machine):
    first, second = boot(machine).splitlines(), boot(machine).splitlines()
    for one, other in zip(first, second):
        assert one == other, f"runs differ:\n{one}\n{other}"
    assert len(first) == len(second), "one run printed more than the other"


tap = Tap()
for board in ("g3beige", "mac99"):
    tap.test(f"{board}: two runs print the same, time stamps included", runs_repeat, board)
tap.done()
