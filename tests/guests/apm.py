#!/usr/bin/env python3
"""apm.py OUT NAME:TYPE:FILE[:boot]...: a disk image with an Apple Partition Map.

Inside Macintosh: Devices, chapter 3: block 0 is the driver descriptor ("ER"),
blocks 1.. are partition entries ("PM"), all fields big-endian.
SPDX-License-Identifier: MIT
"""
import os
import struct
import sys

BLOCK = 512
MAP_BLOCKS = 63
VALID_IN_USE_READ_WRITE = 0x37
BOOTABLE = 0x48


def entries(specs):
    position = 1 + MAP_BLOCKS
    yield ("Apple", "Apple_partition_map", 1, MAP_BLOCKS, VALID_IN_USE_READ_WRITE, None)
    for spec in specs:
        name, kind, path, *flags = spec.split(":")
        blocks = -(-os.path.getsize(path) // BLOCK)
        status = VALID_IN_USE_READ_WRITE | (BOOTABLE if "boot" in flags else 0)
        yield (name, kind, position, blocks, status, path)
        position += -(-blocks // 8) * 8
    yield ("Extra", "Apple_Free", position, 8, 0, None)


def main():
    out, table = sys.argv[1], list(entries(sys.argv[2:]))
    total = table[-1][2] + table[-1][3]
    with open(out, "wb") as disk:
        disk.truncate(total * BLOCK)
        disk.write(struct.pack(">HHI", 0x4552, BLOCK, total))
        for index, (name, kind, start, blocks, status, path) in enumerate(table):
            disk.seek((1 + index) * BLOCK)
            disk.write(struct.pack(">HHIII32s32sIII", 0x504D, 0, len(table), start, blocks,
                                   name.encode(), kind.encode(), 0, blocks, status))
            if path:
                disk.seek(start * BLOCK)
                with open(path, "rb") as source:
                    while chunk := source.read(1 << 20):
                        disk.write(chunk)


main()
