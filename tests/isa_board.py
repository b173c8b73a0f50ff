"""A machine with an ISA bus for tests of ISA devices: isapc of the i386 executable.

SPDX-License-Identifier: MIT
"""
import os
import subprocess
import sys

from qtest import QTest

EXE = os.environ.get("QEMU_EXE_I386", "i386-softmmu/qemu-system-i386")
MACHINE = os.environ.get("QEMU_TEST_ISA_MACHINE", "isapc")


def skip_unless_available():
    """Ends the test program when the build has no such machine."""
    if os.path.exists(EXE):
        machines = subprocess.run([EXE, "-M", "help"], stdout=subprocess.PIPE, text=True, check=True).stdout
        if any(line.split()[:1] == [MACHINE] for line in machines.splitlines()):
            return
    print(f"1..0 # SKIP no machine {MACHINE} in {EXE}")
    sys.exit(0)


class IsaBoard(QTest):
    """Ports, and the byte channels of the DMA controller."""

    PAGES = {0: 0x87, 1: 0x83, 2: 0x81, 3: 0x82, 5: 0x8b, 6: 0x89, 7: 0x8a}

    def __init__(self, *args):
        super().__init__("-M", MACHINE, *args, exe=EXE)

    def out(self, port, value):
        self.write("outb", port, value)

    def inp(self, port):
        return self.read("inb", port)

    def dma(self, channel, mode, address, count):
        """Program a channel: mode without the channel number, count in its units."""
        base, step, wide = (0, 1, 0) if channel < 4 else (0xc0, 2, 1)
        n = channel & 3
        address_units = address >> wide
        self.out(base + 10 * step, 4 | n)
        self.out(base + 12 * step, 0)
        self.out(base + 11 * step, mode | n)
        for value in (address_units & 0xff, address_units >> 8 & 0xff):
            self.out(base + 2 * n * step, value)
        self.out(self.PAGES[channel], address >> 16)
        for value in (count - 1 & 0xff, count - 1 >> 8 & 0xff):
            self.out(base + (2 * n + 1) * step, value)
        if channel > 4:
            self.out(0xd6, 0xc0)                # cascade
            self.out(0xd4, 0)
        self.out(base + 10 * step, n)
