#!/usr/bin/env python3
"""What a user with a window has: the display card's picture and the keyboard, in the firmware and in Linux.

The picture is read back as text: glyphs are learnt from a line typed before.
When this fails, the screen stays black or keys are lost. SPDX-License-Identifier: MIT
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from guest import Guest, Monitor, Tap, guest_dir, temp_dir, wait_until

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


def wait_for_prompt(monitor, folder, below=-1):
    """The screen once its last row, which must lie after `below`, is `0 > ` and the cursor."""
    def prompt():
        screen = dump(monitor, folder, FIRMWARE_CELL)
        last = screen.last_row()
        shape = [bool(g) for g in screen.row_glyphs(last)]
        return screen if last > below and shape == [True, False, True, False, True] else None

    return wait_until(prompt, "a prompt is on the screen")


def type_with_echo(monitor, folder, line):
    """Each key waits for the echo of the one before: the firmware mixes up USB keys that it polls late."""
    row = dump(monitor, folder, FIRMWARE_CELL).last_row()
    for character in line:
        before = dump(monitor, folder, FIRMWARE_CELL).row_glyphs(row)
        monitor.type(character)
        wait_until(lambda: dump(monitor, folder, FIRMWARE_CELL).row_glyphs(row) != before, f"{character!r} is echoed")
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


def settled(monitor, folder):
    """The console's screen when its shell has put out all: two looks at rows that are alike."""
    def alike():
        first, second = (dump(monitor, folder, LINUX_CELL) for _ in range(2))
        row = second.last_row()
        shape = [bool(g) for g in second.row_glyphs(row)]
        return second if row == first.last_row() and shape[:6] == [True] * 6 and len(shape) in (6, 8) else None

    return wait_until(alike, "the last row of the screen is the shell's prompt")


def linux_console(machine):
    with temp_dir() as folder:
        socket = os.path.join(folder, "monitor")
        with Guest("-M", machine, "-m", "256", "-display", "none", "-serial", "stdio", "-monitor",
                   f"unix:{socket},server,nowait", "-kernel", f"{GUEST}/vmlinux", "-initrd", f"{GUEST}/initrd.gz",
                   "-append", "console=ttyPZ0") as guest:
            monitor = Monitor(socket)
            guest.to_prompt(r"GUEST-READY ppc")
            if "via=pmu" in machine:
                guest.run("while ! grep -q 'USB Keyboard' /proc/bus/input/devices; do sleep 1; done")
            before = settled(monitor, folder)
            monitor.type("echo hi-from-keyboard > /dev/ttyPZ0\n")
            guest.expect(r"hi-from-keyboard")
            after = dump(monitor, folder, LINUX_CELL)
            assert after.last_row() > before.last_row(), "what was typed is not on the screen"
            assert len(after.row_glyphs(before.last_row())) == len("guest# echo hi-from-keyboard > /dev/ttyPZ0")


tap = Tap()
for board in ("g3beige", "mac99", "mac99,via=pmu"):
    tap.test(f"{board}: firmware calculates", firmware_calculates, board)
for board in ("g3beige", "mac99", "mac99,via=pmu"):
    tap.test(f"{board}: Linux console with keyboard", linux_console, board)
tap.done()
