#!/usr/bin/env python3
"""Floppy controller: reset, seeks, DMA and FIFO transfers, multi-track, scan,
verify, format, errors, change line, media sizes. If this fails, DOS and BIOS
floppies do not read, or guests take errors for data.

SPDX-License-Identifier: MIT
"""
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
from guest import Tap, temp_dir, tests_in  # noqa: E402
from isa_board import IsaBoard, skip_unless_available  # noqa: E402

DOR, TDR, MSR, FIFO, DIR = 0x3f2, 0x3f3, 0x3f4, 0x3f5, 0x3f7
READ_MEMORY, WRITE_MEMORY, BUFFER = 0x48, 0x44, 0x10000
SECTOR = 512


class Floppy(IsaBoard):
    def __init__(self, directory, size, rate=0, options=""):
        self.path = os.path.join(directory, f"floppy{size}.img")
        self.image = random.Random(size).randbytes(size)
        with open(self.path, "wb") as f:
            f.write(self.image)
        args = ["-drive", f"file={self.path},if=floppy,format=raw{options}"]
        super().__init__(*args)
        self.out(DOR, 0)
        self.out(DOR, 0x1c)
        assert [self.run(8) for _ in range(4)] == ["c0 00", "c1 00", "c2 00", "c3 00"]
        self.run(3, 0xaf, 2)
        self.out(DIR, rate)

    def run(self, *command):
        """A command without a transfer by FIFO; its result."""
        for byte in command:
            self.out(FIFO, byte)
        return self.result()

    def result(self):
        result = []
        while self.inp(MSR) & 0xf0 == 0xd0 and len(result) < 20:
            result.append(self.inp(FIFO))
        return " ".join(f"{byte:02x}" for byte in result)

    def seek(self, track):
        assert self.run(0x0f, 0, track) == "" and self.run(8) == f"20 {track:02x}"

    def check(self, what, got, expected):
        assert got == expected, f"{what}: {got}, expected {expected}"


def test_commands(directory):
    with Floppy(directory, 1474560) as f:
        f.check("version", f.run(0x10), "90")
        f.check("part", f.run(0x18), "41")
        f.check("invalid", f.run(0x1f), "80")
        f.check("no interrupt", f.run(8), "80")
        f.check("drive 0", f.run(4, 0), "38")
        f.run(7, 0)
        f.check("recalibrated", f.run(8), "20 00")
        f.seek(5)
        f.run(0xcf, 0, 3)
        f.check("up", f.run(8), "20 08")
        f.run(0x8f, 0, 2)
        f.check("down", f.run(8), "20 06")
        f.run(0x13, 0, 0x57, 0x10)
        f.run(0x12, 0x84)
        f.check("lock", f.run(0x94), "10")
        f.check("registers", f.run(0x0e), "06 00 00 00 af 02 00 84 57 10")
        f.out(DOR, 0)
        f.out(DOR, 0x1c)
        f.check("locked over reset", f.run(0x0e)[-5:], "57 10")
        f.check("unlock", f.run(0x14), "00")
        f.check("identifier", f.run(0x4a, 4), "04 00 00 06 01 01 02")


def test_dma(directory):
    with Floppy(directory, 1474560) as f:
        start = 3 * 2 * 18 * SECTOR
        f.seek(3)
        f.dma(2, WRITE_MEMORY, BUFFER, 20 * SECTOR)
        f.check("read", f.run(0xe6, 0, 3, 0, 10, 2, 18, 0x1b, 0xff), "04 00 00 03 01 0c 02")
        assert f.memread(BUFFER, 20 * SECTOR) == f.image[start + 9 * SECTOR:start + 29 * SECTOR]
        f.memwrite(BUFFER, bytes(range(256)) * 4)
        f.dma(2, READ_MEMORY, BUFFER, 2 * SECTOR)
        f.check("write", f.run(0xc5, 4, 3, 1, 17, 2, 18, 0x1b, 0xff), "04 00 00 04 00 01 02")
        with open(f.path, "rb") as image:
            image.seek(start + 34 * SECTOR)
            assert image.read(1024) == bytes(range(256)) * 4
        f.dma(2, READ_MEMORY, BUFFER, SECTOR)
        f.check("scan hit", f.run(0x51, 4, 3, 1, 17, 2, 17, 0x1b, 1), "04 00 08 03 01 11 02")
        f.dma(2, READ_MEMORY, BUFFER + 1, SECTOR)
        f.check("scan miss", f.run(0x51, 4, 3, 1, 17, 2, 17, 0x1b, 1), "04 00 04 04 01 01 02")
        f.check("verify", f.run(0x56, 0x80, 3, 0, 1, 2, 18, 0x1b, 3), "00 00 00 03 00 04 02")


