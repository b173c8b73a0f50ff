# Builds case lists (*-cases.S) for the host and for the bare emulated PC, runs
# both and compares their lines. See case.h for how to write cases.
# SPDX-License-Identifier: MIT
import glob
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TIMEOUT_FACTOR = float(os.environ.get("QEMU_TEST_TIMEOUT_FACTOR", "1"))
MODES = [("default", []), ("-singlestep", ["-singlestep"]), ("-d nochain", ["-d", "nochain", "-D", os.devnull])]
COMPILERS = {64: "gcc", 32: "i686-linux-gnu-gcc"}
COMMON = ["-O1", "-fno-pic", "-fno-pie", "-no-pie", "-static", "-fno-stack-protector", "-fcf-protection=none",
          "-mno-mmx", "-mno-sse", "-Wa,-W", "-I", HERE]


def emulator(bits):
    """The program under test: $QEMU_I386 or $QEMU_X86_64, or the one that was built here."""
    name = "x86_64" if bits == 64 else "i386"
    path = "%s-softmmu/qemu-system-%s" % (name, name)
    here = os.path.join(HERE, "../..", path)
    return os.environ.get("QEMU_" + name.upper(), path if os.path.exists(path) else here)


def build(folder, cases, fx, bits, only=None):
    """(program, image) of a case list; fx: "fx-none" or a file that fills the FXSAVE image."""
    stem = os.path.join(folder, "%s-%d" % (cases, bits))
    use_fx = "-DUSE_FX=%d" % (fx != "fx-none")
    sources = [os.path.join(HERE, name) for name in (cases + "-cases.S", "run.S", "run.c", fx + ".c")]
    compiler = COMPILERS[bits]
    subprocess.run([compiler] + [f for f in COMMON if f not in ("-mno-mmx", "-mno-sse")] +
                   [use_fx, "-o", stem] + sources + [os.path.join(HERE, "host.c")], check=True)
    subprocess.run([compiler] + COMMON + [use_fx, "-DCASE=%d" % (-1 if only is None else only), "-ffreestanding",
                    "-nostdlib", "-mno-red-zone", "-mgeneral-regs-only", "-T", os.path.join(HERE, "bare.ld"),
                    "-Wl,--build-id=none,-z,max-page-size=4096,--no-warn-rwx-segments", "-o", stem + ".elf",
                    os.path.join(HERE, "start.S"), os.path.join(HERE, "bare.c")] + sources, check=True)
    subprocess.run(["objcopy", "-O", "binary", "--gap-fill", "0xf4", stem + ".elf", stem + ".rom"], check=True)
    return stem, stem + ".rom"


def run_host(program, only=None):
    return subprocess.run([program] + ([] if only is None else [str(only)]), capture_output=True, text=True,
                          check=True, timeout=60 * TIMEOUT_FACTOR).stdout.splitlines()


def run_guest(image, bits, options=(), cpu="max", program=None):
    command = [program or emulator(bits), "-M", "pc", "-cpu", cpu, "-bios", image, "-display", "none", "-vga", "none",
               "-nic", "none", "-monitor", "none", "-serial", "none", "-no-reboot",
               "-chardev", "stdio,id=console", "-device", "isa-debugcon,iobase=0xe9,chardev=console",
               "-device", "isa-debug-exit,iobase=0xf4,iosize=1"]
    done = subprocess.run(command + list(options), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                          errors="replace", timeout=60 * TIMEOUT_FACTOR)
    return done.stdout.splitlines()


def compare(host, guest):
    """Text of the first differences, None: equal."""
    if guest[-1:] != ["DONE"]:
        return "ended after %d of %d lines: %s" % (len(guest), len(host), guest[-1:])
    wrong = [(h, g) for h, g in zip(host, guest) if h != g]
    if len(host) != len(guest):
        return "%d lines, %d expected" % (len(guest), len(host))
    if wrong:
        return "%d of %d cases differ:\n" % (len(wrong), len(host) - 1) + \
               "\n".join("#   host %s\n#   here %s" % pair for pair in wrong[:20])
    return None


def main(lists, widths=(64, 32)):
    """lists: (cases, fx, cpu) rows. Prints TAP."""
    missing = [c for b, c in COMPILERS.items() if b in widths and not shutil.which(c)]
    if missing:
        print("1..0 # SKIP no compiler %s" % " ".join(missing))
        return
    if not all(os.path.exists(emulator(b)) for b in widths):
        print("1..0 # SKIP the emulator is not built")
        return
    number, failed = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for cases, fx, cpu in lists:
            for bits in widths:
                program, image = build(folder, cases, fx, bits)
                host = run_host(program)
                for mode, options in MODES:
                    number += 1
                    try:
                        difference = compare(host, run_guest(image, bits, options, cpu))
                    except subprocess.TimeoutExpired:
                        difference = "timeout"
                    failed += difference is not None
                    print("%s %d - %s, %d bits, %s" % ("not ok" if difference else "ok", number, cases, bits, mode))
                    if difference:
                        print("# " + difference)
                    sys.stdout.flush()
    print("1..%d" % number)
    sys.exit(failed != 0)


SYSTEM = ["-O1", "-ffreestanding", "-fno-pic", "-no-pie", "-nostdlib", "-fno-stack-protector",
          "-fcf-protection=none", "-fno-asynchronous-unwind-tables", "-fno-toplevel-reorder", "-fno-inline",
          "-Wl,--build-id=none,--no-warn-rwx-segments"]


def build_system(folder, stem, bits, flags):
    """The image of the system tests STEM-*: code for CPUs of `bits`."""
    elf, image = os.path.join(folder, stem + ".elf"), os.path.join(folder, stem + ".rom")
    sources = [os.path.join(HERE, name) for name in (stem + "-start.S", "checks.c")]
    sources += sorted(glob.glob(os.path.join(HERE, stem + "-*.c")))
    subprocess.run([COMPILERS[bits]] + SYSTEM + flags +
                   ["-Wl,-T," + os.path.join(HERE, stem + ".ld"), "-o", elf] + sources, check=True)
    subprocess.run(["objcopy", "-O", "binary", "-j", ".text", "-j", ".reset", elf, image], check=True)
    return image


def system_main(stem, bits, flags, executables):
    """Builds the system tests and runs them by each executable in each mode. Prints TAP."""
    if not shutil.which(COMPILERS[bits]) or not all(os.path.exists(emulator(b)) for b in executables):
        print("1..0 # SKIP no compiler, or the emulator is not built")
        return
    number = failures = 0
    with tempfile.TemporaryDirectory() as folder:
        image = build_system(folder, stem, bits, flags)
        for executable in executables:
            for name, options in MODES:
                lines = run_guest(image, executable, options)
                number += 1
                passed = lines and lines[-1].startswith("checks ") and \
                    not any(line.startswith("not ok") for line in lines)
                failures += not passed
                print("%sok %d - %d-bit executable, %s" % ("" if passed else "not ", number, executable, name))
                if not passed:
                    print("\n".join("# " + line for line in lines))
    print("1..%d" % number)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    # bare.py CASES FX BITS NUMBER [emulator options]: one case in full, on the host and here
    with tempfile.TemporaryDirectory() as folder:
        cases, fx, bits, number = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
        program, image = build(folder, cases, fx, bits, number)
        for host, guest in zip(run_host(program, number), run_guest(image, bits, sys.argv[5:])):
            print(host if host == guest else "host " + host + "\nhere " + guest)
