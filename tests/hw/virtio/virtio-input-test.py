#!/usr/bin/env python3
"""virtio keyboard, mouse and tablet: what they say of themselves, and the events that keys and
pointers become. If this fails, guests with these devices cannot be typed or pointed at.

SPDX-License-Identifier: MIT
"""
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
from guest import Tap, executable    # noqa: E402
from qtest import QTest              # noqa: E402

BAR, CONFIG = 0xe0000000, 0x2000
FEATURE_SELECT, FEATURES, STATUS, QUEUE, QUEUE_SIZE, QUEUE_ENABLE, QUEUE_DESC = 0x08, 0x0c, 0x14, 0x16, 0x18, 0x1c, 0x20
DESC, AVAIL, USED, BUFFERS = 0x100000, 0x101000, 0x102000, 0x103000
SIZE, DEVICE_WRITES = 64, 2
NAME, SERIAL, IDS, BITS, ABS = 1, 2, 3, 0x11, 0x12
SYN, KEY, REL, ABSOLUTE, REP = 0, 1, 2, 3, 0x14


class Card(QTest):
    def __init__(self, device):
        super().__init__("-M", "pc", "-nodefaults", "-device", f"{device},id=card,addr=5", exe=executable("x86_64"))
        for register, value in (0x20, BAR), (0x24, 0), (0x04, 6):
            self.write("outl", 0xcf8, 0x80000000 | 5 << 11 | register)
            self.write("outl", 0xcfc, value)
        for status in 0, 1, 3:
            self.write("writeb", BAR + STATUS, status)
        self.write("writel", BAR + FEATURE_SELECT, 1)
        self.write("writel", BAR + FEATURES, 1)
        self.write("writeb", BAR + STATUS, 0xb)
        self.write("writew", BAR + QUEUE, 0)
        self.write("writew", BAR + QUEUE_SIZE, SIZE)
        for i, address in enumerate((DESC, AVAIL, USED)):
            self.write("writel", BAR + QUEUE_DESC + 8 * i, address)
        self.write("writew", BAR + QUEUE_ENABLE, 1)
        self.memwrite(DESC, b"".join(struct.pack("<QIHH", BUFFERS + 8 * i, 8, DEVICE_WRITES, 0) for i in range(SIZE)))
        self.memwrite(AVAIL + 4, struct.pack(f"<{SIZE}H", *range(SIZE)))
        self.write("writeb", BAR + STATUS, 0xf)
        self.seen = 0

    def offer(self, count):
        """So many buffers since the start."""
        self.write("writew", AVAIL + 2, count)

    def ask(self, select, subselect=0):
        self.write("writeb", BAR + CONFIG, select)
        self.write("writeb", BAR + CONFIG + 1, subselect)
        size = self.read("readb", BAR + CONFIG + 2)
        return bytes(self.read("readb", BAR + CONFIG + 8 + i) for i in range(size))

    def do(self, line):
        output = self.monitor.command(line)
        assert not output.strip(), output

    def events(self):
        """(type, code, value) of those that came since the last call."""
        found = []
        while self.seen != self.read("readw", USED + 2):
            number, length = struct.unpack("<II", self.memread(USED + 4 + 8 * (self.seen % SIZE), 8))
            assert length == 8
            found.append(struct.unpack("<HHi", self.memread(BUFFERS + 8 * number, 8)))
            self.seen += 1
        return found


def has(bits, code):
    return code // 8 < len(bits) and bits[code // 8] >> code % 8 & 1


END = (SYN, 0, 0)


def test_keyboard():
    with Card("virtio-keyboard-pci,serial=S1") as c:
        assert c.ask(NAME) == b"QEMU Virtio Keyboard" and c.ask(SERIAL) == b"S1"
        assert struct.unpack("<4H", c.ask(IDS)) == (6, 0x627, 1, 1)
        keys = c.ask(BITS, KEY)
        assert has(keys, 30) and has(keys, 1) and not has(keys, 0) and not has(keys, 0x110)
        assert c.ask(BITS, REP) and not c.ask(BITS, ABSOLUTE) and not c.ask(ABS, 0) and not c.ask(0x55, 3)
        c.offer(20)
        c.do("sendkey shift-a 10")
        for _ in range(3):
            c.clock_step(100 * 1000000)
        assert c.events() == [(KEY, 42, 1), END, (KEY, 30, 1), END, (KEY, 30, 0), END, (KEY, 42, 0), END]


def test_mouse():
    with Card("virtio-mouse-pci") as c:
        rel = c.ask(BITS, REL)
        assert has(rel, 0) and has(rel, 1) and has(rel, 8) and has(c.ask(BITS, KEY), 0x110) and not c.ask(SERIAL)
        c.offer(20)
        c.do("mouse_move 5 -7 -1")
        c.do("mouse_button 3")
        c.do("mouse_button 2")
        assert c.events() == [(REL, 0, 5), (REL, 1, -7), (REL, 8, -1), END, (KEY, 0x110, 1), (KEY, 0x111, 1), END,
                              (KEY, 0x110, 0), END]


def test_tablet():
    """Without buffers for a whole group nothing comes; a save in between changes nothing."""
    with Card("virtio-tablet-pci") as c:
        assert struct.unpack("<5i", c.ask(ABS, 0)) == (0, 0x7fff, 0, 0, 0) and c.ask(ABS, 1) and not c.ask(ABS, 2)
        c.offer(7)
        c.do("mouse_move 100 40000")
        assert c.events() == [(ABSOLUTE, 0, 100), (ABSOLUTE, 1, 0x7fff), END]
        c.do("mouse_button 1")
        assert c.events() == [(KEY, 0x110, 1), END]
        c.do("mouse_move 1 2")
        assert c.events() == [], "two buffers for three events"
        c.offer(8)
        state = c.command("vmsave card")[0]
        c.command(f"vmload card {state}")
        c.do("mouse_move 3 4")
        assert c.events() == [(ABSOLUTE, 0, 3), (ABSOLUTE, 1, 4), END]
        c.write("writeb", BAR + STATUS, 0)
        c.do("mouse_move 5 6")          # nobody listens


tap = Tap()
tap.test("keyboard", test_keyboard)
tap.test("mouse", test_mouse)
tap.test("tablet", test_tablet)
tap.done()
