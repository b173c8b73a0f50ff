#!/usr/bin/env python3
"""Real boots of x86 Linux: directly, and from disk through SeaBIOS and GRUB.

When this fails, people's guests do not come up. SPDX-License-Identifier: MIT
"""
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from guest import Guest, Monitor, Tap, executable, guest_dir, temp_dir

EXE = {"amd64": executable("x86_64"), "i386": executable("i386")}
READY = {"amd64": r"GUEST-READY x86_64 6\.1", "i386": r"GUEST-READY i686 6\.1"}
COMMON = ["-m", "256", "-nographic", "-no-reboot"]
# program, work, checksum on amd64 and i386: what the same binaries print on real processors.
SUMS = [("sieve", 1, "75a5ff2e", "75a5ff2e"), ("sort", 1, "9bf21519", "9bf21519"), ("crc32", 2, "cd2d4ff2", "cd2d4ff2"),
        ("hash", 2, "050ca358", "050ca358"), ("strings", 1000, "f1c0d9ce", "f1c0d9ce"),
        ("matmul", 1, "0003bb00", "0003bb00"), ("mandel", 60, "c4197e6a", "c85a48d5"),
        ("bodies", 8000, "92ea7ae8", "92ea7ae9"), ("fib", 22, "0000452f", "0000452f"),
        ("jit", 200, "036cfdcc", "036cfdcc"), ("sse", 20, "31156207", None)]


def direct(guest, append, *args):
    """A boot by -kernel; a panic ends it."""
    folder = guest_dir(guest)
    return Guest("-M", "pc", *COMMON, "-kernel", f"{folder}/vmlinuz", "-initrd", f"{folder}/initrd.gz",
                 "-append", f"console=ttyS0 quiet panic=-1 {append}", *args, exe=EXE[guest])


def to_prompt(g, guest):
    g.expect(READY[guest])
    g.expect(r"guest# ")
    g.run("dmesg -n 1")         # kernel messages do not mix with what commands print


def kernel_to_power_off(guest):
    sums = [(name, work, amd64 if guest == "amd64" else i386) for name, work, amd64, i386 in SUMS]
    sums = [row for row in sums if row[2]]
    commands = "; ".join(f"/bench/{name} {work}" for name, work, _ in sums)
    with direct(guest, f'selftest="{commands}"') as g:
        g.expect(READY[guest])
        for name, _, checksum in sums:
            found = g.expect(rf"^{name} +[0-9.]+ ([0-9a-f]{{8}})").group(1)
            assert found == checksum, f"{name}: checksum {found}, expected {checksum}"
        g.expect(r"SELFTEST-EXIT 0")
        status = g.wait_exit()
        assert status == 0, f"power-off ended the process with status {status}"


def shell_and_network(guest):
    with direct(guest, "", "-nic", "user,model=e1000") as g:
        to_prompt(g, guest)
        g.run("udhcpc -n -q -i eth0", 60)
        output = g.run("ping -c 2 10.0.2.2", 60)
        assert "2 packets received" in output, output
        g.send("reboot -f\n")
        assert g.wait_exit() == 0, "reboot with -no-reboot"


def disk_keeps_files(guest, interface, device):
    with temp_dir() as folder:
        image = shutil.copy(f"{guest_dir(guest)}/disk.qcow2", folder)
        args = ["-M", "pc", *COMMON, "-drive", f"file={image},format=qcow2,if={interface}"]
        with Guest(*args, exe=EXE[guest]) as g:
            g.expect(r"GNU GRUB")
            to_prompt(g, guest)
            output = g.run("mount")
            assert f"/dev/{device} on / type ext4" in output, output
            g.run("dd if=/dev/urandom of=/root/data bs=4k count=200 && md5sum /root/data > /root/sum && sync", 60)
            g.send("poweroff -f\n")
            assert g.wait_exit() == 0
        check = subprocess.run(["qemu-img", "check", image], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert check.returncode == 0, check.stdout
        with Guest(*args, exe=EXE[guest]) as g:
            to_prompt(g, guest)
            g.run("md5sum -c /root/sum", 60)


def disk_boots(guest, form, device, *controller):
    """To the shell from a disk of the given format behind a controller."""
    with temp_dir() as folder:
        image = os.path.join(folder, "disk")
        subprocess.run(["qemu-img", "convert", "-O", form, f"{guest_dir(guest)}/disk.qcow2", image], check=True)
        with Guest("-M", "pc", *COMMON, "-drive", f"file={image},format={form},if=none,id=root", *controller,
                   exe=EXE[guest]) as g:
            g.expect(r"GNU GRUB")
            to_prompt(g, guest)
            output = g.run("mount")
            assert f"/dev/{device} on / type ext4" in output, output


def keyboard(guest):
    """Keys reach the shell on the display's console; its answer comes by the serial line."""
    with temp_dir() as folder:
        path = os.path.join(folder, "monitor")
        with direct(guest, "", "-monitor", f"unix:{path},server,nowait") as g:
            to_prompt(g, guest)
            Monitor(path).type("echo Typed-9/by hand > /dev/ttyS0\n")
            g.expect(r"Typed-9/by hand")


tap = Tap()
for name in ("amd64", "i386"):
    if not os.path.exists(EXE[name]):
        print(f"ok {tap.count + 1} - {name} # SKIP {EXE[name]} is not built")
        tap.count += 1
        continue
    tap.test(f"{name}: shell, e1000, reboot", shell_and_network, name)
    tap.test(f"{name}: keyboard", keyboard, name)
if os.path.exists(EXE["amd64"]):
    tap.test("amd64: kernel to power-off, checksums", kernel_to_power_off, "amd64")
    tap.test("amd64: disk on IDE keeps files", disk_keeps_files, "amd64", "ide", "sda1")
    tap.test("amd64: raw disk on AHCI", disk_boots, "amd64", "raw", "sda1",
             "-device", "ahci,id=ahci", "-device", "ide-hd,drive=root,bus=ahci.0")
    tap.test("amd64: qcow2 on modern virtio", disk_boots, "amd64", "qcow2", "vda1",
             "-device", "virtio-blk-pci,drive=root,disable-legacy=on")
if os.path.exists(EXE["i386"]):
    tap.test("i386: kernel to power-off, checksums", kernel_to_power_off, "i386")
    tap.test("i386: disk on virtio keeps files", disk_keeps_files, "i386", "virtio", "vda1")
    tap.test("i386: raw disk on virtio-scsi", disk_boots, "i386", "raw", "sda1",
             "-device", "virtio-scsi-pci", "-device", "scsi-hd,drive=root")
tap.done()
