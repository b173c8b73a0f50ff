#!/usr/bin/env python3
"""USB 1.1 under Linux: what is typed and pointed at arrives as events, files on a USB disk
survive a restart. If this fails, PCs with USB keyboards, tablets and disks are of no use.

SPDX-License-Identifier: MIT
"""
import os
import re
import struct
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from guest import HERE as TESTS, Tap, guest_dir, temp_dir       # noqa: E402
from pc import EXE32, EXE64, PC                                 # noqa: E402

EXE = {"amd64": EXE64, "i386": EXE32}
MEDIA = subprocess.run([os.path.join(TESTS, "guests", "build-pc-media.sh")], check=True, stdout=subprocess.PIPE,
                       text=True).stdout.strip()
# struct input_event: a time of two longs, then type, code, value.
EVENT = {"amd64": struct.Struct("<16xHHi"), "i386": struct.Struct("<8xHHi")}
SYN, KEY, REL, ABS = 0, 1, 2, 3
REL_WHEEL, BTN_LEFT, KEY_A, KEY_X, KEY_LEFTSHIFT = 8, 0x110, 30, 45, 42


def start(guest, *args):
    pc = PC("-m", "256", "-nic", "none", "-usb", "-kernel", f"{guest_dir(guest)}/vmlinuz", "-initrd",
            f"{MEDIA}/{guest}.initrd.gz", "-append", "console=tty0 console=ttyS0 quiet panic=-1 nomodeset", *args,
            exe=EXE[guest])
    return pc


def to_prompt(pc):
    pc.expect("GUEST-READY", 600)
    pc.expect("guest# ")
    pc.run("dmesg -n 1")


class Input:
    """One of Linux's input devices; a program in the guest keeps what it reports."""

    def __init__(self, pc, guest, name):
        self.pc, self.event = pc, EVENT[guest]
        pc.run(f"while ! grep -q '{name}' /proc/bus/input/devices; do sleep 1; done", 60)
        device = re.search(r"event\d+", pc.run(f"grep -A 5 '{name}' /proc/bus/input/devices")).group(0)
        self.file = f"/tmp/{device}"
        pc.run(f"cat /dev/input/{device} > {self.file} & sleep 1")      # usbhid drops what comes right after open

    def events(self):
        """(type, code, value) of those so far, without SYN and what a HID driver adds."""
        data = bytes.fromhex("".join(re.findall(r"^([0-9a-f]{2,})\r?$", self.pc.run(
            f"hexdump -v -e '/1 \"%02x\"' {self.file}; echo"), re.M)))
        return [e for e in self.event.iter_unpack(data) if e[0] in (KEY, REL, ABS) and e[1] != 11]

    def expect(self, *expected):
        deadline = time.time() + 20
        while (found := self.events()) != list(expected) and time.time() < deadline:
            time.sleep(0.2)
        assert found == list(expected), f"events {found}, expected {list(expected)}"


def keyboard_and_tablet(guest):
    with start(guest, "-device", "usb-kbd", "-device", "usb-tablet") as pc:
        to_prompt(pc)
        keyboard, tablet = Input(pc, guest, "USB Keyboard"), Input(pc, guest, "USB Tablet")
        pc.monitor.type("aX")
        keyboard.expect((KEY, KEY_A, 1), (KEY, KEY_A, 0), (KEY, KEY_LEFTSHIFT, 1), (KEY, KEY_X, 1),
                        (KEY, KEY_X, 0), (KEY, KEY_LEFTSHIFT, 0))
        pc.monitor.type("\necho usb-typed > /dev/ttyS0\n")
        pc.expect("usb-typed\r?$")
        pc.monitor.command("mouse_move 100 20000")
        seen = (ABS, 0, 100), (ABS, 1, 20000)
        tablet.expect(*seen)        # moves without anything in between may become one
        for line in "mouse_move 100 32767 1", "mouse_button 1", "mouse_button 0", "mouse_move 101 32767 -2":
            pc.monitor.command(line)
        tablet.expect(*seen, (ABS, 1, 32767), (REL, REL_WHEEL, 1), (KEY, BTN_LEFT, 1), (KEY, BTN_LEFT, 0),
                      (ABS, 0, 101), (REL, REL_WHEEL, -2))


def mouse(guest):
    with start(guest, "-device", "usb-mouse") as pc:
        to_prompt(pc)
        device = Input(pc, guest, "USB Mouse")
        for line in ("mouse_move 7 -300", "mouse_button 1", "mouse_move 0 0 1"):
            pc.monitor.command(line)
        found = device.events()
        deadline = time.time() + 20
        while (REL, REL_WHEEL, 1) not in found and time.time() < deadline:
            found = device.events()
        moved = [sum(value for kind, code, value in found if kind == REL and code == axis) for axis in (0, 1)]
        assert moved == [7, -300] and (KEY, BTN_LEFT, 1) in found, found    # a report holds 127 at most


def storage(guest):
    with temp_dir() as folder:
        image = os.path.join(folder, "disk.img")
        with open(image, "wb") as file:
            file.truncate(8 << 20)
        with start(guest, "-drive", f"file={image},format=raw,if=none,id=d", "-device", "usb-storage,drive=d") as pc:
            to_prompt(pc)
            pc.run("while [ ! -e /dev/sda ]; do sleep 1; done", 60)
            pc.run("mke2fs -q /dev/sda && mount /dev/sda /mnt", 60)
            pc.run("dd if=/dev/urandom of=/mnt/data bs=64k count=24 && cd /mnt && md5sum data > sum && sync", 60)
            pc.send("cd /; umount /mnt; reboot -f\n")
            to_prompt(pc)
            pc.run("while [ ! -e /dev/sda ]; do sleep 1; done", 60)
            pc.run("mount /dev/sda /mnt && cd /mnt && md5sum -c sum", 60)


def main():
    tap = Tap()
    tap.test("amd64: keyboard and tablet", keyboard_and_tablet, "amd64")
    tap.test("i386: mouse", mouse, "i386")
    tap.test("i386: files on a disk survive a restart", storage, "i386")
    tap.done()


if __name__ == "__main__":
    main()
