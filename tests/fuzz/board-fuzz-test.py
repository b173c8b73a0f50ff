#!/usr/bin/env python3
"""Fuzz targets of what sits on a board at fixed addresses, and of what events from outside
reach: bytes become accesses to ports and memory, monitor commands and steps of the clock.
The emulator must still answer at the end and leave in order; in a build with sanitizers any
report of theirs is a failure. tests/fuzz/device-fuzz-test.c is the same for PCI cards.

usage: board-fuzz-test.py              a bounded run of each target with pseudo-random bytes
                                       ($FUZZ_SEED and $FUZZ_OPS choose others)
       board-fuzz-test.py TARGET FILE  with the bytes of FILE, for AFL++ and to repeat a failure
SPDX-License-Identifier: MIT
"""
import os
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from guest import Tap, executable       # noqa: E402
from qtest import QTest                 # noqa: E402

DEFAULT_OPS = 1200
PC = ("x86_64", "-M", "pc", "-nodefaults")
# What is done at the start and again from time to time, so that broken devices come back: (command, address, value).
SETUP_AGAIN = 100
# A virtio card in slot 5: BAR 4, then the driver's part with two queues.
VIRTIO_BAR, RINGS, RING_BYTES, QUEUE_SIZE = 0xe0000000, 0x100000, 0x4000, 64
VIRTIO_REGIONS = [("mem", VIRTIO_BAR, 0x40), ("mem", VIRTIO_BAR + 0x2000, 0x90), ("mem", VIRTIO_BAR + 0x3000, 8),
                  ("mem", RINGS, 2 * RING_BYTES)]


def config_write(slot, register, value):
    return [("outl", 0xcf8, 0x80000000 | slot << 11 | register), ("outl", 0xcfc, value)]


def virtio_setup():
    writes = config_write(5, 0x20, VIRTIO_BAR) + config_write(5, 0x24, 0) + config_write(5, 0x04, 6)
    writes += [("writeb", VIRTIO_BAR + 0x14, status) for status in (0, 1, 3)]
    writes += [("writel", VIRTIO_BAR + 0x08, 1), ("writel", VIRTIO_BAR + 0x0c, 1), ("writeb", VIRTIO_BAR + 0x14, 0xb)]
    for queue in range(2):
        ring = RINGS + queue * RING_BYTES
        writes += [("writew", VIRTIO_BAR + 0x16, queue), ("writew", VIRTIO_BAR + 0x18, QUEUE_SIZE)]
        writes += [("writeq", VIRTIO_BAR + 0x20 + 8 * i, ring + 0x1000 * i) for i in range(3)]
        for i in range(QUEUE_SIZE):         # queue 0: for the device to write, queue 1: to read
            writes += [("writeq", ring + 16 * i, ring + 0x3000 + 8 * i), ("writeq", ring + 16 * i + 8, 8 | (queue ^ 1) << 33),
                       ("writew", ring + 0x1004 + 2 * i, i)]
        writes += [("writew", ring + 0x1002, QUEUE_SIZE), ("writew", VIRTIO_BAR + 0x1c, 1)]
    return writes + [("writeb", VIRTIO_BAR + 0x14, 0xf)]


VIRTIO_UP = virtio_setup()
KEYS = [f"sendkey {key} 1" for key in ("a", "shift-b", "pause", "kp_enter", "print")]
POINTER = ["mouse_move 7 -9 1", "mouse_move -300 40000", "mouse_button 5", "mouse_button 0"]


class Target:
    """What is attacked: regions of ports and memory; commands of the monitor come in between."""

    def __init__(self, emulator, args, regions, commands=(), setup=()):
        self.arch, *self.args = *emulator, *args
        self.regions, self.commands, self.setup = regions, commands, setup