def test_errors(directory):
    with Floppy(directory, 1474560) as f:
        f.run(0x13, 0, 0x17, 0)                 # no implied seek
        f.dma(2, WRITE_MEMORY, BUFFER, 4096)
        f.check("cylinder", f.run(0x46, 0, 5, 0, 1, 2, 18, 0x1b, 0xff), "40 04 10 05 00 01 02")
        f.check("sector", f.run(0x46, 0, 0, 0, 19, 2, 19, 0x1b, 0xff), "40 04 00 00 00 13 02")
        f.check("size", f.run(0x46, 0, 0, 0, 1, 3, 18, 0x1b, 0xff), "40 04 00 00 00 01 02")
        f.check("end", f.run(0x46, 0, 0, 0, 18, 2, 18, 0x1b, 0xff), "40 80 00 01 00 01 02")
        f.out(DIR, 1)
        f.check("rate", f.run(0x46, 0, 0, 0, 1, 2, 18, 0x1b, 0xff), "40 01 00 00 00 01 02")
    with Floppy(directory, 1474560, options=",readonly=on") as f:
        f.check("protected", f.run(0xc5, 0, 0, 0, 1, 2, 18, 0x1b, 0xff), "40 02 00 00 00 01 02")
        f.check("status", f.run(4, 0), "78")


def test_fifo(directory):
    with Floppy(directory, 737280, rate=2) as f:
        f.run(3, 0xaf, 3)
        for byte in (0x46, 0, 0, 0, 2, 2, 3, 0x1b, 0xff):
            f.out(FIFO, byte)
        assert f.inp(MSR) == 0xf0
        assert bytes(f.inp(FIFO) for _ in range(1024)) == f.image[SECTOR:3 * SECTOR]
        f.check("read", f.result(), "40 80 00 01 00 01 02")     # nobody gave TC


def test_format(directory):
    with Floppy(directory, 368640, rate=1) as f:
        f.memwrite(BUFFER, b"".join(bytes((0, 1, r, 2)) for r in range(1, 10)))
        f.dma(2, READ_MEMORY, BUFFER, 36)
        f.check("format", f.run(0x4d, 4, 2, 9, 0x54, 0xf6), "04 00 00 00 01 09 02")
        with open(f.path, "rb") as image:
            data = image.read()
        assert data[9 * SECTOR:18 * SECTOR] == b"\xf6" * 9 * SECTOR
        assert data[:9 * SECTOR] == f.image[:9 * SECTOR]


def test_change_line(directory):
    with Floppy(directory, 1474560) as f:
        assert f.inp(DIR) == 0x80
        f.seek(1)
        assert f.inp(DIR) == 0
        assert f.monitor.command("eject floppy0") == ""
        assert f.inp(DIR) == 0x80
        f.seek(0)
        assert f.inp(DIR) == 0x80, "no disk"
        assert f.monitor.command(f"change floppy0 {f.path}") == ""
        f.seek(1)
        assert f.inp(DIR) == 0


def test_sizes(directory):
    """The last sector of each size is where it belongs."""
    sizes = {163840: (1, 40, 1, 8), 184320: (1, 40, 1, 9), 327680: (1, 40, 2, 8), 368640: (1, 40, 2, 9),
             737280: (2, 80, 2, 9), 1228800: (0, 80, 2, 15), 1474560: (0, 80, 2, 18), 2949120: (3, 80, 2, 36)}
    for size, (rate, tracks, heads, sectors) in sizes.items():
        with Floppy(directory, size, rate) as f:
            head = heads - 1
            f.seek(tracks - 1)
            f.dma(2, WRITE_MEMORY, BUFFER, SECTOR)
            result = f.run(0x46, 4 * head, tracks - 1, head, sectors, 2, sectors, 0x1b, 0xff)
            assert result.startswith("04 00 00" if head else "00 00 00"), f"{size}: {result}"
            assert f.memread(BUFFER, SECTOR) == f.image[-SECTOR:], size


def main():
    skip_unless_available()
    tap = Tap()
    with temp_dir() as directory:
        for name, function in tests_in(globals()):
            tap.test(name, function, directory)
    tap.done()


if __name__ == "__main__":
    main()
