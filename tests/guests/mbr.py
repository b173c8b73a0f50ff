#!/usr/bin/env python3
"""mbr.py OUT BOOT CORE ROOT: a disk image with an MBR, GRUB behind it and one partition.

BOOT is GRUB's first sector, which loads CORE from sector 1; ROOT becomes partition 1,
at 1 MB. Partition table: the System Initialization layout that every PC reads.
SPDX-License-Identifier: MIT
"""
import struct
import sys

SECTOR = 512
CODE_BYTES = 440
PARTITION_START = 2048
TYPE_LINUX = 0x83
ACTIVE = 0x80
BEYOND_CHS = b"\xfe\xff\xff"
SIGNATURE = b"\x55\xaa"
DISK_ID = 0x51454d55


def read(path):
    with open(path, "rb") as f:
        return f.read()


def main():
    out, boot_path, core_path, root_path = sys.argv[1:]
    boot, core, root = read(boot_path), read(core_path), read(root_path)
    if len(core) > (PARTITION_START - 1) * SECTOR:
        raise SystemExit(f"{core_path}: too big for the space before the partition")
    mbr = boot[:CODE_BYTES].ljust(CODE_BYTES, b"\0") + struct.pack("<IH", DISK_ID, 0)
    mbr += struct.pack("<B3sB3sII", ACTIVE, BEYOND_CHS, TYPE_LINUX, BEYOND_CHS, PARTITION_START, len(root) // SECTOR)
    mbr += bytes(3 * 16) + SIGNATURE
    with open(out, "wb") as f:
        f.write(mbr + core)
        f.seek(PARTITION_START * SECTOR)
        f.write(root)


main()
