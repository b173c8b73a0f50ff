#!/usr/bin/env python3
"""Compares this emulator with the distribution's on the same guest, in one run.

usage: bench.py --family ppc|amd64|i386 --exe EXE --guest DIR [--reference EXE] [--runs N] [--parts PART,..]
Runs alternate between the two, each row's best time counts, and the ratio is
reference time / our time: above 1 we are faster. Prints Markdown. Parts:
  programs  the guest's /bench/run-all; seconds are the guest's, checksums must agree
  boots     to the guest's GUEST-READY, by -kernel and from disk; seconds of wall time and of CPU
  smp       two copies of a program on two CPUs: how much more gets done than by one
  disk      sequential read of a disk with dd; seconds are the guest's
DIR has vmlinux, vmlinuz or bzImage, initrd.gz and disk.qcow2, as tests/guests makes them.
SPDX-License-Identifier: MIT
"""
import argparse
import dataclasses
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
FLOAT = {"matmul", "mandel", "bodies", "nbody", "sse", "ssefloat"}
PROCESSES = {"syscall", "fork", "forkwait", "pipe"}
JIT = {"jit", "jitpatch", "jitgen"}
SCALING = ("interp", "sort", "qsort", "fork", "forkwait")
DISK_MIB = 256


@dataclasses.dataclass
class Family:
    machine: str
    console: str
    smp: bool


FAMILIES = {"ppc": Family("mac99", "ttyPZ0", False), "amd64": Family("pc", "ttyS0", True),
            "i386": Family("pc", "ttyS0", True)}


class NoAnswer(Exception):
    pass


