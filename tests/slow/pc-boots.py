#!/usr/bin/env python3
"""Boots of x86 Linux by the same paths as tests/boot's, behind other controllers, with
other formats, cards and numbers of processors. If this fails, some of people's guests
do not come up.

SPDX-License-Identifier: MIT
"""
import importlib
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
BOOT = os.path.join(HERE, "..", "boot")
sys.path[:0] = [BOOT, os.path.join(HERE, "..")]
from guest import Tap       # noqa: E402
from pc_boots import CD, DISK, IDE_CD, SCSI_DISK, disk_boots, disk_keeps_files, medium_boots, network_boots  # noqa: E402

AHCI = ["-device", "ahci,id=ahci", "-device", "ide-hd,drive=root,bus=ahci.0"]
SCSI = ["-device", "virtio-scsi-pci", "-device", "scsi-hd,drive=root"]


def main():
    tap = Tap()
    tap.test("amd64: raw disk on AHCI", disk_boots, "amd64", "raw", "sda1", *AHCI)
    tap.test("amd64: qcow2 on modern virtio", disk_boots, "amd64", "qcow2", "vda1",
             "-device", "virtio-blk-pci,drive=root,disable-legacy=on")
    tap.test("i386: disk on virtio keeps files", disk_keeps_files, "i386", "virtio", "vda1")
    tap.test("i386: raw disk on virtio-scsi", disk_boots, "i386", "raw", "sda1", *SCSI)
    tap.test("amd64: IDE CD", medium_boots, "amd64", "sr0", CD, *IDE_CD)
    tap.test("amd64: virtio-scsi disk with the CD's image", medium_boots, "amd64", "sda", DISK, *SCSI_DISK)
    tap.test("i386 kernel from the network, virtio", network_boots, "i386", "virtio-net-pci")
    for name, function, *args in (row for test in ("pc-hotplug-test", "pc-smp-test", "pc-power-test", "pc-icount-test")
                                  for row in importlib.import_module(test).MORE):
        tap.test(name, function, *args)
    tap.done()


if __name__ == "__main__":
    main()
