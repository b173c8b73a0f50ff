#!/usr/bin/env python3
"""Real boots of x86 Linux: directly, and from disk through SeaBIOS and GRUB. Behind
other controllers: tests/slow/pc-boots.py.

When this fails, people's guests do not come up. SPDX-License-Identifier: MIT
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
from guest import Monitor, Tap, temp_dir                        # noqa: E402
from pc import EXE, READY                                       # noqa: E402
from pc_boots import direct, disk_boots, disk_keeps_files       # noqa: E402

# program, work, checksum on amd64 and i386: what the same binaries print on real processors.
SUMS = [("sieve", 1, "75a5ff2e", "75a5ff2e"), ("sort", 1, "9bf21519", "9bf21519"), ("crc32", 2, "cd2d4ff2", "cd2d4ff2"),
        ("hash", 2, "050ca358", "050ca358"), ("strings", 1000, "f1c0d9ce", "f1c0d9ce"),
        ("matmul", 1, "0003bb00", "0003bb00"), ("mandel", 60, "c4197e6a", "c85a48d5"),
        ("bodies", 8000, "92ea7ae8", "92ea7ae9"), ("fib", 22, "0000452f", "0000452f"),
        ("jit", 200, "036cfdcc", "036cfdcc"), ("sse", 20, "31156207", None)]


def checksums(g, column):
    for row in SUMS:
        name, work, expected = row[0], row[1], row[column]
        if expected:
            output = g.run(f"/bench/{name} {work}")
            assert f" {expected}" in output, f"{name} printed {output}, expected {expected}"


def network(g):
    g.run("udhcpc -n -q -i eth0", 60)
    output = g.run("ping -c 2 10.0.2.2", 60)
    assert "2 packets received" in output, output


def keyboard(g, path):
    """Keys reach the shell on the display's console; its answer comes by the serial line."""
    Monitor(path).type("echo Typed-9/by hand > /dev/ttyS0\n")
    g.expect(r"Typed-9/by hand")


def kernel_to_reboot(name, column):
    with temp_dir() as folder:
        path = os.path.join(folder, "monitor")
        with direct(name, "", "-nic", "user,model=e1000", "-monitor", f"unix:{path},server,nowait") as g:
            g.to_prompt(READY[name])
            checksums(g, column)
            network(g)
            keyboard(g, path)
            g.send("reboot -f\n")
            assert g.wait_exit() == 0, "reboot with -no-reboot"


def kernel_to_power_off(name):
    with direct(name, 'selftest="echo at work"') as g:
        g.expect(READY[name])
        g.expect(r"^at work")
        g.expect(r"SELFTEST-EXIT 0")
        status = g.wait_exit()
        assert status == 0, f"power-off ended the process with status {status}"


def main():
    tap = Tap()
    for column, name in enumerate(("amd64", "i386"), 2):
        if tap.built(EXE[name]):
            tap.test(f"{name}: checksums, e1000, keyboard, reboot", kernel_to_reboot, name, column)
    if os.path.exists(EXE["amd64"]):
        tap.test("amd64: disk on IDE keeps files", disk_keeps_files, "amd64", "ide", "sda1")
    if os.path.exists(EXE["i386"]):
        tap.test("i386: kernel to power-off", kernel_to_power_off, "i386")
        tap.test("i386: disk on virtio", disk_boots, "i386", "qcow2", "vda1", "-device", "virtio-blk-pci,drive=root")
    tap.done()


if __name__ == "__main__":
    main()
