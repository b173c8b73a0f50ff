#!/usr/bin/env python3
"""tcg/README describes the ops that there are.

SPDX-License-Identifier: MIT
"""
import pathlib
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parents[2]
stale = subprocess.run([sys.executable, root / 'scripts/gen-tcg-readme.py', '--check'],
                       check=False).returncode
print('1..1')
print(('not ok' if stale else 'ok') + ' 1 - tcg/README is what scripts/gen-tcg-readme.py makes')
sys.exit(stale)
