"""The guest program hot.c as firmware of each board. SPDX-License-Identifier: MIT
"""
import os
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
PPC, X86 = os.path.join(HERE, "../guest-ppc"), os.path.join(HERE, "../guest-i386")
RISCV_CROSS = "riscv64-linux-gnu-"
TEACH = os.path.join(HERE, "../../target-teach")
ARCHES = "ppc", "i386", "x86_64", "riscv32", "teach"

# hot.c as a compiler would have it. r1: seed, r2: rounds, r15, r14, r13: return addresses by depth.
TEACH_HOT = """
    .globl main, outer_loop, busy_middle, lazy_middle, leaf_work
main:
    jal r13, outer_loop
outer_loop:
    jal r14, busy_middle
    add r6, r1, r0
    jal r14, lazy_middle
    add r1, r1, r6
    jal r0, outer_loop
busy_middle:
    li r2, 3000
    jal r15, leaf_work
    xori r1, r1, 1
    jr r0, r14, 0
lazy_middle:
    li r2, 1000
    jal r15, leaf_work
    xori r1, r1, 2
    jr r0, r14, 0
leaf_work:
    li r3, 1664525
    li r4, 1013904223
    li r5, 13
1:  mul r1, r1, r3
    add r1, r1, r4
    shr r7, r1, r5
    xor r1, r1, r7
    addi r2, r2, -1
    bne r2, r0, 1b
    jr r0, r15, 0
"""
RISCV_START = """
    .globl _start
_start:
    la sp, stack
    j main
    .bss
    .balign 16
    .space 4096
stack:
"""


def build(arch, folder):
    """(ELF file with symbols, arguments that run it)."""
    image = os.path.join(folder, f"hot-{arch}")
    source = os.path.join(HERE, "hot.c")
    flags = ["-O1", "-ffreestanding", "-fno-pic", "-no-pie", "-fno-stack-protector", "-nostdlib", "-static",
             "-fno-omit-frame-pointer", "-fno-optimize-sibling-calls", "-Wl,--build-id=none"]
    if arch == "ppc":
        vectors = os.path.join(folder, "vectors")
        open(vectors, "w").close()
        subprocess.run([os.path.join(PPC, "build-guest.sh"), PPC, vectors, image, "start.S", source_path(source)],
                       check=True)
        return image + ".elf", ["-M", "g3beige", "-vga", "none", "-bios", image]
    if arch == "teach":
        return build_teach(folder, image)
    if arch == "riscv32":
        start = write(folder, "start-riscv.S", RISCV_START)
        subprocess.run([RISCV_CROSS + "gcc", *flags, "-march=rv32im", "-mabi=ilp32", "-Wl,-N,-Ttext=0x80000000,--no-warn-rwx-segments",
                        "-o", image + ".elf", start, source], check=True)
        return image + ".elf", ["-M", "virt", "-bios", "none", "-kernel", image + ".elf"]
    compiler = "gcc" if arch == "x86_64" else "i686-linux-gnu-gcc"
    subprocess.run([compiler, *flags, "-fcf-protection=none", "-mgeneral-regs-only", "-I", X86, "-T",
                    os.path.join(X86, "bare.ld"), "-Wl,-z,max-page-size=4096,--no-warn-rwx-segments", "-o",
                    image + ".elf", os.path.join(X86, "start.S"), source], check=True)
    subprocess.run(["objcopy", "-O", "binary", "--gap-fill", "0xf4", image + ".elf", image], check=True)
    return image + ".elf", ["-M", "pc", "-vga", "none", "-bios", image]


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    return path


def build_teach(folder, image):
    with open(os.path.join(TEACH, "teach.inc"), encoding="ascii") as file:
        source = write(folder, "hot-teach.S", file.read() + TEACH_HOT)
    subprocess.run(["gcc", "-c", "-x", "assembler-with-cpp", "-I", TEACH, "-o", image + ".elf", source], check=True)
    subprocess.run(["objcopy", "-O", "binary", "-j", ".text", image + ".elf", image], check=True)
    return image + ".elf", ["-M", "teach", "-kernel", image]


def source_path(path):
    """build-guest.sh takes sources by their path from its own folder."""
    return os.path.relpath(path, PPC)
