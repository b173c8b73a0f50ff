#!/usr/bin/env python3
"""What the monitor says of the memory balloon when its driver lies. If this fails, a guest
makes up memory that programs around the emulator plan with.

SPDX-License-Identifier: MIT
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
from guest import Tap, executable    # noqa: E402
from qtest import QTest              # noqa: E402

SLOT, PORTS, BAR0, COMMAND = 5, 0xc000, 0x10, 4
CONFIG = PORTS + 20                  # behind the legacy registers: num_pages, actual
NUM_PAGES, ACTUAL = CONFIG, CONFIG + 4


def lying_driver():
    with QTest("-M", "pc", "-nodefaults", "-m", "64", "-device", f"virtio-balloon-pci,addr={SLOT}", exe=executable("x86_64")) as b:
        for register, value in ((BAR0, PORTS), (COMMAND, 1)):
            b.write("outl", 0xcf8, 0x80000000 | SLOT << 11 | register)
            b.write("outl", 0xcfc, value)
        b.monitor.command("balloon 32")
        assert b.read("inl", NUM_PAGES) == 32 << 8
        for pages, left in ((32 << 8, 32), (64 << 8, 0), ((64 << 8) + 1, 0), (0xffffffff, 0)):
            b.write("outl", ACTUAL, pages)
            text = b.monitor.command("info balloon")
            assert f"actual={left}" in text.split(), f"{pages} pages: {text}"


tap = Tap()
tap.test("a driver that lies", lying_driver)
tap.done()
