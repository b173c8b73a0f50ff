#!/usr/bin/env python3
"""Guests with several CPUs: every CPU comes up, work runs on all of them at once, results are right.

When this fails, -smp hangs, loses interrupts between CPUs, or computes nonsense.
SPDX-License-Identifier: MIT
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from guest import Guest, Tap        # noqa: E402
from pc import EXE, linux           # noqa: E402

# program, work, checksum: what the same binaries print on real processors.
PROGRAMS = [("sieve", 1, "75a5ff2e"), ("sort", 1, "9bf21519"), ("fork", 60, None), ("pipe", 400, None),
            ("jit", 200, "036cfdcc"), ("fib", 22, "0000452f")]
COPIES = 3


def all_cpus_work(guest, cpus):
    """Programs that share pages, fork, write code and wake each other, several copies of each at once."""
    jobs = " ".join(f"/bench/{name} {work} &" for name, work, _ in PROGRAMS for _ in range(COPIES))
    command = f"nproc; {jobs} wait; grep -E 'LOC|RES|CAL|TLB' /proc/interrupts"
    with Guest("-M", "pc", "-m", "256", "-nographic", "-no-reboot", "-smp", str(cpus),
               *linux(guest, f'selftest="{command}"'), exe=EXE[guest]) as g:
        g.expect(r"GUEST-READY")
        found = g.expect(r"^(\d+)\r?$").group(1)
        assert found == str(cpus), f"{found} CPUs, expected {cpus}"
        start = g.seen
        g.expect(r"SELFTEST-EXIT 0", 180)
        status = g.wait_exit()
        assert status == 0, f"power-off ended the process with status {status}"
        check_results(g.text[start:])
        check_interrupts(g.text[start:], cpus)


def check_results(text):
    rows = [line.split() for line in text.splitlines()]
    for name, _, checksum in PROGRAMS:
        sums = [row[2] for row in rows if len(row) == 3 and row[0] == name]
        expected = checksum or (sums[0] if sums else "")
        assert sums == [expected] * COPIES, f"{name}: checksums {sums}, expected {expected}"


def check_interrupts(text, cpus):
    """Each CPU has had timer interrupts and messages of the others."""
    for kind in ("LOC", "RES"):
        counts = next(line.split()[1:1 + cpus] for line in text.splitlines() if line.strip().startswith(kind))
        assert all(count.isdigit() and int(count) > 0 for count in counts), f"{kind}: {counts}"


# What tests/slow/pc-boots.py runs as well.
MORE = [("amd64: -smp 2", all_cpus_work, "amd64", 2)]


def main():
    tap = Tap()
    for name, cpus in (("amd64", 4), ("i386", 2)):
        if tap.built(EXE[name]):
            tap.test(f"{name}: -smp {cpus}", all_cpus_work, name, cpus)
    tap.done()


if __name__ == "__main__":
    main()
