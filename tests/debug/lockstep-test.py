#!/usr/bin/env python3
"""scripts/lockstep.py: equal settings and back ends are found equal, a planted
difference is found at its instruction.

SPDX-License-Identifier: MIT
"""
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from guest import EXE, TIMEOUT_FACTOR, Tap, executable, temp_dir
import program

LOCKSTEP = os.path.join(HERE, "../../scripts/lockstep.py")
PORTABLE = "tests-bin/portable/{0}-softmmu/qemu-system-{0}"
MACHINES = {"ppc": "g3beige", "i386": "pc", "x86_64": "pc", "riscv32": "virt", "teach": "teach"}
ROM_START = {"ppc": 0xffc00000, "i386": 0x100000}
# The last byte of the constant that leaf_work adds, as it stands in the code.
CONSTANT = {"ppc": bytes.fromhex("3863f35f"), "i386": bytes.fromhex("5ff36e3c")}
CHANGED = {"ppc": bytes.fromhex("3863f35e"), "i386": bytes.fromhex("5ef36e3c")}


def native(arch):
    return EXE if arch == "ppc" else executable(arch)


def lockstep(arch, *args, blocks=400, exe=None):
    options = [arg for arg in args if arg.startswith("--")]
    guest = [arg for arg in args if not arg.startswith("--")]
    return subprocess.run([sys.executable, LOCKSTEP, "--max", str(blocks), *options, exe or native(arch), "-M", MACHINES[arch],
                           "-nic", "none", *guest], capture_output=True, text=True, timeout=120 * TIMEOUT_FACTOR)


def equal_settings(arch):
    with temp_dir() as folder:
        _, args = program.build(arch, folder)
        result = lockstep(arch, "--a=-singlestep", *args[2:])
        assert result.returncode == 0 and result.stdout == "equal: 400 blocks\n", result
        result = lockstep(arch, *args[2:])
        assert result.returncode == 0, result


def equal_back_ends(arch):
    with temp_dir() as folder:
        _, args = program.build(arch, folder)
        # The portable one first: fninit ends its blocks, but not the native one's.
        result = lockstep(arch, f"--exe-b={native(arch)}", *args[2:], exe=PORTABLE.format(arch))
        assert result.returncode == 0 and result.stdout == "equal: 400 blocks\n", result


def planted(arch, steps):
    """steps: which sides single-step."""
    with temp_dir() as folder:
        program.build(arch, folder)
        image, changed = os.path.join(folder, f"hot-{arch}"), os.path.join(folder, "changed")
        with open(image, "rb") as file:
            code = file.read()
        assert code.count(CONSTANT[arch]) == 1
        with open(changed, "wb") as file:
            file.write(code.replace(CONSTANT[arch], CHANGED[arch]))
        place = ROM_START[arch] + code.index(CONSTANT[arch])
        single = [" -singlestep" if steps in choice else "" for choice in (("one", "both"), ("both",))]
        result = lockstep(arch, f"--a=-bios {image}{single[0]}", f"--b=-bios {changed}{single[1]}", "-vga", "none",
                          blocks=4000)
    assert result.returncode == 1, result
    # With single steps the last instruction that changed what differs is the one that did it.
    found = re.findall(r"^what differs was last changed by the guest instruction at 0x([0-9a-f]+)$", result.stdout, re.M)
    assert len(found) == (1 if steps == "both" else 2), result.stdout
    # x86's constant stands behind up to three bytes of its instruction.
    assert place - 3 <= int(found[-1], 16) <= place, (hex(place), result.stdout)
    register = {"ppc": r"^  GPR3 +a [0-9a-f]+ +b [0-9a-f]+$", "i386": r"^  E[AC]X +a [0-9a-f]+ +b [0-9a-f]+$"}[arch]
    assert re.search(register, result.stdout, re.M), result.stdout


def bad_input():
    result = lockstep("ppc", "-bios", "/nonexistent/rom")
    assert result.returncode == 2 and "nonexistent" in result.stderr, result


tap = Tap()
for guest_arch in "ppc", "i386":
    tap.test(f"equal settings, {guest_arch}", equal_settings, guest_arch)
    for sides in "none", "one", "both":
        tap.test(f"a planted difference, {sides} single-stepped, {guest_arch}", planted, guest_arch, sides)
for guest_arch in program.ARCHES:
    if os.path.exists(PORTABLE.format(guest_arch)):
        tap.test(f"native and portable back end, {guest_arch}", equal_back_ends, guest_arch)
    else:
        tap.count += 1
        print(f"ok {tap.count} - native and portable back end, {guest_arch} # SKIP {PORTABLE.format(guest_arch)} is not built")
tap.test("an emulator that does not start", bad_input)
tap.done()
