#!/usr/bin/env python3
# Command lines that cannot work: one line on stderr that names the option and
# the reason, exit status 1, and no file of the user is touched. Help texts:
# status 0. If this fails, users get silence, a crash or a riddle.
# SPDX-License-Identifier: MIT
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile

EXE = os.environ.get("QEMU_EXE", "ppc-softmmu/qemu-system-ppc")
PC_EXE = os.environ.get("QEMU_EXE_I386", "i386-softmmu/qemu-system-i386")
QUIET = ["-display", "none", "-vga", "none", "-serial", "null", "-monitor", "null"]
MIB = 1 << 20
results = []


def run(args, exe):
    return subprocess.run([exe, *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=60, text=True, errors="replace")


def check(name, ok, detail=""):
    results.append(ok)
    print(f"{'ok' if ok else 'not ok'} {len(results)} - {name}")
    if not ok:
        for line in detail.splitlines()[:10]:
            print(f"# {line}")


def refused(args, *words, exe=EXE):
    """args must be refused in one line that holds all words."""
    done = run(QUIET + args, exe)
    lines = done.stderr.splitlines()
    ok = done.returncode == 1 and len(lines) == 1 and all(w in lines[0] for w in words)
    check("refused: " + " ".join(args), ok,
          f"status {done.returncode}, expected words {words}\n{done.stderr}")


def helps(args, *words, exe=EXE):
    done = run(args, exe)
    ok = done.returncode == 0 and all(w in done.stdout for w in words) and not done.stderr
    check("help: " + " ".join(args), ok,
          f"status {done.returncode}, expected words {words}\n{done.stdout}{done.stderr}")


def write(path, data):
    with open(path, "wb") as f:
        f.write(data)
    return path


def test_help():
    helps(["-help"], "-machine", "-drive", "-nographic")
    helps(["--version"], "version")
    helps(["-machine", "help"], "g3beige", "mac99")
    helps(["-M", "help"], "g3beige")
    helps(["-cpu", "help"], "7400", "750")
    helps(["-device", "help"], "ne2k_pci")
    helps(["-device", "e1000,help"], "mac")
    helps(["-d", "help"], "in_asm", "guest_errors")
    helps(["-accel", "help"], "tcg")
    helps(["-L", "help"], "/")


def test_names():
    refused(["-M", "vax"], "vax", "unknown machine")
    refused(["-M", "g3beige,colour=red"], "colour")
    refused(["-M", "g3beige,usb=perhaps"], "usb=perhaps")
    refused(["-M", "mac99,via=fax"], "via", "fax")
    refused(["-cpu", "z80"], "z80", "unknown CPU")
    refused(["-device", "toaster"], "toaster", "unknown device")
    refused(["-device", "e1000,colour=red"], "e1000", "colour")
    refused(["-device", "e1000,addr=99"], "e1000", "addr=99")
    refused(["-device", "e1000,netdev=nowhere"], "netdev=nowhere")
    refused(["-device", "e1000,id=1x"], "1x")
    refused(["-vga", "hercules"], "hercules")
    refused(["-bogus"], "-bogus", "unknown option")
    refused(["-m"], "-m", "argument")
    refused(["-trace", "all"], "-trace", "no trace event")
    refused(["-enable-kvm"], "-enable-kvm", "not supported")
    refused(["-accel", "kvm"], "-accel kvm", "not supported")
    refused(["-global", "e1000"], "-global")
    refused(["-global", "toaster.x=1"], "toaster")


def test_numbers():
    for size in "0", "x", "-5", "99999999999999999999G", "64Q", "100000G", "3G", "1", "64K":
        refused(["-m", size], "-m")
    refused(["-smp", "0"], "-smp")
    refused(["-smp", "9"], "-smp")
    refused(["-smp", "cores=0"], "-smp cores=0")
    refused(["-smp", "4,sockets=3"], "-smp 4,sockets=3", "maxcpus")
    refused(["-smp", "4,maxcpus=2"], "-smp 4,maxcpus=2", "more CPUs")
    refused(["-smp", "1,maxcpus=2"], "at most 1 CPU")
    refused(["-smp", "boxes=2"], "boxes")
    refused(["-g", "0x0"], "-g")
    refused(["-g", "800x600x7"], "-g")
    refused(["-d", "everything"], "everything")
    refused(["-dfilter", "12..3"], "12..3")
    refused(["-icount", "shift=99"], "-icount")
    refused(["-icount", "shift=1,align=on"], "-icount align=on", "not supported")
    refused(["-icount", "shift=1,sleep=off"], "-icount sleep=off", "not supported")
    refused(["-icount", "shift=1,sleep=perhaps"], "-icount", "'sleep'")
    refused(["-rtc", "base=yesterday"], "yesterday")
    refused(["-rtc", "driftfix=much"], "driftfix=much")
    refused(["-boot", "splash=picture.jpg"], "-boot", "splash")
    refused(["-M", "mac99,mem-merge=perhaps"], "mem-merge=perhaps")
    refused(["-M", "mac99,dump-guest-core=perhaps"], "dump-guest-core=perhaps")
    refused(["-M", "mac99,vmport=off"], "vmport")
    refused(["-accel", "tcg,tb-size=x"], "tb-size")
    refused(["-boot", "order=!"], "-boot")
    refused(["-prom-env", "nothing"], "-prom-env")
    refused(["-uuid", "1234"], "-uuid")
    refused(["-uuid", "12345678-9abc-def0-1122-33445566778g"], "-uuid")


def test_files(directory):
    missing = os.path.join(directory, "missing")
    empty = write(os.path.join(directory, "empty"), b"")
    text = write(os.path.join(directory, "text"), b"no kernel\n" * 100)
    disk = write(os.path.join(directory, "disk"), os.urandom(65536))
    before = open(disk, "rb").read()
    for option in "-hda", "-cdrom":
        refused([option, missing], missing, "No such file")
        refused([option, directory], directory, "directory")
    refused(["-kernel", missing], "-kernel", missing, "No such file")
    refused(["-kernel", directory], "-kernel", directory)
    refused(["-bios", missing], "-bios", missing, "not found")
    refused(["-bios", directory], "-bios", directory)
    refused([missing], missing, "No such file")
    refused(["-bios", empty], empty)
    refused(["-kernel", empty], empty)
    refused(["-kernel", text, "-initrd", missing], "-")
    refused(["-initrd", text], "-initrd", "-kernel")
    refused(["-append", "quiet"], "-append", "-kernel")
    refused(["-drive", f"file={disk},format=qcow2"], disk)
    refused(["-drive", f"file={disk},colour=red"], "colour")
    refused(["-hda", disk, "-drive", f"file={disk},index=0"], "index 0")
    refused(["-D", os.path.join(missing, "log"), "-d", "int"], "-D")
    refused(["-pidfile", os.path.join(missing, "pid")], "-pidfile")
    refused(["-hda", disk, "-M", "vax"], "vax")
    check("the disk image is untouched", open(disk, "rb").read() == before)


def damaged(directory, name, offset, data):
    """A qcow2 image of which some bytes are others."""
    image = os.path.join(directory, name)
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", image, "10M"], check=True)
    with open(image, "r+b") as f:
        f.seek(offset)
        f.write(data)
    return image


def test_images(directory):
    if not shutil.which("qemu-img"):
        return
    rows = [("version", 4, b"\0\0\0\x09", "version 9"), ("crypt", 32, b"\0\0\0\1", "encrypted"),
            ("clusters", 20, b"\0\0\0\x40", "cluster size"), ("l1", 40, b"\xff" * 8, "L1 table"),
            ("refcounts", 48, b"\xff" * 7 + b"\0", "refcount table"), ("size", 24, b"\xff" * 7 + b"\0", "disk size"),
            ("feature", 72, b"\x80", "feature")]
    images = [(damaged(directory, name, offset, data), word) for name, offset, data, word in rows]
    for name, size in ("short", 50), ("shorter", 70000):
        image = damaged(directory, name, 0, b"")
        os.truncate(image, size)
        images.append((image, "truncated"))
    for image, base, word in ("orphan", "gone", "backing file"), ("self", "self", "backing file"):
        image = damaged(directory, image, 0, b"")
        subprocess.run(["qemu-img", "rebase", "-u", "-f", "qcow2", "-F", "qcow2", "-b", base, image], check=True)
        images.append((image, word))
    for image, word in images:
        before = open(image, "rb").read()
        refused(["-hda", image], image, word)
        check(f"{os.path.basename(image)} is untouched", open(image, "rb").read() == before)


def test_kernels(directory):
    """An ELF file of which the end is missing."""
    header = struct.pack(">16sHHIIIIIHHHHHH", b"\x7fELF\x01\x02\x01", 2, 20, 1, 0x10000, 52, 0, 0, 52, 32, 1, 0, 0, 0)
    segment = struct.pack(">8I", 1, 0x1000, 0x10000, 0x10000, 0x8000, 0x8000, 7, 0x1000)
    for option in "-kernel", "-bios":
        refused([option, write(os.path.join(directory, "cut"), header + segment + bytes(100))], option, "cut", "truncated")
        refused([option, write(os.path.join(directory, "head"), header[:40])], option, "head", "not an ELF file")
    whole = write(os.path.join(directory, "whole"), (header + segment).ljust(0x9000, b"\0"))
    refused(["-kernel", whole, "-initrd", directory], "-initrd", directory, "directory")
    refused(["-kernel", whole, "-initrd", os.path.join(directory, "gone")], "-initrd", "gone", "No such file")


def test_pc_kernels(directory):
    """Files that are no kernel of the PC, or one that does not fit."""
    def no_kernel(name, data, *words, args=()):
        path = write(os.path.join(directory, name), data)
        refused(["-kernel", path, *args], "-kernel", name, *words, exe=PC_EXE)

    def multiboot(flags, *addresses):
        return struct.pack("<III", 0x1badb002, flags, -(0x1badb002 + flags) & 0xffffffff) + struct.pack("<5I", *addresses)

    no_kernel("pc-text", b"no kernel\n" * 1000, "neither a Linux, Multiboot nor PVH kernel")
    no_kernel("pc-tiny", b"x", "neither")
    header = struct.pack("<16sHHIIIIIHHHHHH", b"\x7fELF\x01\x01\x01", 2, 3, 1, MIB, 52, 0, 0, 52, 32, 1, 0, 0, 0)
    segment = struct.pack("<8I", 1, 100, MIB, MIB, 100, 100, 7, 1)
    no_kernel("pc-elf", (header + segment).ljust(300, b"\0"), "without Multiboot header or PVH entry point")
    no_kernel("pc-cut", header, "truncated")
    empty = struct.pack("<8I", 1, 0, MIB, MIB, 0, 512 * MIB, 7, 1)
    no_kernel("pc-many", header[:44] + struct.pack("<H", 1000) + header[46:] + 1000 * empty, "more than 1024 MiB")
    no_kernel("pc-ppc", header[:18] + b"\0\x14" + header[20:] + segment, "another processor")
    no_kernel("mb-flags", multiboot(0x13, 0, 0, 0, 0, 0), "unknown Multiboot features")
    no_kernel("mb-elf", multiboot(3, 0, 0, 0, 0, 0), "not an ELF file")
    no_kernel("mb-order", multiboot(0x10003, MIB, 2 * MIB, 0, 0, 0), "make no sense")
    no_kernel("mb-before", multiboot(0x10003, 2 * MIB, MIB, 0, 0, 0), "make no sense")
    no_kernel("mb-short", multiboot(0x10003, MIB, MIB, MIB + 99, 0, 0), "truncated")
    no_kernel("mb-end", multiboot(0x10003, MIB, MIB, MIB - 9, 0, 0), "does not fit")
    no_kernel("mb-big", multiboot(0x10003, MIB, MIB, 0, 0xffffffff, 0), "does not fit")
    no_kernel("mb-text", multiboot(0x10003, MIB, MIB, 0, 0x1d8000, MIB), "no room for the text of -append", args=("-m", "2"))
    good = write(os.path.join(directory, "mb-good"), multiboot(0x10003, MIB, MIB, 0, 0, MIB))
    refused(["-kernel", good, "-initrd", f"{good},gone arg"], "-initrd gone", "No such file", exe=PC_EXE)
    huge = os.path.join(directory, "huge")
    write(huge, b"")
    os.truncate(huge, 8 * MIB)
    refused(["-m", "8", "-kernel", good, "-initrd", huge], "-initrd", huge, "do not fit", exe=PC_EXE)
    refused(["-M", "pc,pcspk-audiodev=nowhere"], "audiodev=nowhere", exe=PC_EXE)
    refused(["-M", "pc,vmport=perhaps"], "vmport=perhaps", exe=PC_EXE)
    refused(["-device", "pc-testdev,irq=3"], "pc-testdev", "irq", exe=PC_EXE)
    old = bytearray(600 << 10)
    struct.pack_into("<BxxH", old, 0x1f1, 4, 100)
    old[0x1fe:0x200] = b"\x55\xaa"
    no_kernel("old-big", old, "too big", "1 MiB")
    small = write(os.path.join(directory, "old-small"), old[:8 << 10])
    refused(["-kernel", small, "-initrd", small], "-initrd", "too old", exe=PC_EXE)
    refused(["-kernel", small, "-append", "x" * 300], "-append", "255", exe=PC_EXE)


def test_places(directory):
    disk = write(os.path.join(directory, "place"), bytes(65536))
    refused(["-drive", f"file={disk},format=raw,if=ide,index=9"], "-drive", "bus=4,unit=1")
    refused(["-device", "ide-hd"], "ide-hd", "drive")
    refused(["-device", "ide-hd,drive=nowhere"], "drive=nowhere")
    refused(["-M", "g3beige", "-device", "usb-kbd"], "usb-kbd", "bus")
    refused(["-D", directory, "-d", "int"], "-D", "directory")


def test_ports():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        server = f"tcp:127.0.0.1:{port},server=on,wait=off"
        for option in "-serial", "-monitor", "-qtest":
            refused([option, server], option, str(port), "in use")
        refused(["-chardev", f"socket,id=x,host=127.0.0.1,port={port},server=on,wait=off"], "-chardev", "in use")
        refused(["-nic", f"user,hostfwd=tcp:127.0.0.1:{port}-:22"], "hostfwd", str(port), "in use")
    refused(["-chardev", f"socket,id=x,host=127.0.0.1,port={port}"], "-chardev", str(port), "refused")
    refused(["-serial", "tcp:127.0.0.1:99999"], "-serial", "99999", "65535")
    refused(["-nic", "user,hostfwd=tcp:xx"], "hostfwd=tcp:xx")
    refused(["-chardev", "socket,id=x,path=/nonexistent/x"], "/nonexistent/x", "No such file")
    refused(["-chardev", "file,id=x,path=/nonexistent/x"], "/nonexistent/x", "No such file")


def test_no_display():
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")}
    for args in ["-display", "sdl"], []:
        done = subprocess.run([EXE, "-serial", "null", "-monitor", "null", *args], stdin=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, timeout=60, text=True, env=environment)
        check("no display " + " ".join(args), done.returncode == 1 and len(done.stderr.splitlines()) == 1 and
              "-display none" in done.stderr, done.stderr)


def test_backends():
    refused(["-serial", "bogus:1"], "bogus")
    refused(["-chardev", "bogus,id=x"], "bogus")
    refused(["-mon", "chardev=nowhere"], "nowhere")
    refused(["-netdev", "bogus,id=n"], "bogus")
    refused(["-nic", "user,model=toaster"], "toaster")
    refused(["-display", "hologram"], "hologram")


def writable_code(args):
    """Mappings of a started emulator that are writable and executable at once."""
    p = subprocess.Popen([EXE, *QUIET[:-2], "-monitor", "stdio", "-S", *args], stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    p.stdout.read(1)                    # the monitor's greeting: all is set up
    with open(f"/proc/{p.pid}/maps") as maps:
        found = [line for line in maps if " rwx" in line]
    p.communicate(b"quit\n", timeout=60)
    return found


def test_write_xor_execute():
    found = writable_code([])
    check("no mapping is writable and executable", not found, "".join(found))
    check("split-wx=off: one mapping that is both", len(writable_code(["-accel", "tcg,split-wx=off"])) == 1)


def main():
    with tempfile.TemporaryDirectory() as directory:
        test_help()
        test_names()
        test_numbers()
        test_files(directory)
        test_images(directory)
        test_kernels(directory)
        if os.path.exists(PC_EXE):
            test_pc_kernels(directory)
        test_places(directory)
        test_ports()
        test_no_display()
        test_backends()
        test_write_xor_execute()
    print(f"1..{len(results)}")
    return 0 if all(results) else 1


sys.exit(main())
