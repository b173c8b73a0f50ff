#!/usr/bin/env python3
"""The IR, SSE, PowerPC, RISC-V, Teach and x86 system tests on the portable back end.

`make check` builds it in tests-bin/portable beside the native one; where the build
itself uses the portable back end the other tests have run on it already.
SPDX-License-Identifier: MIT
"""
import glob
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TCI = os.path.abspath("tests-bin/portable")
EXE = os.path.join(TCI, "ppc-softmmu", "qemu-system-ppc")
GUESTS = ["guest-ppc", "guest-riscv32", "guest-teach"]
OTHER_EXES = {"QEMU_EXE_" + name.upper(): os.path.join(TCI, f"{name}-softmmu", f"qemu-system-{name}")
              for name in ("riscv32", "teach")}
X86_EXES = {"QEMU_" + name.upper(): os.path.join(TCI, f"{name}-softmmu", f"qemu-system-{name}")
            for name in ("i386", "x86_64")}
# Those on the bare processor; the vectors of the others run here through sse-test.
X86_TESTS = ["sys-test.py", "long-test.py"] if all(map(os.path.exists, X86_EXES.values())) else []


def tests():
    for source in sorted(glob.glob(os.path.join(HERE, "*-test.c"))):
        name = os.path.splitext(os.path.basename(source))[0]
        yield name, [os.path.join(TCI, "tests", "tcg", name), "--tap"]
    sse = os.path.join(TCI, "tests", "target-i386", "sse-test")
    if os.path.exists(sse):
        yield "sse-test", [sse]
    for script in sorted(path for guest in GUESTS for path in glob.glob(os.path.join(HERE, "..", guest, "*-test.py"))):
        yield os.path.basename(script), [sys.executable, script]
    for name in X86_TESTS:
        yield name, [sys.executable, os.path.join(HERE, "..", "guest-i386", name)]


def main():
    if not os.path.exists(EXE):
        print("1..0 # SKIP this build uses the portable back end itself")
        return 0
    number = failed = 0
    environment = dict(os.environ, QEMU_PPC=EXE, QEMU_EXE=EXE, **OTHER_EXES, **X86_EXES)
    for name, command in tests():
        run = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, errors="replace")
        results = re.findall(r"^(not ok|ok) \d+(.*)$", run.stdout, re.M)
        skip = re.search(r"^1\.\.0 # SKIP (.*)$", run.stdout, re.M)
        if skip and not run.returncode:
            results.append(("ok", f" # SKIP {skip[1]}"))
        elif run.returncode or not results:
            results.append(("not ok", f" exit status {run.returncode}"))
        for result, text in results:
            number += 1
            print(f"{result} {number} - {name}{text}", flush=True)
            failed += result != "ok"
        if any(result != "ok" for result, _ in results):
            print("".join(f"# {line}\n" for line in run.stdout.splitlines()[-30:]))
    print(f"1..{number}")
    return 1 if failed else 0


sys.exit(main())
