#!/usr/bin/env python3
"""Real boots of PowerPC Linux: directly, and from disk through firmware and GRUB.

When this fails, people's guests do not come up. SPDX-License-Identifier: MIT
"""
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from guest import Guest, Tap, guest_dir, temp_dir

GUEST = guest_dir()
DIRECT = ["-m", "256", "-nographic", "-no-reboot", "-kernel", f"{GUEST}/vmlinux", "-initrd", f"{GUEST}/initrd.gz"]


def kernel_to_power_off(machine):
    with Guest("-M", machine, *DIRECT, "-append", 'console=ttyPZ0 selftest="cat /proc/cpuinfo; /bench/fib 20"') as g:
        g.expect(r"Welcome to OpenBIOS")
        g.expect(r"GUEST-READY ppc 6\.1")
        g.expect(r"machine\s+: Power Macintosh" if machine == "g3beige" else r"machine\s+: PowerMac3,1")
        g.expect(r"fib .* 00001a6d")
        g.expect(r"SELFTEST-EXIT 0")
        status = g.wait_exit()
        assert status == 0, f"power-off ended the process with status {status}"


def disk_keeps_files(machine):
    with temp_dir() as folder:
        image = shutil.copy(f"{GUEST}/disk.qcow2", folder)
        args = ["-M", machine, "-m", "256", "-nographic", "-no-reboot", "-drive", f"file={image},format=qcow2",
                "-boot", "c"]
        with Guest(*args) as g:
            g.expect(r"Welcome to GRUB")
            g.expect(r"GUEST-READY ppc")
            g.expect(r"guest# ")
            g.run("dd if=/dev/urandom of=/root/data bs=4k count=200 && md5sum /root/data > /root/sum && sync", 60)
            g.send("poweroff -f\n")
            assert g.wait_exit() == 0
        check = subprocess.run(["qemu-img", "check", image], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert check.returncode == 0, check.stdout
        with Guest(*args) as g:
            g.expect(r"GUEST-READY ppc")
            g.expect(r"guest# ")
            g.run("md5sum -c /root/sum", 60)


def user_network(machine, model):
    with Guest("-M", machine, *DIRECT, "-append", "console=ttyPZ0", "-nic", f"user,model={model}") as g:
        g.expect(r"GUEST-READY ppc")
        g.expect(r"guest# ")
        g.run("udhcpc -n -q -i eth0", 60)
        output = g.run("ping -c 2 10.0.2.2", 60)
        assert "2 packets received" in output, output


tap = Tap()
for board in ("g3beige", "mac99"):
    tap.test(f"{board}: kernel to power-off", kernel_to_power_off, board)
    tap.test(f"{board}: disk through firmware keeps files", disk_keeps_files, board)
tap.test("g3beige: user network, ne2k_pci", user_network, "g3beige", "ne2k_pci")
tap.test("mac99: user network, sungem", user_network, "mac99", "sungem")
tap.done()
