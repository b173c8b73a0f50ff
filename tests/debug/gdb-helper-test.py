#!/usr/bin/env python3
"""scripts/gdb/qemu.py in a gdb that stops the emulator in generated code.

SPDX-License-Identifier: MIT
"""
import os
import re
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from guest import EXE, TIMEOUT_FACTOR, Failure, Tap, executable, temp_dir
import program

HELPER = os.path.join(HERE, "../../scripts/gdb/qemu.py")


def session(arch, folder, commands):
    """What gdb prints when it stops a CPU that has been in its loop for a while."""
    _, args = program.build(arch, folder)
    pidfile = os.path.join(folder, "pid")
    exe = EXE if arch == "ppc" else executable(arch)
    arguments = ["gdb", "-q", "-batch", "-nx", "-ex", "set pagination off", "-ex", "set debuginfod enabled off",
                 "-ex", f"source {HELPER}", "-ex", "run"]
    for command in commands:
        arguments += ["-ex", command]
    gdb = subprocess.Popen([*arguments, "-ex", "kill", "--args", exe, *args, "-display", "none", "-serial", "null",
                            "-monitor", "none", "-nic", "none", "-pidfile", pidfile],
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    deadline = time.time() + 60 * TIMEOUT_FACTOR
    while not (os.path.exists(pidfile) and os.path.getsize(pidfile)):
        if time.time() > deadline or gdb.poll() is not None:
            gdb.kill()
            raise Failure(f"the emulator did not start: {gdb.communicate()[0]}")
        time.sleep(0.05)
    time.sleep(1.5 * TIMEOUT_FACTOR)
    with open(pidfile) as file:
        os.kill(int(file.read()), signal.SIGINT)
    return gdb.communicate(timeout=120 * TIMEOUT_FACTOR)[0]


def expect(text, *patterns):
    for pattern in patterns:
        if not re.search(pattern, text, re.M):
            raise Failure(f"no {pattern!r} in:\n{text[-4000:]}")


def helper(arch, multiply):
    with temp_dir() as folder:
        text = session(arch, folder, ["qemu cpu", "qemu cpu 0", "qemu tb", "qemu tb main", "qemu tbs", "qemu cpu 7"])
    expect(text, r"^CPU 0: running, thread \d+, exception -1, interrupts 0x0, env 0x[0-9a-f]+$", r"^CPU 0: thread \d+$",
           r"^block 0x[0-9a-f]+: guest 0x[0-9a-f]+, \d+ instructions, \d+ bytes$",
           r"^  host address 0x[0-9a-f]+ (belongs to guest instruction \d+, 0x[0-9a-f]+|is in the slow paths)$",
           r"^IN:\n0x[0-9a-f]+:  \w+", multiply, r"^OP:\n", r"^ mul_i\d\d ", r"^0x[0-9a-f]+ is no generated code$",
           r"^0x[0-9a-f]+ +\d+ bytes +\d+ instructions at 0x[0-9a-f]+ +\d+ bytes, region", r"^\d+ blocks$", r"no CPU 7")
    belongs = re.search(r"belongs to guest instruction \d+, 0x([0-9a-f]+)$", text, re.M)
    if belongs:                     # and that instruction is one of the listed ones
        expect(text, rf"^0x0*{belongs.group(1).lstrip('0')}:  ")


tap = Tap()
tap.test("blocks and CPUs, ppc", helper, "ppc", r"^0x[0-9a-f]+:  mullw ")
tap.test("blocks and CPUs, x86_64", helper, "x86_64", r"^0x[0-9a-f]+:  imul ")
tap.done()
