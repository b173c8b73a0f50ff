"""Images of the real-mode system in tests/boot/realmode, and what its commands must answer.

SPDX-License-Identifier: MIT
"""
import os
import random
import struct
import subprocess

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "realmode")
SECTOR = 512
# Name: cylinders, heads, sectors per track.
FLOPPIES = {"360K": (40, 2, 9), "720K": (80, 2, 9), "1.2M": (80, 2, 15), "1.44M": (80, 2, 18), "2.88M": (80, 2, 36)}


def assemble(folder, source, *options):
    """The flat binary of a source file."""
    name = os.path.join(folder, os.path.basename(source))
    subprocess.run(["i686-linux-gnu-gcc", "-m32", "-c", "-o", name + ".o", *options, os.path.join(HERE, source)],
                   check=True)
    subprocess.run(["i686-linux-gnu-ld", "-m", "elf_i386", "-Ttext", "0", "--oformat", "binary", "-o", name + ".bin",
                    name + ".o"], check=True)
    with open(name + ".bin", "rb") as file:
        return file.read()


class Image:
    """A bootable image whose rest is random."""

    def __init__(self, folder, name, cylinders, heads, sectors):
        system = assemble(folder, "system.S")
        count = -(-len(system) // SECTOR)
        boot = bytearray(assemble(folder, "boot.S", f"-DSYSTEM_SECTORS={count}"))
        struct.pack_into("<HH", boot, 24, sectors, heads)
        data = boot + system.ljust(count * SECTOR, b"\0")
        size = cylinders * heads * sectors * SECTOR
        self.data = bytes(data) + random.Random(name).randbytes(size - len(data))
        self.path = os.path.join(folder, f"{name}.img")
        with open(self.path, "wb") as file:
            file.write(self.data)

    def sum(self, size=None):
        """What the command S prints for the first size bytes."""
        total = 0
        for (word,) in struct.iter_unpack("<H", self.data[:size]):
            total = ((total << 1 | total >> 31) + word) & 0xffffffff
        return total

    def last_sector(self, size=None):
        """Of the file as it is now, which the guest may have written."""
        with open(self.path, "rb") as file:
            return file.read(size)[-SECTOR:]
