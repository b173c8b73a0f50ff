#!/usr/bin/env python3
# Segmentation, gates, tasks, paging, virtual-8086 mode, debug registers and
# system registers, code that changes itself, on the bare processor, in each
# translation mode. If it fails, operating systems crash or are not protected.
# SPDX-License-Identifier: MIT
import glob
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import bare

FLAGS = ["-march=i386", "-O1", "-ffreestanding", "-fno-pic", "-no-pie", "-nostdlib", "-fno-stack-protector",
         "-fcf-protection=none", "-fno-asynchronous-unwind-tables", "-fno-toplevel-reorder", "-fno-inline",
         "-Wl,--build-id=none,--no-warn-rwx-segments", "-Wl,-T," + os.path.join(HERE, "sys.ld")]


def build(folder):
    elf, image = os.path.join(folder, "sys.elf"), os.path.join(folder, "sys.rom")
    sources = [os.path.join(HERE, "sys-start.S")] + sorted(glob.glob(os.path.join(HERE, "sys-*.c")))
    subprocess.run([bare.COMPILERS[32]] + FLAGS + ["-o", elf] + sources, check=True)
    subprocess.run(["objcopy", "-O", "binary", "-j", ".text", "-j", ".reset", elf, image], check=True)
    return image


def main():
    number = failures = 0
    with tempfile.TemporaryDirectory() as folder:
        image = build(folder)
        for bits in (32, 64):
            for name, options in bare.MODES:
                lines = bare.run_guest(image, bits, options)
                number += 1
                passed = lines and lines[-1].startswith("checks ") and \
                    not any(line.startswith("not ok") for line in lines)
                failures += not passed
                print("%sok %d - %d-bit executable, %s" % ("" if passed else "not ", number, bits, name))
                if not passed:
                    print("\n".join("# " + line for line in lines))
    print("1..%d" % number)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
