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
    passed = failed = 0
    slowest = 0.0
    try:
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for number, board, result in pool.map(boot, range(boots)):
                if isinstance(result, str):
                    failed += 1
                    print(f"not ok {number + 1} - {board}: {result}", flush=True)
                else:
                    passed += 1
                    slowest = max(slowest, result)
    finally:
        for process in load:
            process.kill()
    print(f"slowest boot {slowest:.1f} s")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
