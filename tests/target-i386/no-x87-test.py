#!/usr/bin/env python3
# The x86 executables use x87 and MMX registers nowhere but in
# target-i386/helper-x87-host.c: they hold the guest's state while a vCPU runs.
# If it fails, C code on a vCPU's thread may corrupt the guest's floating point.
# SPDX-License-Identifier: MIT
import os
import platform
import re
import shutil
import subprocess
import sys

X87 = re.compile(r"^\s+[0-9a-f]+:\s+(?:data16 |rex\S* )*(f[a-z0-9]+|emms)\b")
NOT_X87 = re.compile(r"f(xsave|xrstor|emms)")
OWNERS = {"load_host", "save_host", "helper_x87_to_host", "x86_fpu_to_env", "x87_run_on_host", "x87_transcendental"}


def users(program):
    """Functions with x87 or MMX instructions."""
    found, function = set(), None
    text = subprocess.run(["objdump", "-d", "--no-show-raw-insn", program], capture_output=True, text=True, check=True)
    for line in text.stdout.splitlines():
        if line.endswith(">:"):
            function = line.split("<")[1][:-2].split(".")[0]
        elif "%mm" in line or (X87.match(line) and not NOT_X87.search(line)):
            found.add(function)
    return found


def main():
    programs = [p for p in ("i386-softmmu/qemu-system-i386", "x86_64-softmmu/qemu-system-x86_64") if os.path.exists(p)]
    if platform.machine() != "x86_64" or not shutil.which("objdump") or not programs:
        print("1..0 # SKIP no objdump, no x86 executable or not an x86-64 host")
        return 0
    failed = 0
    for number, program in enumerate(programs, 1):
        wrong = users(program) - OWNERS
        failed += bool(wrong)
        print("%sok %d - %s" % ("not " if wrong else "", number, os.path.basename(program)))
        if wrong:
            print("# " + " ".join(sorted(wrong)))
    print("1..%d" % len(programs))
    return failed != 0


sys.exit(main())
