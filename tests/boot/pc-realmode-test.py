#!/usr/bin/env python3
"""A real-mode system from floppies of all sizes, a disk and a CD, driven by
keyboard: BIOS calls, A20, unreal mode, every sector read, one written. If this
fails, DOS and boot loaders do not run.

SPDX-License-Identifier: MIT
"""
import os
import re
import shutil
import struct
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
from guest import Tap, temp_dir                 # noqa: E402
from pc import EXE32, EXE64, PC                 # noqa: E402
from realmode import FLOPPIES, SECTOR, Image    # noqa: E402


def command(guest, letter, verdict="OK"):
    """Type a command; the words behind its verdict."""
    guest.keys(letter.lower(), "ret")
    return guest.see(rf"^{letter} {verdict}(.*)\n(?s:.*)^RM>").group(1).split()


def check_disk(guest, image, geometry):
    """Every sector as the BIOS sees them, and the last one changed for good."""
    total, cylinders, status = command(guest, "S")
    size = int(cylinders, 16) * geometry[1] * geometry[2] * SECTOR
    assert status == "00" and len(image.data) - size <= geometry[1] * geometry[2] * SECTOR, cylinders
    assert int(total, 16) == image.sum(size), f"sum of the sectors {total}, expected {image.sum(size):08X}"
    value, _ = command(guest, "W")
    inverted = bytes(byte ^ 0xff for byte in image.data[size - SECTOR:size])
    assert int(value, 16) == struct.unpack("<I", inverted[:4])[0]
    guest.monitor.command("quit")
    guest.wait_exit()
    assert image.last_sector(size) == inverted, "the written sector is not in the image"


def floppy(name):
    with temp_dir() as folder:
        image = Image(folder, name, *FLOPPIES[name])
        with PC("-net", "none", "-drive", f"file={image.path},format=raw,if=floppy", "-boot", "a", exe=EXE32) as guest:
            guest.see("REALMODE 1 READY, drive 00\n(?s:.*)RM>")
            check_disk(guest, image, FLOPPIES[name])


def all_commands(guest):
    for letter in "GVTAUL":
        command(guest, letter)
    guest.expect("Line by INT 14h")
    guest.keys("k", "ret")
    guest.see("press x:")
    guest.keys("a", "x")
    guest.see("K OK")
    guest.keys("q", "backspace", "shift-z", "ret")      # line editing; no such command
    guest.see("RM> Z\nwhat\\?")


def commands_and_restarts(exe, *machine):
    geometry = (20, 16, 63)
    with temp_dir() as folder:
        image = Image(folder, "disk", *geometry)
        with PC(*machine, "-net", "none", "-drive", f"file={image.path},format=raw", exe=exe) as guest:
            guest.see("REALMODE 1 READY, drive 80\n(?s:.*)RM>")
            all_commands(guest)
            guest.keys("r", "ret")                      # the keyboard controller's reset
            guest.see("SeaBIOS(?s:.*)RM>$")
            assert not re.search("K OK", "\n".join(guest.rows())), "the screen is from before the restart"
            guest.keys("b", "ret")                      # INT 19h
            guest.see("READY(?s:.*)READY(?s:.*)RM>$")
            check_disk(guest, image, geometry)


def cd_as_floppy():
    """El Torito floppy emulation: the image is drive A."""
    if not shutil.which("xorriso"):
        raise AssertionError("xorriso is missing")
    with temp_dir() as folder:
        files = os.path.join(folder, "files")
        os.mkdir(files)
        image = Image(files, "1.44M", *FLOPPIES["1.44M"])
        subprocess.run(["xorriso", "-as", "mkisofs", "-quiet", "-b", "1.44M.img", "-o", f"{folder}/cd.iso", files],
                       check=True, stderr=subprocess.DEVNULL)
        with PC("-net", "none", "-cdrom", f"{folder}/cd.iso", "-boot", "d", exe=EXE64) as guest:
            guest.see("REALMODE 1 READY, drive 00\n(?s:.*)RM>")
            total = command(guest, "S")[0]
            assert int(total, 16) == image.sum(), total
            command(guest, "W", "BAD")                  # read-only


def main():
    tap = Tap()
    for name in FLOPPIES:
        tap.test(f"{name} floppy", floppy, name)
    tap.test("disk of the pc: all commands, restarts", commands_and_restarts, EXE64, "-M", "pc")
    tap.test("disk of the isapc: all commands, restarts", commands_and_restarts, EXE32, "-M", "isapc")
    tap.test("CD with a floppy image", cd_as_floppy)
    tap.done()


if __name__ == "__main__":
    main()
