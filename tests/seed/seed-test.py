#!/usr/bin/env python3
"""The translation-log experiment: logs of the firmware's first blocks, a
debugger's backtrace from the front end to the thread, the compile-time
switches of target-ppc/translate.c.

SPDX-License-Identifier: MIT
"""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from guest import EXE, Failure, Tap, temp_dir

DEBUG_EXE = os.environ.get("QEMU_DEBUG_DISAS_EXE", "tests-bin/qemu-system-ppc-debug-disas")


def log_of(exe, items, folder):
    log = os.path.join(folder, "log")
    disk = os.path.join(folder, "disk.img")
    with open(disk, "wb") as f:
        f.truncate(1 << 20)
    process = subprocess.Popen([exe, "-monitor", "stdio", "-display", "none", "-serial", "null",
                                "-drive", f"file={disk},format=raw", "-d", items, "-D", log],
                               stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        process.communicate(b"", timeout=3)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    with open(log, encoding="latin1") as f:
        return f.read(400000)


def expect_in_order(text, patterns):
    position = 0
    for pattern in patterns:
        match = re.compile(pattern, re.M).search(text, position)
        if not match:
            raise Failure(f"no {pattern!r} behind:\n{text[max(0, position - 300):position + 1500]}")
        position = match.end()


def logs():
    with temp_dir() as folder:
        text = log_of(EXE, "in_asm,op,out_asm", folder)
        expect_in_order(text, [
            r"^-+\nIN: $", r"^0xfff00100:  b       0xfff02520$", r"^$", r"^OP:$", r"^ ---- fff00100$",
            r"^ movi_i32 nip,\$0xfff02520$", r"^OUT: \[size=\d+\]$", r"^0x[0-9a-f]+:  \w+",
            r"^IN: $", r"^0xfff02520:  li      r0,0$", r"^0xfff02524:  lis     r3,-32768$",
            r"^0xfff02528:  add\.    r3,r3,r3$", r"^0xfff0252c:  beq-    0xfff02538$",
            r"^OP:$", r"^ ---- fff02520$", r"^ movi_i32 r0,\$0x0$"])


def backtrace():
    run = subprocess.run(
        ["gdb", "-q", "-batch", "-nx", "-ex", "set pagination off", "-ex", "set debuginfod enabled off",
         "-ex", "break gen_intermediate_code", "-ex", "run", "-ex", "bt", "-ex", "kill", "--args",
         EXE, "-nographic", "-net", "none"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
    expect_in_order(run.stdout, [
        r"hit Breakpoint 1, gen_intermediate_code \(env=\S*0x[0-9a-f]+, tb=\S*0x[0-9a-f]+\)",
        r"#0 .*gen_intermediate_code", r"tb_gen_code", r"tb_find", r"cpu_exec ", r"tcg_cpu_exec",
        r"qemu_tcg_cpu_thread_fn"])


def switches():
    with temp_dir() as folder:
        text = log_of(DEBUG_EXE, "in_asm,op", folder)
        expect_in_order(text, [
            r"^nip=fff00100 super=\d ir=0$", r"^translate opcode 48002420 \(12 10 10 00\) \(big\)$",
            r"^IN: $", r"^0xfff00100:  b "])


tap = Tap()
tap.test("IN, OP and OUT of the reset vector", logs)
tap.test("backtrace from gen_intermediate_code", backtrace)
tap.test("PPC_DEBUG_DISAS and DO_PPC_STATISTICS", switches)
tap.done()
