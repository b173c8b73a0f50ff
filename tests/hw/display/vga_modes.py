"""Register sets of the classic VGA modes and what the tests draw in them.

SPDX-License-Identifier: MIT
"""
import os

# misc, sequencer 0-4, CRTC 0-0x18, graphics 0-8, attribute 0x10-0x13
CRTC_TEXT80 = "5f 4f 50 82 55 81 bf 1f 00 4f 0d 0e 00 00 00 00 9c 8e 8f 28 1f 96 b9 a3 ff"
CRTC_200 = "5f 4f 50 82 54 80 bf 1f 00 41 00 00 00 00 00 00 9c 8e 8f 28 40 96 b9 a3 ff"
TABLE = {
    "text80": (0x67, "03 00 03 00 02", CRTC_TEXT80, "00 00 00 00 00 10 0e 0f ff", "0c 00 0f 08"),
    "text40": (0x67, "03 08 03 00 02",
               "2d 27 28 90 2b a0 bf 1f 00 4f 0d 0e 00 00 00 00 9c 8e 8f 14 1f 96 b9 a3 ff",
               "00 00 00 00 00 10 0e 0f ff", "0c 00 0f 08"),
    "text50": (0x63, "03 01 03 00 02",
               "5f 4f 50 82 55 81 bf 1f 00 47 06 07 00 00 00 00 9c 8e 8f 28 1f 96 b9 a3 ff",
               "00 00 00 00 00 10 0e 0f ff", "08 00 0f 00"),
    "cga4": (0x63, "03 09 03 00 02",
             "2d 27 28 90 2b 80 bf 1f 00 c1 00 00 00 00 00 00 9c 8e 8f 14 00 96 b9 a2 ff",
             "00 00 00 00 00 30 0f 0f ff", "01 00 03 00"),
    "cga2": (0x63, "03 01 01 00 06",
             "5f 4f 50 82 54 80 bf 1f 00 c1 00 00 00 00 00 00 9c 8e 8f 28 00 96 b9 c2 ff",
             "00 00 00 00 00 00 0d 0f ff", "01 00 01 00"),
    "planar320": (0x63, "03 09 0f 00 06",
                  "2d 27 28 90 2b 80 bf 1f 00 c0 00 00 00 00 00 00 9c 8e 8f 14 00 96 b9 e3 ff",
                  "00 00 00 00 00 00 05 0f ff", "01 00 0f 00"),
    "planar640": (0xe3, "03 01 0f 00 06",
                  "5f 4f 50 82 54 80 0b 3e 00 40 00 00 00 00 00 00 ea 8c df 28 00 e7 04 e3 ff",
                  "00 00 00 00 00 00 05 0f ff", "01 00 0f 00"),
    "chain4": (0x63, "03 01 0f 00 0e", CRTC_200, "00 00 00 00 00 40 05 0f ff", "41 00 0f 00"),
    "modex": (0xe3, "03 01 0f 00 06",
              "5f 4f 50 82 54 80 0d 3e 00 41 00 00 00 00 00 00 ea ac df 28 00 e7 06 e3 ff",
              "00 00 00 00 00 40 05 0f ff", "41 00 0f 00"),
}
EGA_PALETTE = [0, 1, 2, 3, 4, 5, 0x14, 7, 0x38, 0x39, 0x3a, 0x3b, 0x3c, 0x3d, 0x3e, 0x3f]
A_GLYPH = bytes.fromhex("0000 10386cc6c6fec6c6c6c6 00000000".replace(" ", ""))


def numbers(text):
    return [int(word, 16) for word in text.split()]


def bios_font():
    """The 8x16 font of the VGA BIOS package: 256 glyphs."""
    for directory in ("/usr/share/seabios", "/usr/share/qemu"):
        path = os.path.join(directory, "vgabios-stdvga.bin")
        if os.path.exists(path):
            with open(path, "rb") as f:
                rom = f.read()
            at = rom.index(A_GLYPH) - 65 * 16
            return rom[at:at + 4096]
    raise OSError("no vgabios-stdvga.bin (Debian: seabios)")


class Card:
    """VGA registers through functions out(port, value) and in(port)."""

    def __init__(self, outb, inb):
        self.outb, self.inb = outb, inb

    def set_indexed(self, port, first, values):
        for i, value in enumerate(values):
            self.outb(port, first + i)
            self.outb(port + 1, value)

    def set_attribute(self, first, values, screen_on=True):
        for i, value in enumerate(values):
            self.inb(0x3da)
            self.outb(0x3c0, first + i)
            self.outb(0x3c0, value)
        if screen_on:
            self.inb(0x3da)
            self.outb(0x3c0, 0x20)

    def set_mode(self, name):
        misc, seq, crtc, gfx, attribute = TABLE[name]
        self.outb(0x3c2, misc)
        self.set_indexed(0x3c4, 0, numbers(seq))
        self.set_indexed(0x3d4, 0x11, [0])
        self.set_indexed(0x3d4, 0, numbers(crtc))
        self.set_indexed(0x3ce, 0, numbers(gfx))
        palette = range(16) if name in ("chain4", "modex") else EGA_PALETTE
        if name == "cga4":
            palette = [0, 0x13, 0x15, 0x17] * 4
        elif name == "cga2":
            palette = [0] + [0x17] * 15
        self.set_attribute(0, list(palette) + numbers(attribute))
        self.set_dac()

    def set_dac(self):
        """64 colours of the EGA, then a cube."""
        self.outb(0x3c6, 0xff)
        self.outb(0x3c8, 0)
        for i in range(64):
            for high, low in ((0x04, 0x20), (0x02, 0x10), (0x01, 0x08)):
                self.outb(0x3c9, (42 if i & high else 0) + (21 if i & low else 0))
        for i in range(64, 256):
            for part in (i & 7, i >> 3 & 7, i >> 6 & 3):
                self.outb(0x3c9, part * 9 if part < 7 else 63)
