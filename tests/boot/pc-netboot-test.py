#!/usr/bin/env python3
"""Network boots: iPXE of each card's ROM does DHCP, loads a script and what it
names by TFTP from the user network. If this fails, diskless PCs do not start.

SPDX-License-Identifier: MIT
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
from guest import Tap, temp_dir                         # noqa: E402
from pc_boots import network_boots, network_program     # noqa: E402
from realmode import assemble                           # noqa: E402

CARDS = ("rtl8139", "ne2k_pci", "pcnet", "virtio-net-pci")


def main():
    tap = Tap()
    tap.test("amd64 kernel, e1000", network_boots, "amd64", "e1000")
    with temp_dir() as folder:
        program = assemble(folder, "pxe.S")
    for card in CARDS:
        tap.test(f"boot program, {card}", network_program, card, program)
    tap.done()


if __name__ == "__main__":
    main()
