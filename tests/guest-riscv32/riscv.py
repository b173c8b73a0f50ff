"""RISC-V programs for tests: what stands before and behind them, how they are built and run.

A program stores words at s2, which are sent to the UART at the end and compared with what is
wanted. It is run some hundred times over, so that hot code is translated again.
SPDX-License-Identifier: MIT
"""
import os
import shutil
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from baremetal import MODES, run, tool
from guest import Failure, executable, temp_dir

EXE = executable("riscv32")
CROSS = "riscv64-linux-gnu-"
REFERENCE = None if "QEMU_EXE_RISCV32" in os.environ else shutil.which("qemu-system-riscv32")
MACHINE = ["-M", "virt", "-bios", "none"]
MASK = 0xffffffff

HEAD = """
    .macro put reg
    sw \\reg, 0(s2)
    addi s2, s2, 4
    .endm
    .globl _start
_start:
    la sp, stack
    la t0, unexpected
    csrw mtvec, t0
    li s3, {rounds}
again:
    la s2, results
"""
TAIL = """
    addi s3, s3, -1
    beqz s3, report
    la t0, again
    jr t0
report:
    la t0, results
    li t1, 0x10000000
    beq t0, s2, 2f
1:  lbu t2, 0(t0)
    sb t2, 0(t1)
    addi t0, t0, 1
    bltu t0, s2, 1b
2:  li a0, 0x5555
finish:
    li t0, 0x100000
    sw a0, 0(t0)
3:  j 3b
    .balign 4
unexpected:                             /* a trap that the program did not prepare for: status = cause */
    csrr a0, mcause
    slli a0, a0, 16
    li t0, 0x3333
    or a0, a0, t0
    j finish
    .bss
    .balign 4096
results: .space 1 << 20
    .space 16384
stack:
"""


def missing():
    """Why there is nothing to test, or None."""
    if not os.path.exists(EXE):
        return f"{EXE} is not built"
    return None if shutil.which(CROSS + "gcc") else f"{CROSS}gcc is not installed"


def link(folder, *sources, march="rv32imac_zicsr_zifencei", flags=()):
    image = os.path.join(folder, "program.elf")
    tool(CROSS + "gcc", f"-march={march}", "-mabi=ilp32", "-nostdlib", "-static", "-ffreestanding", "-fno-pic", "-no-pie",
         "-Wl,--build-id=none", "-Wl,-N", "-Wl,--no-warn-rwx-segments", "-Wl,-Ttext=0x80000000", *flags, "-o", image, *sources)
    return image


def assemble(folder, program, rounds=300, march="rv32imac_zicsr_zifencei", norvc=True):
    source = os.path.join(folder, "program.S")
    with open(source, "w", encoding="ascii") as f:
        f.write((".option norvc\n" if norvc else "") + HEAD.format(rounds=rounds) + program + TAIL)
    return link(folder, source, march=march)


def words(data):
    return struct.unpack(f"<{len(data) // 4}I", data)


def check(mode, got, wanted):
    """wanted: name, word (None: whatever), and a third thing where the reference differs."""
    ours = mode != "reference"
    wrong = [f"{name}: {g:#x}, not {w:#x}" for (name, w, *special), g in zip(wanted, got)
             if w is not None and w != g and (ours or not special)]
    if wrong or len(got) != len(wanted):
        raise Failure(f"{mode}: {len(got)} words of {len(wanted)}; " + "; ".join(wrong[:8]))


def compare(program, wanted, rounds=300, norvc=True, args=()):
    """Run the program in every mode; wanted: (name, word) of each put, None: whatever."""
    with temp_dir() as folder:
        image = assemble(folder, program, rounds, norvc=norvc)
        for mode, options in MODES.items():
            check(mode, words(run(folder, EXE, *MACHINE, "-kernel", image, *options, *args)), wanted)
        if REFERENCE:
            check("reference", words(run(folder, REFERENCE, *MACHINE, "-cpu", REFERENCE_CPU, "-kernel", image, *args)), wanted)


# The same machine: without what only the reference has.
REFERENCE_CPU = "rv32,f=false,d=false,h=false,sstc=false,pmp=false,zba=false,zbb=false,zbc=false,zbs=false"


def cpio_entry(name, mode, data=b"", device=(0, 0)):
    fields = (1, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(name) + 1, 0)
    head = b"070701" + b"".join(b"%08x" % value for value in fields) + name.encode() + b"\0"
    return b"".join(part + b"\0" * (-len(part) % 4) for part in (head, data))


def linux_options(folder, kit):
    """What boots the kit's kernel with the firmware and the first process that lie here."""
    here = os.path.dirname(os.path.abspath(__file__))
    firmware = os.path.join(folder, "sbi.elf")
    os.rename(link(folder, os.path.join(here, "sbi.S"), march="rv32ima_zicsr_zifencei"), firmware)
    program, initrd = os.path.join(folder, "init"), os.path.join(folder, "initrd")
    tool(CROSS + "gcc", "-march=rv32ima_zicsr_zifencei", "-mabi=ilp32", "-nostdlib", "-static", "-ffreestanding", "-fno-pic", "-no-pie",
         "-O2", "-Wall", "-Wextra", "-Wl,--build-id=none", "-o", program, os.path.join(here, "init.c"))
    with open(program, "rb") as f, open(initrd, "wb") as out:
        out.write(cpio_entry("dev", 0o40755) + cpio_entry("dev/console", 0o20600, device=(5, 1)) + cpio_entry("proc", 0o40755) +
                  cpio_entry("init", 0o100755, f.read()) + cpio_entry("TRAILER!!!", 0))
    return ["-M", "virt", "-bios", firmware, "-kernel", os.path.join(kit, "Image"), "-initrd", initrd]