TARGETS = {
    "pc-testdev": Target(PC, ["-device", "pc-testdev"],
                         [("io", 0xe0, 12), ("io", 0x2000, 24), ("mem", 0xff000000, 0x10000)]),
    "vmport": Target(PC, ["-M", "pc,vmport=on"], [("io", 0x5658, 4), ("io", 0x5659, 1)], POINTER),
    "acpi-pci-hotplug": Target(PC, [], [("io", 0xae00, 0x18), ("io", 0xafe0, 4)],
                               ["device_add e1000,id=n1,addr=7", "device_del n1", "device_add VGA,id=n2,addr=8",
                                "device_del n2", "system_reset"]),
    "virtio-keyboard": Target(PC, ["-device", "virtio-keyboard-pci,addr=5"], VIRTIO_REGIONS, KEYS, VIRTIO_UP),
    "virtio-mouse": Target(PC, ["-device", "virtio-mouse-pci,addr=5"], VIRTIO_REGIONS, POINTER, VIRTIO_UP),
    "virtio-tablet": Target(PC, ["-device", "virtio-tablet-pci,addr=5"], VIRTIO_REGIONS, POINTER, VIRTIO_UP),
    "i8042": Target(PC, [], [("io", 0x60, 1), ("io", 0x64, 1), ("io", 0x92, 1)], KEYS + POINTER),
    "clint": Target(("riscv32", "-M", "virt", "-bios", "none"), [], [("mem", 0x2000000, 0x10000), ("mem", 0x2000000, 16),
                                                                    ("mem", 0x200bff0, 16)]),
    "plic": Target(("riscv32", "-M", "virt", "-bios", "none"), [],
                   [("mem", 0xc000000, 0x4000000), ("mem", 0xc000000, 0x200), ("mem", 0xc001000, 0x100),
                    ("mem", 0xc002000, 0x200), ("mem", 0xc200000, 0x4000), ("mem", 0x10000000, 8)]),
}
SIZES = {"io": (("outb", "inb", 1), ("outw", "inw", 2), ("outl", "inl", 4)),
         "mem": (("writeb", "readb", 1), ("writew", "readw", 2), ("writel", "readl", 4), ("writeq", "readq", 8))}


class Bytes:
    """A stream of them: of a file, or pseudo-random ones without end."""

    def __init__(self, data=None, seed=0):
        self.data, self.random = data, random.Random(seed)
        self.position = 0

    def left(self):
        return self.data is None or self.position < len(self.data)

    def number(self, limit):
        """Below limit."""
        if self.data is None:
            return self.random.randrange(limit)
        size = (limit.bit_length() + 7) // 8
        part = self.data[self.position:self.position + size]
        self.position += size
        return int.from_bytes(part, "little") % limit

    def value(self, size):
        """Values that get far: small ones, single bits, addresses of the rings, ones, anything."""
        kind = self.number(6)
        if kind < 2:
            return self.number(16)
        if kind == 2:
            return 1 << self.number(8 * size)
        if kind == 3:
            return RINGS + (self.number(2 * RING_BYTES) & ~15) & (1 << 8 * size) - 1
        return (1 << 8 * size) - 1 if kind == 4 else self.number(1 << 8 * size)


def step(qtest, target, data):
    what = data.number(32)
    if what == 0:
        qtest.clock_step(data.number(50_000_000))
    elif what == 1 and target.commands:
        qtest.monitor.command(target.commands[data.number(len(target.commands))])
    else:
        kind, base, size = target.regions[data.number(len(target.regions))]
        write, read, width = SIZES[kind][data.number(len(SIZES[kind]))]
        address = base + data.number(size) // (1 if what == 2 else width) * (1 if what == 2 else width)
        if what & 1:
            qtest.read(read, address)
        else:
            qtest.write(write, address, data.value(width))


def fuzz(target, data, ops):
    with QTest(*target.args, exe=executable(target.arch)) as qtest:
        count = 0
        while count != ops and data.left():
            for write in target.setup if count % SETUP_AGAIN == 0 else ():
                qtest.write(*write)
            step(qtest, target, data)
            count += 1
        qtest.monitor.command("info status")


def main():
    if len(sys.argv) == 3:
        with open(sys.argv[2], "rb") as file:
            fuzz(TARGETS[sys.argv[1]], Bytes(file.read()), -1)
        return
    seed, ops = int(os.environ.get("FUZZ_SEED", "1")), int(os.environ.get("FUZZ_OPS", DEFAULT_OPS))
    tap = Tap()
    print(f"# seed {seed}")
    for name, target in TARGETS.items():
        if os.path.exists(executable(target.arch)):
            tap.test(name, fuzz, target, Bytes(seed=seed), ops)
        else:
            tap.count += 1
            print(f"ok {tap.count} - {name} # SKIP {executable(target.arch)} is not built")
    tap.done()


if __name__ == "__main__":
    main()
