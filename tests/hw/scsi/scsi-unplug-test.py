#!/usr/bin/env python3
"""SCSI disks that come, and disks and their controller that go while requests are under way. If
this fails, a guest does not see new disks, or waits for ever for an answer, or the emulator uses
memory that it has freed.

SPDX-License-Identifier: MIT
"""
import os
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
from guest import TIMEOUT_FACTOR, Failure, Tap, executable, temp_dir    # noqa: E402
from qtest import QTest                                                 # noqa: E402

SLOT, PORTS, EJECT = 8, 0xc000, 0xae08
FEATURES, PFN, QUEUE_SIZE, QUEUE_SELECT, NOTIFY, STATUS = (PORTS + offset for offset in (4, 8, 12, 14, 16, 18))
RING, HEADERS, RESPONSES, DATA = 0x100000, 0x110000, 0x120000, 0x200000
HEADER_BYTES, RESPONSE_BYTES, RESPONSE_CODE, DATA_BYTES, BLOCK = 51, 108, 11, 1 << 20, 512
NEXT, DEVICE_WRITES, READ_10, EVENTS_QUEUE, REQUESTS_QUEUE = 1, 2, 0x28, 1, 2
EVENTS_RING, EVENTS, EVENT_BYTES, HOTPLUG = 0x140000, 0x150000, 16, 1 << 1
NO_EVENT, TRANSPORT_RESET, MISSED, RESCAN, REMOVED = 0, 1, 1 << 31, 1, 2
REQUESTS, OK, BAD_TARGET, UNANSWERED = 32, 0, 3, 0xee


