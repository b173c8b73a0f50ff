#!/usr/bin/env python3
"""Cirrus GD5446: extension registers, banks, BitBLT with raster operations,
patterns, colour expansion, CPU data, the hardware cursor; and the write modes
of the VGA window. If this fails, Windows 9x and X drivers draw garbage.

SPDX-License-Identifier: MIT
"""
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from guest import Tap, tests_in  # noqa: E402
from qtest import QTest, digest  # noqa: E402
from vga_modes import Card  # noqa: E402

CONFIG, DATA, PORTS, ISA_MEMORY = 0xfec00000, 0xfee00000, 0xfe000000, 0xfd000000
LINEAR, MMIO, WINDOW = 0x90000000, 0x92000000, ISA_MEMORY + 0xa0000
KEEP = os.environ.get("QEMU_TEST_KEEP")
PICTURE = "a13e804efa45eeeb"


class G3Card(Card):
    def __init__(self, *options):
        self.qtest = QTest("-M", "g3beige", "-net", "none", "-vga", "none", *options)
        slot = next(slot for slot in range(1, 32) if self.config(slot, 0xa) >> 16 == 0x300)
        for register, value in ((0x10, LINEAR), (0x14, MMIO), (4, 3)):
            self.config(slot, register, value)
        super().__init__(lambda port, value: self.qtest.write("writeb", PORTS + port, value),
                         lambda port: self.qtest.read("readb", PORTS + port))

    def config(self, slot, register, value=None):
        self.qtest.memwrite(CONFIG, struct.pack("<I", 1 << 31 | slot << 11 | (register & 0xfc)))
        if value is not None:
            return self.qtest.memwrite(DATA, struct.pack("<I", value))
        return struct.unpack("<I", self.qtest.memread(DATA, 4))[0]

    def __enter__(self):
        self.qtest.__enter__()
        return self

    def __exit__(self, *args):
        self.qtest.__exit__(*args)

    def get_indexed(self, port, index):
        self.outb(port, index)
        return self.inb(port + 1)

    def memory(self, address, size):
        return self.qtest.memread(address, size)


class Cirrus(G3Card):
    def __init__(self):
        super().__init__("-device", "cirrus-vga")
        self.set_indexed(0x3c4, 6, [0x12])

    def blit(self, width, height, to, origin=0, to_pitch=640, from_pitch=640, mode=0, rop=0x0d, ext=0, fg=0, bg=0):
        for register, value in ((0x00, bg), (0x04, fg)):
            for i, step in enumerate((0, 1, 2, 3)):
                self.qtest.write("writeb", MMIO + 0x100 + register + step, value >> 8 * i & 0xff)
        for register, value, size in ((0x08, width - 1, 2), (0x0a, height - 1, 2), (0x0c, to_pitch, 2),
                                      (0x0e, from_pitch, 2), (0x10, to, 3), (0x14, origin, 3), (0x18, mode, 1),
                                      (0x1a, rop, 1), (0x1b, ext, 1), (0x40, 2, 1)):
            self.qtest.memwrite(MMIO + 0x100 + register, value.to_bytes(size, "little"))

    def busy(self):
        return self.qtest.read("readb", MMIO + 0x140) & 1


def test_registers():
    with Cirrus() as card:
        assert card.get_indexed(0x3c4, 6) == 0x12
        card.set_indexed(0x3c4, 6, [0])
        assert card.get_indexed(0x3c4, 6) == 0x0f
        assert card.get_indexed(0x3c4, 0x0f) == 0x98 and card.get_indexed(0x3c4, 0x15) == 4
        assert card.get_indexed(0x3c4, 0x17) == 0x20 and card.get_indexed(0x3c4, 0x1f) == 0x2d
        card.outb(0x3c2, 0x67)
        assert card.get_indexed(0x3d4, 0x27) == 0xb8
        assert card.get_indexed(0x3ce, 0x3a) == 0xff
        for _ in range(4):
            card.inb(0x3c6)
        card.outb(0x3c6, 0xe1)
        card.inb(0x3c8)
        assert [card.inb(0x3c6) for _ in range(5)][4] == 0xe1


