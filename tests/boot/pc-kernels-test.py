#!/usr/bin/env python3
"""Kernels that -kernel takes beside bzImages: Multiboot (ELF, and flat with addresses in
the header), PVH (a small one, and Debian's vmlinux), and those that load below 1 MiB.
One of them talks to the VMware backdoor. If this fails, people's own kernels get no
memory map, modules or command line, or do not start; or pointers of guests do not follow
the host's.

SPDX-License-Identifier: MIT
"""
import lzma
import os
import shutil
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from guest import Guest, Monitor, Tap, executable, guest_dir, temp_dir    # noqa: E402
from pc import BUSY_HOST                                                   # noqa: E402

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "kernels")
CC = "i686-linux-gnu-gcc"
FLAGS = ["-march=i386", "-O1", "-ffreestanding", "-fno-pic", "-no-pie", "-nostdlib", "-static", "-fno-stack-protector",
         "-fcf-protection=none", "-fno-asynchronous-unwind-tables", "-mno-sse", "-Wl,--build-id=none",
         "-Wl,--no-warn-rwx-segments"]
MACHINE = ["-display", "none", "-vga", "none", "-net", "none", "-serial", "null", "-no-reboot", "-chardev",
           "stdio,id=console", "-device", "isa-debugcon,iobase=0xe9,chardev=console", "-device", "isa-debug-exit,iobase=0xf4,iosize=1"]
MIB = 1 << 20


def build(folder, kind, *options, body=None):
    output = os.path.join(folder, f"{kind}.elf")
    sources = [os.path.join(HERE, name) for name in (f"{kind}-start.S", f"{body or kind}.c")]
    subprocess.run([CC, *FLAGS, *options, f"-Wl,-T,{HERE}/kernel.ld", "-o", output, *sources], check=True)
    return output


def build_low(folder, version):
    stem = os.path.join(folder, f"low{version:x}")
    subprocess.run([CC, "-c", f"-Wa,--defsym,VERSION={version}", "-o", stem + ".o", os.path.join(HERE, "low.S")], check=True)
    subprocess.run(["objcopy", "-O", "binary", "-j", ".text", stem + ".o", stem], check=True)
    return stem


def write(folder, name, data):
    path = os.path.join(folder, name)
    with open(path, "wb") as f:
        f.write(data)
    return path


def run(*args, arch="i386", machine="pc"):
    """The lines that a kernel prints until its DONE."""
    with Guest("-M", machine, *MACHINE, "-monitor", "null", *args, exe=executable(arch)) as g:
        g.expect(r"^DONE")
        g.wait_exit()
        return g.text.splitlines()


def expect_lines(lines, *expected):
    missing = [line for line in expected if line not in lines]
    assert not missing, "missing: " + "; ".join(missing) + "\n" + "\n".join(lines)


def ram_rows(lines):
    """[(base, length)] of the usable rows of the memory map."""
    rows = [[int(word, 16) for word in line.split()[1:]] for line in lines if line.startswith("map ")]
    return [(base, length) for base, length, kind in rows if kind == 1]


def check_map(lines, megabytes):
    rows = ram_rows(lines)
    assert rows and rows[0][0] == 0 and 0x90000 <= rows[0][1] <= 0xa0000, rows
    above = sum(length for base, length in rows if base >= MIB)
    assert (megabytes - 2) * MIB < above <= (megabytes - 1) * MIB, rows


def multiboot(flat, machine):
    with temp_dir() as folder:
        kernel = build(folder, "multiboot", f"-DFLAGS={0x10003 if flat else 3}")
        if flat:
            # Not an ELF file, and not at its start.
            subprocess.run(["objcopy", "-O", "binary", kernel, kernel + ".bin"], check=True)
            with open(kernel + ".bin", "rb") as f:
                kernel = write(folder, "flat", bytes(512) + f.read())
        first = write(folder, "first", b"one")
        second = write(folder, "se,cond", bytes(range(256)) * 40)
        lines = run("-m", "40", "-kernel", kernel, "-append", "root=x quiet",
                    "-initrd", f"{first} a=1 b,{second.replace(',', ',,')}", machine=machine)
        expect_lines(lines, "magic 2badb002", "data 12345678", "bss 0", "flags 24f", "device 8000ffff", "loader qemu",
                     f"cmdline {kernel} root=x quiet", f"module {first} a=1 b", "bytes 3", f"sum {sum(b'one'):x}",
                     f"module {second}", "bytes 2800", f"sum {sum(range(256)) * 40:x}")
        assert lines.count("offset 0") == 2, lines
        lower, upper = (int(line.split()[1], 16) for line in lines if line.startswith(("lower", "upper")))
        assert 600 <= lower <= 640 and 38 * 1024 < upper <= 39 * 1024, (lower, upper)
        check_map(lines, 40)


def multiboot_alone():
    """Neither modules nor command line."""
    with temp_dir() as folder:
        kernel = build(folder, "multiboot", "-DFLAGS=0")
        lines = run("-kernel", kernel)
        expect_lines(lines, "magic 2badb002", f"cmdline {kernel} ")
        assert not [line for line in lines if line.startswith("module")], lines