def cpu_seconds(pid):
    """User and system time that a process has used."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run_until(command, patterns, timeout):
    """(wall, CPU) seconds from start to each pattern in the output, in order; the output."""
    start, text, times = time.time(), "", []
    wanted = [re.compile(p, re.M) for p in patterns]
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
                    times.append((time.time() - start, cpu_seconds(process.pid)))
    finally:
        process.kill()
        process.wait()
    if wanted:
        raise NoAnswer(f"{command[0]}: no {wanted[0].pattern!r} within {timeout} s:\n{text[-2000:]}")
    return times, text


class Bench:
    """One emulator with one guest."""

    def __init__(self, exe, family, guest):
        self.exe, self.family, self.guest = exe, family, guest
        self.lost_boots = 0

    def command(self, *args):
        return [self.exe, "-M", self.family.machine, "-m", "256", "-nographic", "-no-reboot", *args]

    def direct(self, selftest, patterns, *args):
        """A boot by -kernel that runs a shell command."""
        kernel = next(f for f in ("vmlinux", "vmlinuz", "bzImage") if os.path.exists(f"{self.guest}/{f}"))
        return run_until(self.command("-kernel", f"{self.guest}/{kernel}", "-initrd", f"{self.guest}/initrd.gz",
                                      "-append", f'console={self.family.console} quiet selftest="{selftest}"', *args),
                         patterns, 1200)

    def programs(self):
        _, text = self.direct("/bench/run-all", [r"BENCH-END"])
        return re.findall(r"^(\w+) +([0-9.]+) ([0-9a-f]{8})\r?$", text, re.M)

    def kernel_boot(self):
        return self.direct("true", [r"GUEST-READY"])[0][0]

    def disk_boot(self):
        """The reference's firmware loses a Mac's disk now and then: count, and try again."""
        while True:
            try:
                with tempfile.TemporaryDirectory() as folder:
                    image = shutil.copy(f"{self.guest}/disk.qcow2", folder)
                    return run_until(self.command("-drive", f"file={image},format=qcow2", "-boot", "c"),
                                     [r"GUEST-READY"], 90)[0][0]
            except NoAnswer:
                self.lost_boots += 1
                if self.lost_boots > 5:
                    raise

    def scaling(self):
        """For each of SCALING that the guest has: work of two copies on two CPUs against one copy there."""
        command = "; ".join(f"if [ -e /bench/{p} ]; then /bench/{p}; /bench/{p} & /bench/{p}; wait; fi"
                            for p in SCALING)
        _, text = self.direct(command + "; echo PAIRS-END", [r"^PAIRS-END"], "-smp", "2")
        for program in SCALING:
            seconds = [float(s) for s in re.findall(rf"^{program} +([0-9.]+) ", text, re.M)]
            if len(seconds) == 3:
                yield program, 2 * seconds[0] / max(seconds[1:])

    def disk_read(self, image):
        """Seconds of guest time."""
        command = "cat /proc/uptime; dd if=/dev/sda of=/dev/null bs=1M; cat /proc/uptime; echo READ-END"
        _, text = self.direct(command, [r"^READ-END"], "-drive", f"file={image},format=raw,if=ide")
        times = re.findall(r"^([0-9.]+) [0-9.]+\r?$", text, re.M)
        if f"{DISK_MIB}+0 records in" not in text or len(times) != 2:
            raise NoAnswer(f"{self.exe}: dd did not read the disk:\n{text[-2000:]}")
        return float(times[1]) - float(times[0])


class Table:
    """The best of each row by emulator: the lowest seconds, or the highest scaling."""

    def __init__(self):
        self.rows, self.sums = {}, {}

    def add(self, name, who, value, best=min):
        row = self.rows.setdefault(name, {})
        row[who] = best(row.get(who, value), value)

    def check(self, name, checksum):
        if self.sums.setdefault(name, checksum) != checksum:
            raise SystemExit(f"{name}: checksum {checksum}, expected {self.sums[name]}")

    def ratios(self, names=None):
        return {name: row["reference"] / row["ours"] for name, row in self.rows.items()
                if row["ours"] > 0 and (names is None or name in names)}

    def print(self, title, unit):
        if self.rows:
            print(f"\n| {title} | reference {unit} | ours {unit} | ratio |\n|---|---|---|---|")
        for name, row in self.rows.items():
            ratio = row["reference"] / row["ours"] if unit else row["ours"] / row["reference"]
            print(f"| {name} | {row['reference']:.2f} | {row['ours']:.2f} | {ratio:.2f} |")


def geomean(values):
    return math.exp(sum(math.log(v) for v in values) / len(values)) if values else float("nan")


def run_parts(parts, benches, image, times, scaling):
    """One round of everything; each step alternates between the emulators."""
    if "programs" in parts:
        for who, bench in benches.items():
            for name, seconds, checksum in bench.programs():
                times.check(name, checksum)
                times.add(name, who, max(float(seconds), 0.001))
    if "boots" in parts:
        for kind in ("kernel", "disk"):
            for who, bench in benches.items():
                wall, cpu = bench.kernel_boot() if kind == "kernel" else bench.disk_boot()
                times.add(f"boot ({kind})", who, wall)
                times.add(f"boot ({kind}), CPU", who, cpu)
    if "disk" in parts:
        for who, bench in benches.items():
            times.add(f"disk read, {DISK_MIB} MiB", who, bench.disk_read(image))
    if "smp" in parts and next(iter(benches.values())).family.smp:
        for who, bench in benches.items():
            for program, scale in bench.scaling():
                scaling.add(program, who, scale, max)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--family", choices=FAMILIES, required=True)
    parser.add_argument("--exe", required=True)
    parser.add_argument("--reference")
    parser.add_argument("--guest", required=True)
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--parts", default="programs,boots,disk,smp")
    args = parser.parse_args()
    reference = args.reference or "/usr/bin/" + os.path.basename(args.exe)
    family = FAMILIES[args.family]
    benches = {"ours": Bench(args.exe, family, args.guest), "reference": Bench(reference, family, args.guest)}
    times, scaling = Table(), Table()
    with tempfile.TemporaryDirectory() as folder:
        image = os.path.join(folder, "disk.raw")
        if "disk" in args.parts:
            with open(image, "wb") as f:
                for _ in range(DISK_MIB):
                    f.write(os.urandom(1 << 20))
        for _ in range(args.runs):
            run_parts(args.parts.split(","), benches, image, times, scaling)
    times.print("program", "s")
    scaling.print("`-smp 2`, two copies: work done", "")
    for who, bench in benches.items():
        if bench.lost_boots:
            print(f"\n{who}: {bench.lost_boots} disk boots did not reach the guest and were repeated")
    print()
    for title, names in (("integer and memory", INTEGER), ("floating point", FLOAT),
                         ("system calls and processes", PROCESSES), ("generated code", JIT)):
        if times.ratios(names):
            print(f"{title}, geometric mean: {geomean(list(times.ratios(names).values())):.2f}")


main()
