#!/usr/bin/env python3
# Command lines that cannot work: one line on stderr that names the option and
# the reason, exit status 1, and no file of the user is touched. Help texts:
# status 0. If this fails, users get silence, a crash or a riddle.
# SPDX-License-Identifier: MIT
import os
import subprocess
import sys
import tempfile

EXE = os.environ.get("QEMU_EXE", "ppc-softmmu/qemu-system-ppc")
QUIET = ["-display", "none", "-vga", "none", "-serial", "null", "-monitor", "null"]
results = []


def run(args):
    return subprocess.run([EXE, *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=60, text=True, errors="replace")


def check(name, ok, detail=""):
    results.append(ok)
    print(f"{'ok' if ok else 'not ok'} {len(results)} - {name}")
    if not ok:
        for line in detail.splitlines()[:10]:
            print(f"# {line}")


def refused(args, *words):
    """args must be refused in one line that holds all words."""
    done = run(QUIET + args)
    lines = done.stderr.splitlines()
    ok = done.returncode == 1 and len(lines) == 1 and all(w in lines[0] for w in words)
    check("refused: " + " ".join(args), ok,
          f"status {done.returncode}, expected words {words}\n{done.stderr}")


def helps(args, *words):
    done = run(args)
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
    refused(["-trace", "all"], "-trace")
    refused(["-enable-kvm"], "-enable-kvm", "not supported")
    refused(["-accel", "kvm"], "-accel kvm", "not supported")
    refused(["-global", "e1000"], "-global")
    refused(["-global", "toaster.x=1"], "toaster")


def test_numbers():
    for size in "0", "x", "-5", "99999999999999999999G", "64Q", "100000G", "3G":
        refused(["-m", size], "-m")
    refused(["-smp", "0"], "-smp")
    refused(["-smp", "9"], "-smp")
    refused(["-g", "0x0"], "-g")
    refused(["-g", "800x600x7"], "-g")
    refused(["-d", "everything"], "everything")
    refused(["-dfilter", "12..3"], "12..3")
    refused(["-icount", "shift=99"], "-icount")
    refused(["-rtc", "base=yesterday"], "yesterday")
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


def test_backends():
    refused(["-serial", "bogus:1"], "bogus")
    refused(["-chardev", "bogus,id=x"], "bogus")
    refused(["-mon", "chardev=nowhere"], "nowhere")
    refused(["-netdev", "bogus,id=n"], "bogus")
    refused(["-nic", "user,model=toaster"], "toaster")
    refused(["-display", "hologram"], "hologram")


def main():
    with tempfile.TemporaryDirectory() as directory:
        test_help()
        test_names()
        test_numbers()
        test_files(directory)
        test_backends()
    print(f"1..{len(results)}")
    return 0 if all(results) else 1


sys.exit(main())
