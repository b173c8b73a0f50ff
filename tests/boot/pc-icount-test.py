#!/usr/bin/env python3
"""-icount on the PC: guest time is a function of executed instructions, so runs repeat exactly.

Drives answer when the host has their data, so this machine has none.

When this fails, a guest under -icount misses timers, or a run cannot be reproduced.
SPDX-License-Identifier: MIT
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from guest import Guest, Tap, executable, guest_dir

EXE = {"amd64": executable("x86_64"), "i386": executable("i386")}


def boot(guest):
    """Console output of a boot that sleeps, computes and prints the clocks, kernel time stamps included."""
    folder = guest_dir(guest)
    command = "cat /proc/interrupts /proc/uptime; sleep 0.3; date; /bench/fib 18; cat /proc/uptime"
    with Guest("-M", "pc", "-m", "128", "-nic", "none", "-vga", "none", "-nographic", "-no-reboot",
               "-rtc", "base=2024-02-29T12:00:00,clock=vm", "-icount", "shift=3",
               "-kernel", f"{folder}/vmlinuz", "-initrd", f"{folder}/initrd.gz",
               "-append", f'console=ttyS0 printk.time=1 panic=-1 selftest="{command}"', exe=EXE[guest]) as g:
        g.expect(r"SELFTEST-EXIT 0", 180)
        status = g.wait_exit()
        assert status == 0, f"power-off ended the process with status {status}"
        return g.text


def runs_repeat(guest):
    first, second = boot(guest).splitlines(), boot(guest).splitlines()
    for one, other in zip(first, second):
        assert one == other, f"runs differ:\n{one}\n{other}"
    assert len(first) == len(second), "one run printed more than the other"


tap = Tap()
for guest_name in ("amd64", "i386"):
    if os.path.exists(EXE[guest_name]):
        tap.test(f"{guest_name}: two runs print the same, time stamps included", runs_repeat, guest_name)
    else:
        tap.count += 1
        print(f"ok {tap.count} - {guest_name} # SKIP {EXE[guest_name]} is not built")
tap.done()
