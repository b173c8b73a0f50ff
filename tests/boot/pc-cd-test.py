#!/usr/bin/env python3
"""GRUB and Debian's kernels from a CD, and from the same hybrid image as a
disk, behind every controller that the firmware boots from; GRUB's menu by
keyboard. If this fails, installation media do not start. More combinations:
tests/slow/pc-boots.py.

SPDX-License-Identifier: MIT
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
from guest import Tap, guest_dir, temp_dir      # noqa: E402
from pc import EXE, PC                          # noqa: E402
from pc_boots import AHCI_CD, CD, DISK, IDE_CD, SCSI_CD, USB_DISK, display_console, medium_boots    # noqa: E402

# A boot sector that prints to the serial line: xor ax,ax; mov ds,ax; mov si,message; mov dx,0x3f8;
# next: lodsb; test al,al; jz end; out dx,al; jmp next; end: hlt; jmp end
SECTOR = bytes.fromhex("31c08ed8be157cbaf803ac84c07403eeebf8f4ebfd") + b"SECTOR-RUNS\r\n"


def once():
    """-boot once= counts for the first start alone, order= from the first reset on."""
    with temp_dir() as folder:
        disk = os.path.join(folder, "disk")
        with open(disk, "wb") as file:
            file.write(SECTOR.ljust(510, b"\0") + b"\x55\xaa" + bytes(512 * 2047))
        with PC("-nodefaults", "-vga", "std", "-boot", "order=c,once=d", "-drive", f"file={disk},format=raw", "-drive",
                f"file={guest_dir('pc-media')}/i386.iso,format=raw,media=cdrom,readonly=on", exe=EXE["i386"]) as pc:
            pc.expect("GNU GRUB")
            for _ in range(2):
                pc.monitor.command("system_reset")
                pc.expect("SECTOR-RUNS")
                assert "GNU GRUB" not in pc.text[pc.seen:]


def main():
    tap = Tap()
    tap.test("i386: IDE CD, display console by keyboard", display_console, "i386", CD, *IDE_CD)
    tap.test("amd64: AHCI CD", medium_boots, "amd64", "sr0", CD, *AHCI_CD)
    tap.test("amd64: virtio-scsi CD", medium_boots, "amd64", "sr0", CD, *SCSI_CD)
    tap.test("i386: USB storage", medium_boots, "i386", "sda", DISK, *USB_DISK)
    tap.test("-boot once=d, then order=c", once)
    tap.done()


if __name__ == "__main__":
    main()
