#!/usr/bin/env python3
"""Every instruction of the manuals (mnemonics.txt) has a row in the decoder.

Names that no test spells out are printed. When this fails, an
instruction is taken as illegal. SPDX-License-Identifier: MIT
"""
import glob
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def read(path):
    with open(path) as f:
        return f.read()


def main():
    manual = [word for line in read(os.path.join(HERE, "mnemonics.txt")).splitlines() if not line.startswith("#")
              for word in line.split()]
    rows = "".join(read(path) for path in glob.glob(os.path.join(HERE, "../../target-ppc/insns-*.h")))
    decoded = set(re.findall(r"^INSN\((\w+)", rows, re.M))
    tests = "".join(read(path) for pattern in ("*.c", "*.S", "*-test.py", "*model.py", "ppcasm.py")
                    for path in glob.glob(os.path.join(HERE, pattern)) if path != os.path.abspath(__file__))
    named = set(re.findall(r"[a-z][a-z0-9]+", tests))
    missing = [name for name in manual if name.replace(".", "_") not in decoded and name.rstrip(".") not in decoded]
    untested = [name for name in manual if name.rstrip(".") not in named]
    print("1..1")
    print(f"# {len(manual)} instructions; not spelled out in a test (tests also build names): {' '.join(untested) or 'none'}")
    print(f"# not decoded: {' '.join(missing) or 'none'}")
    print(f"{'not ok' if missing else 'ok'} 1 - every instruction of the manual is decoded")
    sys.exit(1 if missing else 0)


main()
