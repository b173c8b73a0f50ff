#!/usr/bin/env python3
"""pc-testdev: its register in each width, its memory, the interrupt lines. If this fails,
programs that test PC hardware (kvm-unit-tests) see their own device fail.

SPDX-License-Identifier: MIT
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
from guest import Tap  # noqa: E402
from isa_board import IsaBoard, skip_unless_available  # noqa: E402

DATA, FLUSH, BYTES, IRQS, MEMORY = 0xe0, 0xe4, 0xe8, 0x2000, 0xff000000


class Board(IsaBoard):
    def __init__(self):
        super().__init__("-device", "pc-testdev")

    def requests(self):
        """Requested interrupts of both 8259s."""
        self.out(0x20, 0x0a)
        self.out(0xa0, 0x0a)
        return self.inp(0x20) | self.inp(0xa0) << 8


def test_register():
    with Board() as b:
        b.write("outl", DATA, 0x12345678)
        b.write("outb", DATA, 0xab)
        b.write("outw", DATA + 2, 0x9988)
        assert b.read("inl", DATA) == 0x998856ab
        assert [b.read("inb", DATA + i) for i in range(4)] == [0xab, 0x56, 0x88, 0x99]
        assert b.read("inl", BYTES) == 0x998856ab and b.read("inb", BYTES) == 0xab
        b.write("outl", FLUSH, 0x1000)
        assert b.read("inl", FLUSH) == 0
        b.monitor.command("system_reset")
        b.monitor.command("info status")
        assert b.read("inl", DATA) == 0


def test_memory():
    with Board() as b:
        b.write("writel", MEMORY, 0xcafebabe)
        b.write("writeb", MEMORY + 1, 0x11)
        assert b.read("readl", MEMORY) == 0xcafe11be and b.read("readw", MEMORY + 2) == 0xcafe
        b.write("writeq", MEMORY + 0xfff8, 0x1122334455667788)
        assert b.read("readq", MEMORY + 0xfff8) == 0x1122334455667788
        assert b.read("readl", MEMORY + 0xfffc) == 0x11223344


def test_interrupts():
    with Board() as b:
        for port, first, cascade in (0x20, 0x20, 4), (0xa0, 0x28, 2):
            for offset, value in (0, 0x11), (1, first), (1, cascade), (1, 1), (1, 0):
                b.out(port + offset, value)
        for line in 3, 5, 10, 15:
            before = b.requests()
            b.out(IRQS + line, 1)
            assert b.requests() & ~before & 1 << line, line
            b.out(IRQS + line, 0)
        b.out(IRQS + 20, 1)             # no such line on the ISA bus


skip_unless_available()
tap = Tap()
tap.test("register", test_register)
tap.test("memory", test_memory)
tap.test("interrupts", test_interrupts)
tap.done()