def test_banks():
    with Cirrus() as card:
        card.outb(0x3c2, 0x67)
        card.set_indexed(0x3c4, 7, [1])
        card.qtest.memwrite(LINEAR, bytes(range(256)) * 1024)
        card.set_indexed(0x3ce, 9, [3, 0x10, 0x01])     # two banks of 32 KiB, 4 KiB units
        assert card.memory(WINDOW + 5, 1) == card.memory(LINEAR + 0x3005, 1)
        card.qtest.memwrite(WINDOW + 0x8010, b"\xa5")
        assert card.memory(LINEAR + 0x10010, 1) == b"\xa5"
        card.set_indexed(0x3ce, 0x0b, [0x20])           # one bank, 16 KiB units
        card.qtest.memwrite(WINDOW + 1, b"\x5a")
        assert card.memory(LINEAR + 0xc001, 1) == b"\x5a"
        card.set_indexed(0x3ce, 9, [0, 0, 0x06])        # eight pixels a byte
        card.set_indexed(0x3ce, 0, [0x11, 0x22])
        card.set_indexed(0x3ce, 5, [0x05])
        card.qtest.memwrite(WINDOW + 2, b"\xf0")
        assert card.memory(LINEAR + 16, 8) == b"\x22" * 4 + b"\x11" * 4


def test_blits():
    with Cirrus() as card:
        card.blit(4, 2, 1000, mode=0xc0, ext=4, fg=0x77)
        assert card.memory(LINEAR + 1000, 5) == b"\x77" * 4 + b"\0" and card.memory(LINEAR + 1640, 4) == b"\x77" * 4
        card.qtest.memwrite(LINEAR, bytes(range(64)))
        card.blit(16, 1, 2000, 8)
        assert card.memory(LINEAR + 2000, 16) == bytes(range(8, 24))
        card.blit(16, 1, 2000, 8, rop=0x59)
        assert card.memory(LINEAR + 2000, 16) == bytes(16), "exclusive or"
        card.blit(32, 1, 4 + 31, 31, mode=1)
        assert card.memory(LINEAR, 40) == bytes(range(4)) + bytes(range(32)) + bytes(range(36, 40)), "overlap"
        card.qtest.memwrite(LINEAR + 0x1000, b"\xf0\x81" + bytes(6))
        card.blit(16, 1, 3000, 0x1000, mode=0x80, fg=0xaa, bg=0x55)
        assert card.memory(LINEAR + 3000, 16) == b"\xaa" * 4 + b"\x55" * 4 + b"\xaa" + b"\x55" * 6 + b"\xaa"
        card.blit(10, 2, 5000, 0x1000, mode=0xc0, fg=1, bg=2)
        assert card.memory(LINEAR + 5000, 10) == bytes((1, 1, 1, 1, 2, 2, 2, 2, 1, 1)), "pattern"
        assert card.memory(LINEAR + 5640, 8) == bytes((1, 2, 2, 2, 2, 2, 2, 1))
        card.blit(8, 1, 6000, mode=0x98, fg=0x1234)
        assert card.memory(LINEAR + 6000, 8) == bytes(8)


def test_cpu_data():
    with Cirrus() as card:
        card.blit(6, 2, 1000, mode=0x04)
        assert card.busy()
        card.qtest.memwrite(LINEAR, bytes(range(1, 17)))
        assert not card.busy()
        assert card.memory(LINEAR + 1000, 6) == bytes(range(1, 7))
        assert card.memory(LINEAR + 1640, 6) == bytes(range(9, 15))
        card.qtest.memwrite(LINEAR + 7, b"\x99")
        assert card.memory(LINEAR + 7, 1) == b"\x99", "memory again"
        card.blit(8, 1, 2000, mode=0x04)
        card.qtest.memwrite(MMIO + 0x140, b"\x04")
        card.qtest.memwrite(MMIO + 0x140, b"\x00")
        assert not card.busy(), "reset"


def test_absurd_blits():
    """Wild sizes and places stay in video memory."""
    with Cirrus() as card:
        for mode in (0x00, 0x01, 0x08, 0x40, 0x80, 0xc0, 0x38, 0xb8, 0x02):
            card.blit(0x2000, 0x800, 0x3fffff, 0x3ffff0, 0x1fff, 0x1fff, mode=mode)
            card.blit(1, 1, 0, 0x3fffff, mode=mode, ext=7)
        assert card.get_indexed(0x3c4, 6) == 0x12


