#!/usr/bin/env python3
"""What the guides in docs/ say is in the sources: ops, functions, files, pieces of code.

When this fails, a guide has to be mended. SPDX-License-Identifier: MIT
"""
import os
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from guest import Failure, Tap

GUIDES = ("porting", "tcg", "devices", "tour", "riscv")
SKIPPED = {".git", "__pycache__"}


def guide(name):
    return (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")


def sources():
    """The text of all C files and headers."""
    text = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [f for f in folders if f not in SKIPPED and not f.startswith("build") and f not in ("tests-bin", "obj", "gen")]
        text += [pathlib.Path(folder, f).read_text(encoding="utf-8", errors="replace") for f in files if f.endswith((".c", ".h"))]
    return "\n".join(text)


def ops_are_all_there():
    table = set(re.findall(r"^OP_\w+\((\w+),", (ROOT / "include/tcg/tcg-opc.h").read_text(encoding="ascii"), re.M))
    named = set()
    for cell in re.findall(r"^\| (`[^|]*`) \|", guide("tcg"), re.M):
        named |= set(re.findall(r"`(\w+)`", cell))
    wrong = [f"{op} is not in docs/tcg.md" for op in sorted(table - named)] + [f"there is no op {op}" for op in sorted(named - table)]
    if wrong:
        raise Failure("\n".join(wrong))


def functions_exist(name, text):
    """Each `name()`: a function or macro that is defined somewhere."""
    missing = []
    for function in sorted(set(re.findall(r"`(\w+)\(\)`", guide(name)))):
        if function == function.upper() and re.search(rf"#define {function}\(", text):
            continue
        # A definition, a declaration, a row that pastes it, or a macro.
        if not re.search(rf"^(?:#define |[A-Za-z_][\w *()]*?[ *])?{function}\(", text, re.M):
            missing.append(function)
    if missing:
        raise Failure("not in the sources: " + ", ".join(missing))


def files_exist(name):
    paths = set(re.findall(r"`([\w.-]+/[\w./-]+)`", guide(name)))
    missing = [p for p in sorted(paths) if not re.search(r"NAME|CLASS|ARCH", p) and not (ROOT / p).exists() and not p.startswith("exec/")
               and not (ROOT / "include" / p).exists()]
    if missing:
        raise Failure("no such file: " + ", ".join(missing))


def pieces_match():
    """The C blocks of docs/devices.md are parts of the file that it explains."""
    text = (ROOT / "hw/timer/interval.c").read_text(encoding="ascii")
    blocks = re.findall(r"^```c\n(.*?)^```", guide("devices"), re.M | re.S)
    assert len(blocks) >= 9, "docs/devices.md lost its example"
    for block in blocks:
        if block not in text:
            raise Failure(f"not in hw/timer/interval.c:\n{block}")


tap = Tap()
tap.test("every op is in docs/tcg.md", ops_are_all_there)
tap.test("the example of docs/devices.md", pieces_match)
everything = sources()
for name in GUIDES:
    tap.test(f"functions named in docs/{name}.md", functions_exist, name, everything)
    tap.test(f"files named in docs/{name}.md", files_exist, name)
tap.done()
