#!/usr/bin/env python3
"""VGA pictures: text, CGA, planar, chained and unchained modes, split screen,
panning. If this fails, a mode shows something else than its memory.

Digests are of pictures that were looked at; QEMU_TEST_KEEP=DIR keeps PNGs.
SPDX-License-Identifier: MIT
"""
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from guest import Tap, tests_in  # noqa: E402
from qtest import QTest, digest  # noqa: E402
from vga_modes import Card, bios_font  # noqa: E402

CONFIG, DATA = 0xfec00000, 0xfee00000
FRAMEBUFFER, REGISTERS = 0x90000000, 0x91000000
KEEP = os.environ.get("QEMU_TEST_KEEP")
EXPECTED = {
    "chain4": "5083c70e42ddf2aa",
    "modex": "feca9d0e1fa880ea",
    "modex-panned": "cc156a3db283ed22",
    "cga4": "0e8d2acb4f3b9dfa",
    "cga2": "3a3b053b6651730e",
    "planar640": "0b568c9e10c66b92",
    "planar640-three-planes": "059365255af14d21",
    "planar640-panned": "5cfcc40730038dd6",
    "planar320": "972a3cdb5387cafe",
    "text80-split": "564329ce848ddfd8",
    "text80-split-unpanned": "2a88bdb2a8dd9ccd",
    "text80": "ba3dfd41248ac3e4",
    "text80-two-fonts": "b086029cc1362cc7",
    "text80-underline": "c8c9b5ed9983c194",
    "text40": "0670ba73c862384f",
    "text50": "5fd5363de3b613d4",
}


class G3Card(Card):
    """The PCI card of a g3beige: memory and ports through its BARs."""

    def __init__(self):
        self.qtest = QTest("-M", "g3beige", "-net", "none", "-vga", "std")
        for register, value in ((0x10, FRAMEBUFFER), (0x18, REGISTERS), (4, 2)):
            self.qtest.memwrite(CONFIG, struct.pack("<I", 1 << 31 | 1 << 11 | register))
            self.qtest.memwrite(DATA, struct.pack("<I", value))
        super().__init__(lambda port, value: self.qtest.write("writeb", REGISTERS + 0x400 + port - 0x3c0, value),
                         lambda port: self.qtest.read("readb", REGISTERS + 0x400 + port - 0x3c0))

    def __enter__(self):
        self.qtest.__enter__()
        return self

    def __exit__(self, *args):
        self.qtest.__exit__(*args)

    def set_memory(self, planes, size=0x10000):
        """planes: plane -> bytes; the others are 0. Written interleaved."""
        memory = bytearray(4 * size)
        for plane, data in planes.items():
            memory[plane:4 * len(data):4] = data
        self.qtest.memwrite(FRAMEBUFFER, memory)

    def check(self, name, size):
        keep = os.path.join(KEEP, name + ".png") if KEEP else None
        width, height, pixels = self.qtest.screen(keep)
        assert (width, height) == size, f"{name}: {width}x{height}, expected {size}"
        if KEEP:
            print(f'    "{name}": "{digest(pixels)}",')
        else:
            assert digest(pixels) == EXPECTED[name], f"{name}: digest {digest(pixels)}"


def font_plane(font, height=16):
    plane = bytearray(0x4000)
    for c in range(256):
        plane[32 * c:32 * c + height] = font[16 * c:16 * c + height]
        # Font 1 in map 4: mirrored upside down.
        plane[0x2000 + 32 * c:0x2000 + 32 * c + height] = font[16 * c:16 * c + height][::-1]
    return plane


def text_planes(columns, rows, font):
    """Word mode: cells at even offsets. All characters, all attributes."""
    characters, attributes = bytearray(2 * columns * rows), bytearray(2 * columns * rows)
    for i in range(columns * rows):
        characters[2 * i] = i & 0xff
        attributes[2 * i] = i // columns * 11 + i % columns * 3 & 0x7f if i >= 512 else 0x07
    return {0: characters, 1: attributes, 2: font}


def test_text():
    font = font_plane(bios_font())
    with G3Card() as card:
        card.set_mode("text80")
        card.set_memory(text_planes(80, 25, font))
        card.set_indexed(0x3d4, 0x0e, [0, 85])
        card.check("text80", (720, 400))
        card.set_indexed(0x3c4, 3, [0x20])              # attribute bit 3: map 4
        card.check("text80-two-fonts", (720, 400))
        card.set_indexed(0x3c4, 3, [0])
        card.set_indexed(0x3d4, 0x0a, [0x20])
        card.set_indexed(0x3d4, 0x14, [0x0e])           # underline
        card.set_attribute(0x10, [0x04])                # bright backgrounds, line graphics
        card.qtest.memwrite(FRAMEBUFFER, bytes((0x55, 0x01, 0, 0, 0, 0, 0, 0, 0x42, 0xf0, 0, 0)))
        card.check("text80-underline", (720, 400))
        card.set_mode("text40")
        card.check("text40", (720, 400))
        card.set_mode("text50")
        card.check("text50", (640, 400))


