"""The guest program hot.c as firmware of each board. SPDX-License-Identifier: MIT
"""
import os
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
PPC, X86 = os.path.join(HERE, "../guest-ppc"), os.path.join(HERE, "../guest-i386")
ARCHES = "ppc", "i386", "x86_64"


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
    compiler = "gcc" if arch == "x86_64" else "i686-linux-gnu-gcc"
    subprocess.run([compiler, *flags, "-fcf-protection=none", "-mgeneral-regs-only", "-I", X86, "-T",
                    os.path.join(X86, "bare.ld"), "-Wl,-z,max-page-size=4096,--no-warn-rwx-segments", "-o",
                    image + ".elf", os.path.join(X86, "start.S"), source], check=True)
    subprocess.run(["objcopy", "-O", "binary", "--gap-fill", "0xf4", image + ".elf", image], check=True)
    return image + ".elf", ["-M", "pc", "-vga", "none", "-bios", image]


def source_path(path):
    """build-guest.sh takes sources by their path from its own folder."""
    return os.path.relpath(path, PPC)