def pvh(arch):
    with temp_dir() as folder:
        initrd = write(folder, "initrd", bytes(range(100)) * 50)
        lines = run("-m", "40", "-kernel", build(folder, "pvh"), "-append", "console=none", "-initrd", initrd, arch=arch)
        expect_lines(lines, "magic 336ec578", "version 1", "cmdline console=none", "bytes 1388",
                     f"sum {sum(range(100)) * 50:x}", f"rsdp {struct.unpack('<I', b'RSD ')[0]:x}")
        check_map(lines, 40)


def uncompressed(vmlinuz):
    """The ELF file inside a bzImage that is compressed by xz (boot.rst: payload_offset, payload_length)."""
    with open(vmlinuz, "rb") as f:
        data = f.read()
    offset, length = struct.unpack_from("<II", data, 0x248)
    start = (data[0x1f1] + 1) * 512 + offset
    return lzma.LZMADecompressor().decompress(data[start:start + length])


def pvh_linux():
    with temp_dir() as folder:
        guest = guest_dir("amd64")
        vmlinux = write(folder, "vmlinux", uncompressed(f"{guest}/vmlinuz"))
        with Guest("-m", "256", "-nographic", "-no-reboot", "-net", "none", "-kernel", vmlinux,
                   "-initrd", f"{guest}/initrd.gz", "-append", f"console=ttyS0 quiet panic=-1 {BUSY_HOST} selftest=true",
                   exe=executable("x86_64")) as g:
            g.expect(r"GUEST-READY x86_64 6\.1")
            g.expect(r"SELFTEST-EXIT 0")
            assert g.wait_exit() == 0


def low(version, machine):
    with temp_dir() as folder:
        args = ["-kernel", build_low(folder, version), "-append", "mem=4M ro"]
        if version:
            args += ["-initrd", write(folder, "initrd", bytes(5000))]
        lines = run(*args, machine=machine)
        expect_lines(lines, "setup at 9000", "mem=4M ro", "system at 10000", *(["ramdisk of 5000"] if version else []))


# EAX, EBX, ECX, EDX after each command, as on the reference.
VMPORT = ["version 6 564d5868 2 5658", "memory 2800000 1177 14 5658", "unknown ffffffff 7 77 5658",
          "no magic ffffffff 7 a 5658", "behind 564d58ff 7 a 5659", "off ffff0000 0 28 5658",
          "enable 564d5868 45414552 29 5658", "status 1 0 28 5658", "id 3442554a 1 27 5658",
          "absolute 564d5868 53424152 29 5658", "empty 0 0 28 5658"]
POINTER = ["packet 0 c8 190 0", "packet 20 c8 190 0", "packet 20 fffe 0 1", "packet 10 fffe 0 0",
           "too much 564d5868 4 27 5658", "error ffff0000 0 28 5658", "disable 564d5868 f5 29 5658",
           "disabled ffff0000 0 28 5658"]


def vmport(arch):
    with temp_dir() as folder:
        path = os.path.join(folder, "monitor")
        kernel = build(folder, "multiboot", "-DFLAGS=3", body="vmport")
        with Guest(*MACHINE, "-m", "40", "-kernel", kernel, "-monitor", f"unix:{path},server,nowait",
                   exe=executable(arch)) as g:
            g.expect(r"^READY")
            monitor = Monitor(path)
            assert "* Mouse #2: vmmouse (absolute)" in monitor.command("info mice")
            for line in "mouse_move 100 200", "mouse_button 1", "mouse_move 40000 -5 -1", "mouse_button 2":
                monitor.command(line)
            g.expect(r"^DONE")
            assert g.text.splitlines() == VMPORT + ["READY"] + POINTER + ["DONE"], g.text


def main():
    tap = Tap()
    if not shutil.which(CC) or not all(os.path.exists(executable(arch)) for arch in ("i386", "x86_64")):
        print("1..0 # SKIP no compiler or emulator")
        return
    tap.test("Multiboot: ELF, modules, memory map", multiboot, False, "pc")
    tap.test("Multiboot: flat file, on isapc", multiboot, True, "isapc")
    tap.test("Multiboot: no modules", multiboot_alone)
    tap.test("PVH: start information", pvh, "i386")
    tap.test("PVH: a 32-bit kernel on the 64-bit machine", pvh, "x86_64")
    tap.test("PVH: vmlinux of Debian to power-off", pvh_linux)
    tap.test("low kernel older than the header", low, 0, "pc")
    tap.test("low kernel, protocol 2.01, on isapc", low, 0x201, "isapc")
    tap.test("low kernel, protocol 2.02", low, 0x202, "pc")
    for arch in "i386", "x86_64":
        tap.test(f"VMware backdoor and its pointer, {arch}", vmport, arch)
    tap.done()


if __name__ == "__main__":
    main()
