#!/usr/bin/env python3
"""Network boots: iPXE of each card's ROM does DHCP, loads a script and what it
names by TFTP from the user network. If this fails, diskless PCs do not start.

SPDX-License-Identifier: MIT
"""
import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
from guest import Tap, guest_dir, temp_dir      # noqa: E402
from pc import EXE32, EXE64, PC                 # noqa: E402
from realmode import assemble                   # noqa: E402

CARDS = ("rtl8139", "ne2k_pci", "pcnet", "virtio-net-pci")


def serve(folder, script, **files):
    """A folder for the TFTP server with a script for iPXE."""
    with open(os.path.join(folder, "boot.ipxe"), "w", encoding="ascii") as file:
        file.write("#!ipxe\n" + script)
    for name, path in files.items():
        shutil.copy(path, os.path.join(folder, name))
    return f"user,tftp={folder},bootfile=boot.ipxe"


def kernel(guest, exe, card):
    """iPXE loads kernel and initramfs; Linux uses the same card afterwards."""
    kit = guest_dir(guest)
    with temp_dir() as folder:
        nic = serve(folder, "kernel vmlinuz console=ttyS0 quiet panic=-1 initrd=initrd.gz\ninitrd initrd.gz\nboot\n",
                    vmlinuz=f"{kit}/vmlinuz", **{"initrd.gz": f"{kit}/initrd.gz"})
        with PC("-m", "256", "-nic", f"{nic},model={card}", "-boot", "n", "-no-reboot", exe=exe) as pc:
            pc.see("iPXE 1")
            pc.expect("GUEST-READY")
            pc.expect("guest# ")
            pc.run("udhcpc -n -q -i eth0", 60)
            pc.run("cd /tmp && tftp -g -r boot.ipxe 10.0.2.2 && grep -q '^kernel vmlinuz' boot.ipxe")


def boot_program(card):
    """A boot program that says so on the screen, with what the ROM answers its call."""
    with temp_dir() as folder, temp_dir() as work:
        with open(os.path.join(folder, "hello.0"), "wb") as file:
            file.write(assemble(work, "pxe.S"))
        nic = serve(folder, "dhcp\necho card ${net0/chip} has ${net0/ip}\nchain hello.0\n")
        with PC("-nic", f"{nic},model={card}", "-boot", "n", exe=EXE32) as pc:
            pc.see(r"card \S+ has 10\.0\.2\.15")
            pc.see(r"PXE PROGRAM RUNS, server 0A000202")


def main():
    tap = Tap()
    tap.test("amd64 kernel, e1000", kernel, "amd64", EXE64, "e1000")
    tap.test("i386 kernel, virtio", kernel, "i386", EXE32, "virtio-net-pci")
    for card in CARDS:
        tap.test(f"boot program, {card}", boot_program, card)
    tap.done()


if __name__ == "__main__":
    main()
