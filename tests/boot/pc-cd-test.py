#!/usr/bin/env python3
"""GRUB and Debian's kernels from a CD, and from the same hybrid image as a
disk, behind every controller that the firmware boots from; GRUB's menu by
keyboard. If this fails, installation media do not start.

SPDX-License-Identifier: MIT
"""
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from guest import HERE as TESTS, Tap, temp_dir  # noqa: E402
from pc import EXE32, EXE64, PC, WHOLE_WINDOW   # noqa: E402

EXE = {"amd64": EXE64, "i386": EXE32}
READY = {"amd64": r"GUEST-READY x86_64 6\.1", "i386": r"GUEST-READY i686 6\.1"}
MEDIA = subprocess.run([os.path.join(TESTS, "guests", "build-pc-media.sh")], check=True, stdout=subprocess.PIPE,
                       text=True).stdout.strip()
CD, DISK = "media=cdrom,readonly=on", "readonly=on"
# Controllers with a CD or a disk named "boot": how -drive and -device say it.
IDE_CD = ["-device", "ide-cd,drive=boot"]
AHCI_CD = ["-device", "ahci,id=ahci", "-device", "ide-cd,drive=boot,bus=ahci.0"]
SCSI_CD = ["-device", "virtio-scsi-pci", "-device", "scsi-cd,drive=boot"]
USB_DISK = ["-usb", "-device", "usb-storage,drive=boot"]
# A boot sector that prints to the serial line: xor ax,ax; mov ds,ax; mov si,message; mov dx,0x3f8;
# next: lodsb; test al,al; jz end; out dx,al; jmp next; end: hlt; jmp end
SECTOR = bytes.fromhex("31c08ed8be157cbaf803ac84c07403eeebf8f4ebfd") + b"SECTOR-RUNS\r\n"
SCSI_DISK = ["-device", "virtio-scsi-pci", "-device", "scsi-hd,drive=boot"]


def drive(guest, options, *devices):
    return ["-drive", f"file={MEDIA}/{guest}.iso,format=raw,if=none,id=boot,{options}", *devices]


def boot(guest, *args):
    return PC("-nodefaults", "-vga", "std", "-m", "256", "-no-reboot", *args, exe=EXE[guest])


def to_shell(guest, device, *args):
    """Enter at the menu; the medium is there under Linux as well, with its files."""
    with boot(guest, *args) as pc:
        pc.expect("GNU GRUB")
        pc.expect("executed automatically")
        pc.keys("ret")
        pc.expect(READY[guest])
        pc.expect("guest# ")
        pc.run("dmesg -n 1")
        pc.run(f"until [ -e /dev/{device} ]; do sleep 1; done", 60)      # Linux lets USB disks settle
        pc.run(f"mount -t iso9660 -o ro /dev/{device} /mnt")
        pc.run("md5sum /mnt/boot/vmlinuz")


def display_console(guest):
    """The second entry by cursor keys, then a command on the display's console."""
    with boot(guest, *drive(guest, CD, *IDE_CD)) as pc:
        pc.see("Linux, display console")
        pc.keys("down", "ret")
        pc.text_size = WHOLE_WINDOW
        pc.see(READY[guest])
        pc.see("guest#")
        pc.monitor.type("echo typed\n")
        pc.see(r"^typed")


def once():
    """-boot once= counts for the first start alone, order= from the first reset on."""
    with temp_dir() as folder:
        disk = os.path.join(folder, "disk")
        with open(disk, "wb") as file:
            file.write(SECTOR.ljust(510, b"\0") + b"\x55\xaa" + bytes(512 * 2047))
        with PC("-nodefaults", "-vga", "std", "-boot", "order=c,once=d", "-drive", f"file={disk},format=raw", "-drive",
                f"file={MEDIA}/i386.iso,format=raw,media=cdrom,readonly=on", exe=EXE32) as pc:
            pc.expect("GNU GRUB")
            for _ in range(2):
                pc.monitor.command("system_reset")
                pc.expect("SECTOR-RUNS")
                assert "GNU GRUB" not in pc.text[pc.seen:]


def main():
    tap = Tap()
    tap.test("amd64: IDE CD", to_shell, "amd64", "sr0", *drive("amd64", CD, *IDE_CD))
    tap.test("i386: IDE CD, display console by keyboard", display_console, "i386")
    tap.test("i386: AHCI CD", to_shell, "i386", "sr0", *drive("i386", CD, *AHCI_CD))
    tap.test("amd64: virtio-scsi CD", to_shell, "amd64", "sr0", *drive("amd64", CD, *SCSI_CD))
    tap.test("i386: USB storage", to_shell, "i386", "sda", *drive("i386", DISK, *USB_DISK))
    tap.test("amd64: virtio-scsi disk", to_shell, "amd64", "sda", *drive("amd64", DISK, *SCSI_DISK))
    tap.test("-boot once=d, then order=c", once)
    tap.done()


if __name__ == "__main__":
    main()