class Controller(QTest):
    """A virtio-scsi card with a disk, by the legacy interface."""

    def __init__(self, folder, features=0):
        image = os.path.join(folder, "disk")
        with open(image, "wb") as f:
            f.truncate(64 << 20)
        super().__init__("-M", "pc", "-nodefaults", "-drive", f"if=none,id=d,format=raw,file={image}", "-device",
                         f"virtio-scsi-pci,id=card,addr={SLOT}", "-device", "scsi-hd,drive=d,id=disk,bus=card.0", exe=executable("x86_64"))
        for register, value in (0x10, PORTS), (0x04, 5):
            self.config(register)
            self.write("outl", 0xcfc, value)
        for status in 0, 1, 3:
            self.write("outb", STATUS, status)
        self.write("outl", FEATURES, features)
        self.avail, self.used = self.queue(REQUESTS_QUEUE, RING)
        self.events_avail, self.events_used = self.queue(EVENTS_QUEUE, EVENTS_RING)
        self.event_buffers = self.events_seen = 0
        self.write("outb", STATUS, 7)

    def queue(self, number, ring):
        """Where its available and used parts are."""
        self.write("outw", QUEUE_SELECT, number)
        size = self.read("inw", QUEUE_SIZE)
        assert size >= 3 * REQUESTS, size
        self.write("outl", PFN, ring >> 12)
        return ring + 16 * size, (ring + 18 * size + 6 + 4095) & ~4095

    def config(self, register):
        self.write("outl", 0xcf8, 0x80000000 | SLOT << 11 | register)

    def is_there(self):
        self.config(0)
        return self.read("inl", 0xcfc) != 0xffffffff

    def start_reads(self):
        """Many at once: they take longer than what follows."""
        chain = b""
        for i in range(REQUESTS):
            cdb = struct.pack(">BBIBHB", READ_10, 0, i * DATA_BYTES // BLOCK, 0, DATA_BYTES // BLOCK, 0)
            self.memwrite(HEADERS + 64 * i, (b"\1\0\x40\0" + bytes(15) + cdb).ljust(HEADER_BYTES, b"\0"))
            chain += struct.pack("<QIHH", HEADERS + 64 * i, HEADER_BYTES, NEXT, 3 * i + 1)
            chain += struct.pack("<QIHH", RESPONSES + 128 * i, RESPONSE_BYTES, NEXT | DEVICE_WRITES, 3 * i + 2)
            chain += struct.pack("<QIHH", DATA, DATA_BYTES, DEVICE_WRITES, 0)
        self.memwrite(RING, chain)
        self.memwrite(RESPONSES, bytes([UNANSWERED]) * 128 * REQUESTS)
        self.memwrite(self.avail, struct.pack(f"<HH{REQUESTS}H", 0, REQUESTS, *range(0, 3 * REQUESTS, 3)))
        self.write("outw", NOTIFY, REQUESTS_QUEUE)

    def offer_event_buffer(self):
        i = self.event_buffers
        self.memwrite(EVENTS_RING + 16 * i, struct.pack("<QIHH", EVENTS + EVENT_BYTES * i, EVENT_BYTES, DEVICE_WRITES, 0))
        self.memwrite(self.events_avail + 4 + 2 * i, struct.pack("<H", i))
        self.event_buffers += 1
        self.write("writew", self.events_avail + 2, self.event_buffers)
        self.write("outw", NOTIFY, EVENTS_QUEUE)

    def event(self):
        """The next: what, bytes of the unit's address, why."""
        deadline = time.monotonic() + 60 * TIMEOUT_FACTOR
        while self.read("readw", self.events_used + 2) == self.events_seen:
            if time.monotonic() > deadline:
                raise Failure("no event")
            time.sleep(0.01)
        self.events_seen += 1
        what, unit, why = struct.unpack("<I8sI", self.memread(EVENTS + EVENT_BYTES * (self.events_seen - 1), EVENT_BYTES))
        return what, unit.hex(), why

    def answers(self):
        """The response codes, when all requests have one."""
        deadline = time.monotonic() + 60 * TIMEOUT_FACTOR
        while self.read("readw", self.used + 2) != REQUESTS:
            if time.monotonic() > deadline:
                raise Failure(f"{self.read('readw', self.used + 2)} answers for {REQUESTS} requests")
            time.sleep(0.01)
        return {self.read("readb", RESPONSES + 128 * i + RESPONSE_CODE) for i in range(REQUESTS)}


def reads_work():
    with temp_dir() as folder, Controller(folder) as c:
        c.start_reads()
        assert c.answers() == {OK}


def disk_goes():
    with temp_dir() as folder, Controller(folder) as c:
        c.start_reads()
        assert c.monitor.command("device_del disk").strip() == ""
        answers = c.answers()
        assert answers <= {OK, BAD_TARGET}, answers
        c.write("outb", STATUS, 0)
        assert c.is_there()


def controller_goes():
    """The guest lets go of the card without stopping it first."""
    with temp_dir() as folder, Controller(folder) as c:
        c.start_reads()
        c.write("outl", EJECT, 1 << SLOT)
        for _ in range(3):
            c.monitor.command("info status")
        assert not c.is_there()
        assert "not found" in c.monitor.command("device_del disk")


def driver_is_told():
    with temp_dir() as folder, Controller(folder, HOTPLUG) as c:
        def do(command):
            assert c.monitor.command(command).strip() == ""

        def plug(name, target, lun):
            do(f"device_add scsi-cd,id={name},bus=card.0,scsi-id={target},lun={lun}")

        c.offer_event_buffer()
        plug("small", 5, 3)
        assert c.event() == (TRANSPORT_RESET, "0105000300000000", RESCAN)
        c.offer_event_buffer()
        do("device_del small")
        assert c.event() == (TRANSPORT_RESET, "0105000300000000", REMOVED)
        plug("large", 5, 0x123)
        c.offer_event_buffer()
        assert c.event() == (NO_EVENT | MISSED, "0" * 16, 0)
        c.offer_event_buffer()
        do("device_del large")
        assert c.event() == (TRANSPORT_RESET, "0105412300000000", REMOVED)


tap = Tap()
tap.test("requests are answered", reads_work)
tap.test("a disk goes", disk_goes)
tap.test("its controller goes", controller_goes)
tap.test("the driver is told of units that come and go", driver_is_told)
tap.done()
