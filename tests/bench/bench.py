#!/usr/bin/env python3
"""Compares this emulator with the distribution's on the same guest, in one run.

usage: bench.py --exe EXE --reference EXE --guest DIR [--runs N] [--only NAME,..]
Runs alternate between the two, each program's best time counts, and the
ratio is reference time / our time: above 1 we are faster. Prints Markdown.
SPDX-License-Identifier: MIT
"""
import argparse
import math
import os
import re
import select
import shutil
import subprocess
import tempfile
import time

INTEGER = {"sieve", "sort", "qsort", "crc32", "hash", "sha256", "strings", "records", "copy", "memcpy", "chase",
           "interp", "calls", "vcall", "fib"}
FLOAT = {"matmul", "mandel", "bodies", "nbody"}


class NoAnswer(Exception):
    pass


def run_until(command, patterns, timeout):
    """Seconds from start to each pattern in the output, in order; the output."""
    start, text, times = time.time(), "", []
    wanted = [re.compile(p) for p in patterns]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        while wanted and time.time() - start < timeout:
            if select.select([process.stdout], [], [], 0.5)[0]:
                data = os.read(process.stdout.fileno(), 65536)
                if not data:
                    break
                text += data.decode("latin1")
                while wanted and wanted[0].search(text):
                    wanted.pop(0)
                    times.append(time.time() - start)
    finally:
        process.kill()
        process.wait()
    if wanted:
        raise NoAnswer(f"{command[0]}: no {wanted[0].pattern!r} within {timeout} s:\n{text[-2000:]}")
    return times, text


def programs(exe, guest, machine):
    command = [exe, "-M", machine, "-m", "256", "-nographic", "-no-reboot", "-kernel", f"{guest}/vmlinux",
               "-initrd", f"{guest}/initrd.gz", "-append", "console=ttyPZ0 quiet selftest=/bench/run-all"]
    times, text = run_until(command, [r"GUEST-READY", r"BENCH-END"], 1200)
    rows = re.findall(r"^(\w+) +([0-9.]+) ([0-9a-f]{8})\r?$", text, re.M)
    return times[0], {name: (float(seconds), checksum) for name, seconds, checksum in rows}


def disk_boot(exe, guest, machine, failures):
    """The reference's firmware loses its disk now and then: count, and try again."""
    while True:
        try:
            return disk_boot_once(exe, guest, machine)
        except NoAnswer:
            failures[exe] = failures.get(exe, 0) + 1
            if failures[exe] > 5:
                raise


def disk_boot_once(exe, guest, machine):
    with tempfile.TemporaryDirectory() as folder:
        image = shutil.copy(f"{guest}/disk.qcow2", folder)
        command = [exe, "-M", machine, "-m", "256", "-nographic", "-no-reboot",
                   "-drive", f"file={image},format=qcow2", "-boot", "c"]
        return run_until(command, [r"GUEST-READY"], 60)[0][0]


def geomean(values):
    return math.exp(sum(math.log(v) for v in values) / len(values)) if values else float("nan")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--exe", required=True)
    parser.add_argument("--reference", default="/usr/bin/qemu-system-ppc")
    parser.add_argument("--guest", required=True)
    parser.add_argument("--machine", default="mac99")
    parser.add_argument("--runs", type=int, default=2)
    args = parser.parse_args()
    best = {args.exe: {}, args.reference: {}}
    sums, failures = {}, {}
    for _ in range(args.runs):
        for exe in (args.exe, args.reference):
            boot, rows = programs(exe, args.guest, args.machine)
            rows = {**rows, "boot (-kernel)": (boot, ""),
                    "boot (disk)": (disk_boot(exe, args.guest, args.machine, failures), "")}
            for name, (seconds, checksum) in rows.items():
                best[exe][name] = min(best[exe].get(name, 1e9), seconds)
                if sums.setdefault(name, checksum) != checksum:
                    raise SystemExit(f"{name}: checksum {checksum}, expected {sums[name]}")
    ours, reference = best[args.exe], best[args.reference]
    ratio = {name: reference[name] / ours[name] for name in ours if ours[name] > 0}
    print("| program | reference s | ours s | ratio |\n|---|---|---|---|")
    for name in ours:
        print(f"| {name} | {reference[name]:.2f} | {ours[name]:.2f} | {ratio.get(name, 0):.2f} |")
    for exe, count in failures.items():
        print(f"\n{os.path.basename(exe)}: {count} disk boots did not reach the guest and were repeated")
    print(f"\ninteger and memory, geometric mean: {geomean([ratio[n] for n in ratio if n in INTEGER]):.2f}")
    print(f"floating point, geometric mean: {geomean([ratio[n] for n in ratio if n in FLOAT]):.2f}")
    others = [n for n in ratio if n not in INTEGER | FLOAT and not n.startswith("boot")]
    print(f"kernel and generated code, geometric mean: {geomean([ratio[n] for n in others]):.2f}")


main()
