#!/usr/bin/env python3
"""What a user with a window has: the display card's picture and the keyboard, in the firmware and in Linux.

The picture is read back as text: glyphs are learnt from a line typed before.
When this fails, the screen stays black or keys are lost. SPDX-License-Identifier: MIT
"""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from guest import TIMEOUT_FACTOR, Failure, Guest, Monitor, Tap, guest_dir, temp_dir

GUEST = guest_dir()
FIRMWARE_CELL = (8, 10)     # pixels
LINUX_CELL = (8, 16)


class Screen:
    """A screendump as a grid of characters."""

    def __init__(self, path, cell):
        with open(path, "rb") as f:
            magic, self.width, self.height, depth = f.readline().strip(), *map(int, f.readline().split()), f.readline()
            self.pixels = f.read()
        assert magic == b"P6" and depth.strip() == b"255", (magic, depth)
        assert len(self.pixels) == self.width * self.height * 3, "truncated picture"
        self.cell = cell
        self.background = self.pixels[-3:]
        self.columns, self.rows = self.width // cell[0], self.height // cell[1]

    def glyph(self, row, column):
        """The cell's pixels that differ from the background, as bits; 0: blank."""
        bits = 0
        for y in range(row * self.cell[1], (row + 1) * self.cell[1]):
            start = (y * self.width + column * self.cell[0]) * 3
            for x in range(start, start + self.cell[0] * 3, 3):
                bits = bits << 1 | (self.pixels[x:x + 3] != self.background)
        return bits

    def row_glyphs(self, row):
        glyphs = [self.glyph(row, column) for column in range(self.columns)]
        while glyphs and not glyphs[-1]:
            glyphs.pop()
        return glyphs

    def last_row(self):
        """Number of the last row that is not blank, -1: none."""
        line = self.width * 3
        blank = self.background * self.width
        for y in range(self.height - 1, -1, -1):
            if self.pixels[y * line:(y + 1) * line] != blank:
                return y // self.cell[1]
        return -1


def dump(monitor, folder, cell):
    path = os.path.join(folder, "screen.ppm")
    output = monitor.command(f"screendump {path}")
    assert not output, output
    return Screen(path, cell)


def wait_for_prompt(monitor, folder, below=-1, timeout=30):
    """The screen once its last row, which must lie after `below`, is `0 > ` and the cursor."""
    deadline = time.time() + timeout * TIMEOUT_FACTOR
    while time.time() < deadline:
        screen = dump(monitor, folder, FIRMWARE_CELL)
        last = screen.last_row()
        if last > below and [bool(g) for g in screen.row_glyphs(last)] == [True, False, True, False, True]:
            return screen
        time.sleep(0.2)
    raise Failure(f"no prompt on the screen: row {last} has {len(screen.row_glyphs(last))} characters")


def type_with_echo(monitor, folder, line):
    """Each key waits for the echo of the one before: the firmware mixes up USB keys that it polls late."""
    screen = dump(monitor, folder, FIRMWARE_CELL)
    row = screen.last_row()
    for character in line:
        before = screen.row_glyphs(row)
        deadline = time.time() + 10
        monitor.type(character)
        while screen.row_glyphs(row) == before:
            if time.time() > deadline:
                raise Failure(f"no echo of {character!r}")
            screen = dump(monitor, folder, FIRMWARE_CELL)
    monitor.type("\n")


def firmware_calculates(machine):
    learn = "\\ 0123456789 +."
    with temp_dir() as folder:
        socket = os.path.join(folder, "monitor")
        with Guest("-M", machine, "-display", "none", "-serial", "stdio", "-monitor", f"unix:{socket},server,nowait"):
            monitor = Monitor(socket)
            row = wait_for_prompt(monitor, folder).last_row()
            type_with_echo(monitor, folder, learn)
            screen = wait_for_prompt(monitor, folder, row)
            names = dict(zip(screen.row_glyphs(row), "0 > " + learn))
            assert len(names) == len(set("0 > " + learn)), f"glyphs are missing or alike: {names}"
            row = screen.last_row()
            type_with_echo(monitor, folder, "12 34 + .")
            screen = wait_for_prompt(monitor, folder, row)
            text = "".join(names.get(glyph, "?") for glyph in screen.row_glyphs(row))
            assert text.startswith("0 > 12 34 + . 46 "), f"the screen shows {text!r}"


def linux_console(machine):
    with temp_dir() as folder:
        socket = os.path.join(folder, "monitor")
        with Guest("-M", machine, "-m", "256", "-display", "none", "-serial", "stdio", "-monitor",
                   f"unix:{socket},server,nowait", "-kernel", f"{GUEST}/vmlinux", "-initrd", f"{GUEST}/initrd.gz",
                   "-append", "console=ttyPZ0") as guest:
            monitor = Monitor(socket)
            guest.expect(r"GUEST-READY ppc")
            guest.expect(r"guest# ")
            if "via=pmu" in machine:
                guest.run("while ! grep -q 'USB Keyboard' /proc/bus/input/devices; do sleep 1; done")
            time.sleep(0.5)
            before = dump(monitor, folder, LINUX_CELL)
            assert before.last_row() >= 0, "the screen is blank"
            monitor.type("echo hi-from-keyboard > /dev/ttyPZ0\n")
            guest.expect(r"hi-from-keyboard", 20)
            after = dump(monitor, folder, LINUX_CELL)
            assert after.last_row() > before.last_row(), "what was typed is not on the screen"
            assert len(after.row_glyphs(before.last_row())) == len("guest# echo hi-from-keyboard > /dev/ttyPZ0")


tap = Tap()
for board in ("g3beige", "mac99", "mac99,via=pmu"):
    tap.test(f"{board}: firmware calculates", firmware_calculates, board)
for board in ("g3beige", "mac99", "mac99,via=pmu"):
    tap.test(f"{board}: Linux console with keyboard", linux_console, board)
tap.done()
