#!/usr/bin/env python3
"""The IR tests of guest accesses with 64-bit guest addresses: the hashed TLB.

SPDX-License-Identifier: MIT
"""
import os
import re
import subprocess

PROGRAMS = [["op-test"], ["fault-test", "--tap"], ["x87-test", "--tap"], ["page-share-test"], ["random-test", "50000", "15000"]]


def main():
    number = failed = 0
    directory = os.path.join(os.environ.get("QEMU_TESTS_BIN", "tests-bin"), "tests", "tcg")
    for name, *args in PROGRAMS:
        run = subprocess.run([os.path.join(directory, name)] + args, env=dict(os.environ, TEST_ADDR_BITS="64"),
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             text=True, errors="replace")
        results = re.findall(r"^(not ok|ok) \d+(.*)$", run.stdout, re.M)
        if run.returncode or not results:
            results.append(("not ok", f" exit status {run.returncode}"))
        for result, text in results:
            number += 1
            failed += result != "ok"
            print(f"{result} {number} - 64-bit: {name}{text}")
    print(f"1..{number}")
    return failed != 0


if __name__ == "__main__":
    raise SystemExit(main())