def test_picture():
    """640x480 in 8 bits with a cursor."""
    with Cirrus() as card:
        card.set_mode("planar640")
        card.set_indexed(0x3c4, 7, [1])
        card.set_indexed(0x3d4, 0x13, [80])
        card.set_indexed(0x3ce, 6, [5])
        for i in range(16):
            card.blit(40, 300, 640 * (20 + 8 * i) + 40 * i, mode=0xc0, ext=4, fg=64 + 11 * i)
        card.qtest.memwrite(LINEAR + 4 * 1024 * 1024 - 0x4000, bytes((0xff, 0, 0, 0)) * 32 + bytes((0, 0, 0, 0xff)) * 16
                            + bytes((0xff, 0xff, 0, 0)) * 16)
        card.set_indexed(0x3c4, 0x12, [3])
        card.outb(0x3c8, 0)
        for value in (63, 0, 0):
            card.outb(0x3c9, value)
        card.outb(0x3c8, 15)
        for value in (0, 63, 63):
            card.outb(0x3c9, value)
        card.set_indexed(0x3c4, 0x12, [1])
        card.set_indexed(0x3c4, 0x10 | 5 << 5, [300 >> 3])
        card.set_indexed(0x3c4, 0x11 | 1 << 5, [200 >> 3])
        width, height, pixels = card.qtest.screen(os.path.join(KEEP, "cirrus.png") if KEEP else None)
        assert (width, height) == (640, 480)
        if KEEP:
            print(f"# {digest(pixels)}")
        else:
            assert digest(pixels) == PICTURE, digest(pixels)


def test_window_write_modes():
    """The standard card's graphics controller, through the window."""
    with G3Card("-device", "VGA") as card:
        card.set_mode("planar640")
        card.set_indexed(0x3c4, 2, [0x0f])
        card.set_indexed(0x3ce, 0, [0x05, 0x0f, 0, 0, 0, 0, 5, 0x0f, 0xf0])
        card.qtest.memwrite(WINDOW, b"\x00")            # set/reset colour 5, left half
        planes = []
        for plane in range(4):
            card.set_indexed(0x3ce, 4, [plane])
            planes.append(card.memory(WINDOW, 1)[0])
        assert planes == [0xf0, 0, 0xf0, 0], planes
        card.set_indexed(0x3ce, 1, [0])
        card.set_indexed(0x3ce, 5, [2])                 # write mode 2, colour 10
        card.set_indexed(0x3ce, 8, [0x0f])
        card.memory(WINDOW, 1)
        card.qtest.memwrite(WINDOW, b"\x0a")
        card.set_indexed(0x3ce, 5, [0x08])              # read mode 1
        card.set_indexed(0x3ce, 2, [0x0a])
        assert card.memory(WINDOW, 1) == b"\x0f"
        card.set_indexed(0x3ce, 2, [0x05])
        assert card.memory(WINDOW, 1) == b"\xf0"
        card.set_indexed(0x3ce, 7, [0x01])              # only plane 0 counts
        assert card.memory(WINDOW, 1) == b"\xf0"
        card.set_indexed(0x3ce, 5, [1])                 # write mode 1 copies the latches
        card.memory(WINDOW, 1)
        card.qtest.memwrite(WINDOW + 100, b"\x00")
        card.set_indexed(0x3ce, 5, [0])
        card.set_indexed(0x3ce, 4, [1])
        assert card.memory(WINDOW + 100, 1) == b"\x0f"
        card.set_indexed(0x3ce, 5, [3])                 # write mode 3: data is the mask
        card.set_indexed(0x3ce, 8, [0xff])
        card.set_indexed(0x3ce, 0, [0x02])
        card.memory(WINDOW + 100, 1)
        card.qtest.memwrite(WINDOW + 100, b"\x80")
        assert card.memory(WINDOW + 100, 1) == b"\x8f"
        card.set_indexed(0x3ce, 5, [0])
        card.set_indexed(0x3ce, 3, [0x1a])              # rotate 2, exclusive or
        card.memory(WINDOW + 100, 1)
        card.qtest.memwrite(WINDOW + 100, b"\x06")
        assert card.memory(WINDOW + 100, 1) == bytes((0x8f ^ 0x81,))
        card.set_mode("text80")
        card.qtest.memwrite(ISA_MEMORY + 0xb8000, b"A\x1e")
        assert card.memory(LINEAR, 2) == b"A\x1e" and card.memory(ISA_MEMORY + 0xb8000, 2) == b"A\x1e"
        assert card.memory(ISA_MEMORY + 0xa0000, 1) == b"\xff"
        card.set_mode("chain4")
        card.qtest.memwrite(WINDOW + 321, b"\x77")
        assert card.memory(LINEAR + 321, 1) == b"\x77"


def main():
    tap = Tap()
    for name, function in tests_in(globals()):
        tap.test(name, function)
    tap.done()


if __name__ == "__main__":
    main()
