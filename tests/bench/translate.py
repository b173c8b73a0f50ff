#!/usr/bin/env python3
"""Cost of translation, here and on the reference: CPU time for code that runs once.

usage: translate.py --exe EXE --reference EXE [--runs N]
Makes a flat PowerPC firmware image of 700,000 instructions in blocks of six (loads,
stores, arithmetic, compares, a conditional branch), each executed once, which then
puts the CPU to sleep. The same image with 1,000 instructions is what starting costs.
Prints Markdown: nanoseconds of CPU time per guest instruction.
SPDX-License-Identifier: MIT
"""
import argparse
import os
import random
import struct
import subprocess
import tempfile
import time

ROM_BYTES = 4 << 20                     # g3beige maps it at 0xffc00000
RESET = 0x300100                        # offset of 0xfff00100
BLOCK = 6


def d_form(opcode, rt, ra, imm):
    return opcode << 26 | rt << 21 | ra << 16 | imm & 0xffff


def x_form(rt, ra, rb, extended):
    return 31 << 26 | rt << 21 | ra << 16 | rb << 11 | extended << 1


def random_instruction(rng):
    rt, ra, rb = (rng.randrange(3, 13) for _ in range(3))
    return rng.choice((
        d_form(32, rt, 1, rng.randrange(0, 4096, 4)),           # lwz
        d_form(36, rt, 1, rng.randrange(0, 4096, 4)),           # stw
        d_form(14, rt, ra, rng.randrange(-999, 999)),           # addi
        x_form(rt, ra, rb, 266),                                # add
        x_form(ra, rt, rb, 444),                                # or
        21 << 26 | ra << 21 | rt << 16 | rng.randrange(32) << 11 | 31 << 1,     # rlwinm
        d_form(10, rng.randrange(8) << 2, ra, rng.randrange(999)),              # cmplwi
        x_form(rt, ra, rb, 40),                                 # subf
    ))


def image(count):
    """Reset vector: r1 = 64 KiB, go to the start; count instructions; doze."""
    rng = random.Random(1)
    code = []
    for _ in range(count // BLOCK):
        code += [random_instruction(rng) for _ in range(BLOCK - 1)]
        code.append(16 << 26 | 12 << 21 | rng.randrange(32) << 16 | 4)          # bc to the next
    code += [
        d_form(15, 3, 0, 0x0080),                               # lis r3,HID0.DOZE
        31 << 26 | 3 << 21 | 0x10 << 16 | 0x1f << 11 | 467 << 1,                # mtspr HID0,r3
        d_form(15, 3, 0, 0x0004),                               # lis r3,MSR.POW
        x_form(3, 0, 0, 146),                                   # mtmsr r3
        18 << 26,                                               # b .
    ]
    body = struct.pack(f">{len(code)}I", *code)
    assert len(body) <= RESET - 0x100
    rom = bytearray(ROM_BYTES)
    rom[:len(body)] = body
    entry = struct.pack(">2I", d_form(15, 1, 0, 1), 18 << 26 | (-(RESET + 4)) & 0x03fffffc)
    rom[RESET:RESET + len(entry)] = entry
    return bytes(rom)


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cost(exe, path):
    """CPU seconds until the guest sleeps: until they have not grown for a second."""
    process = subprocess.Popen([exe, "-M", "g3beige", "-bios", path, "-nodefaults", "-display", "none"],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        used, since = -1.0, time.time()
        while time.time() - since < 1:
            time.sleep(0.1)
            now = cpu_seconds(process.pid)
            if now - used > 0.02:
                used, since = now, time.time()
            if now > 60:
                raise SystemExit(f"{exe}: the guest does not go to sleep")
        return used
    finally:
        process.kill()
        process.wait()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--exe", required=True)
    parser.add_argument("--reference", default="qemu-system-ppc")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    names = {"reference": options.reference, "ours": options.exe}
    best = {}
    with tempfile.TemporaryDirectory() as directory:
        for count in (1000, 700_000):
            path = os.path.join(directory, f"{count}.rom")
            with open(path, "wb") as rom:
                rom.write(image(count))
            for _ in range(options.runs):
                for name, exe in names.items():
                    key = name, count
                    best[key] = min(best.get(key, 1e9), cost(exe, path))
    print("| | ns of CPU time per guest instruction |\n|---|---|")
    each = {name: (best[name, 700_000] - best[name, 1000]) / 699_000 * 1e9 for name in names}
    for name, ns in each.items():
        print(f"| {name} | {ns:.0f} |")
    print(f"\nratio {each['reference'] / each['ours']:.2f}")


main()
