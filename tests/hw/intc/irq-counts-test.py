#!/usr/bin/env python3
"""`info irq`: how often each line of the interrupt controllers rose. If this fails, a storm of
interrupts cannot be told from silence.

SPDX-License-Identifier: MIT
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
from guest import Tap, executable  # noqa: E402
from qtest import QTest  # noqa: E402

IRQS = 0x2000       # pc-testdev


def counts(board):
    """{controller: {line: count}}"""
    result, lines = {}, None
    for row in board.monitor.command("info irq").splitlines():
        if row.startswith("IRQ statistics for "):
            lines = result.setdefault(row[len("IRQ statistics for "):-1], {})
        elif ":" in row:
            line, count = row.split(":")
            lines[int(line)] = int(count)
    return result


def test_counts():
    with QTest("-M", "pc", "-nodefaults", "-device", "pc-testdev", exe=executable("i386")) as board:
        before = counts(board)
        assert set(before) == {"ioapic", "isa-i8259"}, before
        for line, times in (3, 4), (10, 2):
            for _ in range(times):
                board.write("outb", IRQS + line, 1)
                board.write("outb", IRQS + line, 1)     # it is up already
                board.write("outb", IRQS + line, 0)
        after = counts(board)
        for name in before:
            assert after[name][3] - before[name].get(3, 0) == 4, (before, after)
            assert after[name][10] - before[name].get(10, 0) == 2, (before, after)


tap = Tap()
tap.test("rising edges of both controllers", test_counts)
tap.done()
