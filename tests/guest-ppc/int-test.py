#!/usr/bin/env python3
# Integer, memory, branch and condition-register instructions over edge
# operands against a model on the host (gen-int.c), and exceptions against the
# manual (run-system.c); in each translation mode. If it fails, programs compute
# wrong values or operating systems see wrong faults.
# SPDX-License-Identifier: MIT
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import bare

MODES = [("default", []), ("-singlestep", ["-singlestep"]), ("-d nochain", ["-d", "nochain", "-D", os.devnull])]
SECONDS = 120 * bare.TIMEOUT_FACTOR


def build(folder):
    generator, vectors = os.path.join(folder, "gen-int"), os.path.join(folder, "int.vec")
    subprocess.run([os.environ.get("CC", "gcc"), "-O1", "-o", generator, os.path.join(HERE, "gen-int.c")], check=True)
    with open(vectors, "wb") as out:
        subprocess.run([generator], stdout=out, check=True)
    power = os.path.join(folder, "power.vec")
    with open(power, "wb") as out:
        subprocess.run([generator, "601"], stdout=out, check=True)
    roms = []
    for name, cpu, data, sources in (("int", "750", vectors, ["start.S", "console.c", "run-vectors.c"]),
                                     ("601", "601", power, ["start.S", "console.c", "run-vectors.c"]),
                                     ("system", "750", os.devnull, ["start-system.S", "console.c", "run-system.c"]),
                                     ("603 system", "603e", os.devnull, ["start-603.S", "console.c", "run-system.c"])):
        roms.append((name, cpu, os.path.join(folder, name.replace(" ", "-") + ".rom")))
        subprocess.run(["sh", os.path.join(HERE, "build-guest.sh"), HERE, data, roms[-1][2]] + sources, check=True,
                       stderr=subprocess.DEVNULL)
    return roms


def run(cpu, rom, options):
    """The program's output up to DONE."""
    command = [bare.emulator(), "-M", "g3beige", "-cpu", cpu, "-bios", rom, "-display", "none", "-vga", "none", "-nic", "none",
               "-monitor", "none", "-serial", "stdio"]
    process = subprocess.Popen(["timeout", str(SECONDS)] + command + options, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, text=True, errors="replace")
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip())
        if line.startswith("DONE"):
            break
    process.terminate()
    process.wait()
    return lines


def main():
    if not shutil.which(os.environ.get("CROSS_COMPILE_PPC", "powerpc-linux-gnu-") + "gcc"):
        print("1..0 # SKIP no cross compiler for PowerPC")
        return
    with tempfile.TemporaryDirectory() as folder:
        roms = build(folder)
        print(f"1..{len(roms) * len(MODES)}", flush=True)
        number = 0
        for name, cpu, rom in roms:
            for mode, options in MODES:
                number += 1
                lines = run(cpu, rom, options)
                good = lines[-1:] == ["DONE"] and lines[-2].endswith("failures 0")
                for line in lines[:60] if not good else []:
                    print("# " + line)
                print(f"{'ok' if good else 'not ok'} {number} - {name} {mode}: {' '.join(lines[-2:-1])}", flush=True)


main()
