#!/usr/bin/env python3
"""The registers of PCI hot plug, as the ACPI tables' methods use them, and what device_add and
device_del do to them. If this fails, cards do not come or go while a PC runs.

SPDX-License-Identifier: MIT
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
from guest import Tap, executable, temp_dir    # noqa: E402
from qtest import QTest              # noqa: E402

UP, DOWN, EJECT, SLOTS, BUS = (0xae00 + 4 * i for i in range(5))
GPE_STATUS, GPE_HOTPLUG = 0xafe0, 2
E1000 = 0x100e8086
GONE = 0xffffffff


class Board(QTest):
    def __init__(self, *args):
        super().__init__("-M", "pc", "-nodefaults", *args, exe=executable("x86_64"))

    def ids(self, slot, function=0):
        self.write("outl", 0xcf8, 0x80000000 | slot << 11 | function << 8)
        return self.read("inl", 0xcfc)

    def take_event(self):
        """Was there one since the last call?"""
        status = self.read("inb", GPE_STATUS)
        self.write("outb", GPE_STATUS, status)
        return bool(status & GPE_HOTPLUG)

    def eject(self, slots):
        """The cards are gone once the main loop has run; the monitor's answer comes from there."""
        self.write("outl", EJECT, slots)
        for _ in range(3):
            self.hmp("info status")

    def hmp(self, line):
        return self.monitor.command(line).strip()


def come_and_go():
    with Board() as b:
        assert b.ids(5) == GONE and not b.take_event()
        assert b.hmp("device_add e1000,id=card,addr=5") == ""
        assert b.ids(5) == E1000
        assert b.take_event() and not b.take_event()
        assert b.read("inl", UP) == 1 << 5
        assert b.read("inl", UP) == 0, "reading does not clear"
        assert b.read("inl", DOWN) == 0
        assert b.hmp("device_del card") == ""
        assert b.take_event()
        assert b.read("inl", DOWN) == 1 << 5
        assert b.ids(5) == E1000, "the guest has not let go yet"
        b.eject(1 << 5)
        assert b.ids(5) == GONE and b.read("inl", DOWN) == 0
        assert "not found" in b.hmp("device_del card")
        assert b.hmp("device_add rtl8139,id=card,addr=5") == "", "id and slot are free again"


def command_line_card_goes():
    with Board("-device", "e1000,id=card,addr=6") as b:
        assert b.read("inl", UP) == 0, "present at the start"
        assert b.hmp("device_del card") == ""
        assert b.read("inl", DOWN) == 1 << 6
        b.hmp("system_reset")
        for _ in range(3):
            b.hmp("info status")
        assert b.ids(6) == GONE, "a card that was asked to go is gone after a reset"
        assert b.read("inl", DOWN) == 0


def functions_together():
    with Board() as b:
        b.hmp("device_add e1000,id=second,addr=7.1")
        assert b.read("inl", UP) == 0, "announced before function 0"
        b.hmp("device_add e1000,id=first,addr=7.0,multifunction=on")
        assert b.read("inl", UP) == 1 << 7
        b.eject(1 << 7)
        assert b.ids(7) == b.ids(7, 1) == GONE


def what_stays():
    with Board("-vga", "std") as b:
        slots = b.read("inl", SLOTS)
        assert not slots & 0b111 and slots >> 3 == (1 << 29) - 1, hex(slots)
        before = [b.ids(0), b.ids(1), b.ids(2)]
        b.eject(0xffffffff)
        assert [b.ids(0), b.ids(1), b.ids(2)] == before and GONE not in before
        assert "cannot come or go" in b.hmp("device_add VGA,id=vga2")
        assert "already in use" in b.hmp("device_add e1000,addr=1.0")
        assert "not found" in b.hmp("device_del nothing")
        assert "support hotplugging" in b.hmp("device_add isa-serial,index=3")
        b.write("outl", BUS, 1)
        assert b.read("inl", SLOTS) == 0, "bus 1 has no slots"


def use_disk(b):
    for _ in range(3):
        assert b.hmp("device_add virtio-blk-pci,id=disk,drive=d,addr=8") == ""
        assert "in use" in b.hmp("device_add virtio-blk-pci,drive=d,addr=9")
        assert b.hmp("device_del disk") == ""
        b.eject(1 << 8)
        assert b.ids(8) == GONE


def disk_is_free_again():
    """What a card used can be used by the next."""
    with temp_dir() as folder:
        image = os.path.join(folder, "disk")
        with open(image, "wb") as f:
            f.truncate(1 << 20)
        with Board("-drive", f"if=none,id=d,format=raw,file={image}") as b:
            use_disk(b)


def controller_with_disks():
    """What hangs on a card's bus goes with it."""
    with Board() as b:
        assert b.hmp("device_add virtio-serial-pci,id=serial,addr=8") == ""
        assert b.hmp("device_add virtserialport,id=port,bus=serial.0") != "", "that bus is fixed"
        assert b.hmp("device_add virtio-scsi-pci,id=scsi,addr=9") == ""
        b.eject(3 << 8)
        assert b.ids(8) == b.ids(9) == GONE
        assert "bus" in b.hmp("device_add scsi-hd,bus=scsi.0")


tap = Tap()
tap.test("a card comes and goes", come_and_go)
tap.test("a card of the command line goes at a reset", command_line_card_goes)
tap.test("functions come and go together", functions_together)
tap.test("the board's devices stay", what_stays)
tap.test("a disk is free again", disk_is_free_again)
tap.test("what hangs on a card goes with it", controller_with_disks)
tap.done()