def test_blink():
    """A blinking character is dark in the second half of its period, the cursor in its own."""
    font = font_plane(bios_font())
    with G3Card() as card:
        card.set_mode("text80")
        card.set_memory({0: b"A\0B\0", 1: b"\x87\0\x07\0", 2: font})
        shown = card.qtest.screen()
        card.qtest.clock_step(10 * 1000000000 // 70)
        assert card.qtest.screen() != shown, "the cursor does not blink"
        card.set_indexed(0x3d4, 0x0a, [0x20])
        shown = card.qtest.screen()
        card.qtest.clock_step(10 * 1000000000 // 70)
        dark = card.qtest.screen()
        assert dark != shown, "the character does not blink"
        card.qtest.clock_step(16 * 1000000000 // 70)
        assert card.qtest.screen() == shown


def test_scrolling():
    """Start address, preset row, panning, split screen."""
    font = font_plane(bios_font())
    with G3Card() as card:
        card.set_mode("text80")
        card.set_memory(text_planes(80, 50, font))
        card.set_indexed(0x3d4, 0x08, [5])
        card.set_indexed(0x3d4, 0x0c, [0x03, 0x20])     # ten rows down
        card.set_attribute(0x13, [3])
        card.set_indexed(0x3d4, 0x18, [0x80])
        card.set_indexed(0x3d4, 7, [0x1f])
        card.set_indexed(0x3d4, 9, [0x0f])
        card.set_indexed(0x3d4, 7, [0x0f])              # line compare 0x080
        card.check("text80-split", (720, 400))
        card.set_attribute(0x10, [0x2c])                # the lower part is not panned
        card.check("text80-split-unpanned", (720, 400))


def planes_640x480():
    planes = [bytearray(80 * 480) for _ in range(4)]
    for y in range(480):
        for x in range(80):
            colour = (x // 5 + y // 30) & 15
            for plane in range(4):
                if colour >> plane & 1:
                    planes[plane][80 * y + x] = 0xff if (x + y) & 1 else 0xaa
    return dict(enumerate(planes))


def test_planar():
    with G3Card() as card:
        card.set_mode("planar640")
        card.set_memory(planes_640x480())
        card.check("planar640", (640, 480))
        card.set_attribute(0x12, [0x07])                # without plane 3
        card.check("planar640-three-planes", (640, 480))
        card.set_attribute(0x12, [0x0f])
        card.set_attribute(0x13, [5])
        card.check("planar640-panned", (640, 480))
        card.set_mode("planar320")
        card.check("planar320", (640, 400))


def test_cga():
    even, odd = bytearray(0x4000), bytearray(0x4000)
    for y in range(200):
        for x in range(80):
            at = (y & 1) * 0x2000 + y // 2 * 80 + x
            (odd if x & 1 else even)[at & ~1] = 0x1b if y // 20 & 1 else (x // 20) * 0x55
    flat = bytearray(0x4000)
    for y in range(200):
        for x in range(80):
            flat[(y & 1) * 0x2000 + y // 2 * 80 + x] = (x * y >> 3) & 0xff
    with G3Card() as card:
        card.set_mode("cga4")
        card.set_memory({0: even, 1: odd})
        card.check("cga4", (640, 400))
        card.set_mode("cga2")
        card.set_memory({0: flat})
        card.check("cga2", (640, 400))


def test_256_colours():
    with G3Card() as card:
        card.set_mode("chain4")
        picture = bytes((x ^ y) & 0xff for y in range(200) for x in range(320))
        card.qtest.memwrite(FRAMEBUFFER, picture)
        card.check("chain4", (640, 400))
        card.set_mode("modex")
        card.qtest.memwrite(FRAMEBUFFER, bytes((x + y) & 0xff for y in range(240) for x in range(320)))
        card.check("modex", (640, 480))
        card.set_attribute(0x13, [2])                   # one pixel
        card.check("modex-panned", (640, 480))


def test_dirty():
    """What is drawn step by step equals what is drawn at once."""
    with G3Card() as card:
        card.set_mode("planar640")
        card.set_memory({0: bytes(80 * 480)})
        card.qtest.screen()
        for line in range(0, 480, 7):
            card.qtest.memwrite(FRAMEBUFFER + line * 320, bytes((line & 0xff,)) * 40)
            card.qtest.screen()
        step_by_step = card.qtest.screen()
        card.set_attribute(0x12, [0x00])
        assert card.qtest.screen() != step_by_step
        card.set_attribute(0x12, [0x0f])
        assert card.qtest.screen() == step_by_step


def test_screen_off():
    with G3Card() as card:
        card.set_mode("planar640")
        card.set_memory(planes_640x480())
        lit = card.qtest.screen()[2]
        card.set_indexed(0x3c4, 1, [0x21])
        assert not any(card.qtest.screen()[2])
        card.set_indexed(0x3c4, 1, [0x01])
        assert card.qtest.screen()[2] == lit
        card.inb(0x3da)
        card.outb(0x3c0, 0x00)
        assert not any(card.qtest.screen()[2])


def main():
    tap = Tap()
    for name, function in tests_in(globals()):
        tap.test(name, function)
    tap.done()


if __name__ == "__main__":
    main()
