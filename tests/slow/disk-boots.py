#!/usr/bin/env python3
"""Boots a disk through firmware and GRUB many times while all processors are
loaded: firmware that polls drives must not depend on the host's timing.

usage: disk-boots.py [BOOTS]    default 100, half on each board
SPDX-License-Identifier: MIT
"""
import concurrent.futures
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from guest import Failure, Guest, guest_dir

DISK = os.path.join(guest_dir(), "disk.qcow2")


def boot(number):
    board = ("g3beige", "mac99")[number % 2]
    start = time.time()
    with Guest("-M", board, "-m", "256", "-nographic", "-no-reboot",
               "-drive", f"file={DISK},format=qcow2,snapshot=on", "-boot", "c") as g:
        try:
            g.expect(r"GUEST-READY ppc", 180)
        except Failure as failure:
            return number, board, str(failure)
    return number, board, time.time() - start


def main():
    boots = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    load = [subprocess.Popen(["sh", "-c", "while :; do :; done"]) for _ in range(os.cpu_count())]
    failures = 0
    slowest = 0.0
    try:
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for number, board, result in pool.map(boot, range(boots)):
                failed = isinstance(result, str)
                failures += failed
                if failed:
                    print("".join(f"# {line}\n" for line in result.splitlines()), end="")
                else:
                    slowest = max(slowest, result)
                print(f"{'not ' if failed else ''}ok {number + 1} - {board}", flush=True)
    finally:
        for process in load:
            process.kill()
    print(f"# slowest boot {slowest:.1f} s")
    print(f"1..{boots}")
    sys.exit(1 if failures else 0)


main()
