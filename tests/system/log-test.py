#!/usr/bin/env python3
"""The log: what each -d item writes on each guest, -dfilter, -D, names of symbols,
and switching in the monitor. Breaks when an item stays silent or a bad file ends
the guest.

SPDX-License-Identifier: MIT
"""
import os
import re
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "../debug")]
from guest import EXE, TIMEOUT_FACTOR, Failure, Monitor, Tap, executable, temp_dir, wait_until
import program
from qtest import QTest

QUIET = ["-display", "none", "-serial", "null", "-nic", "none"]
REGISTERS = {"ppc": r"^NIP [0-9a-f]{8}   LR ", "i386": r"^EAX=[0-9a-f]{8} ", "x86_64": r"^[ER]AX=[0-9a-f]+ ",
             "riscv32": r"^ pc +[0-9a-f]{8} priv M hart 0", "teach": r"^pc  [0-9a-f]{8} status "}
FLOATS = {"ppc": r"^FPR00 ", "i386": r"^FCW=", "x86_64": r"^FCW="}     # the others have none
# What firmware does in its first second shows these.
ITEMS = {
    "in_asm": r"^IN: .*\n0x[0-9a-f]+:  \w+",
    "op": r"^OP:\n \w",
    "op_ind": r"^OP before liveness analysis:\n \w",
    "op_opt": r"^OP after optimization and liveness analysis:\n \w",
    "out_asm": r"^OUT: \[size=\d+\]\n  -- guest addr 0x[0-9a-f]+ \+ tb prologue\n0x[0-9a-f]+:  \w+",
    "exec": r"^Trace 0: 0x[0-9a-f]+ \[[0-9a-f]+/[0-9a-f]+/[0-9a-f]+\] ",
    "mmu": r"^tlb_set_page: vaddr=",
    "cpu_reset": r"^CPU Reset \(CPU 0\)\n",
}
INTERRUPTS = {"ppc": r"^Raise exception at ", "i386": r"^ *\d+: v=[0-9a-f]{2} e=", "x86_64": r"^ *\d+: v=[0-9a-f]{2} e=",
              "riscv32": r"^trap: hart 0 cause 00000001 epc ", "teach": r"^exception 1 at 00000000$"}
# Zeros are no instruction: the vectors of these lead to one exception after the other.
NO_PROGRAM = {"riscv32": ["-bios", "none"], "teach": []}


def read(path):
    try:
        with open(path, encoding="latin1") as file:
            return file.read(40 << 20)
    except FileNotFoundError:
        return ""


def log_shows(exe, args, patterns, log, timeout=20):
    """Run until the log matches all patterns; returns it."""
    process = subprocess.Popen([exe, *QUIET, "-monitor", "none", *args], stdin=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    deadline = time.time() + timeout * TIMEOUT_FACTOR
    try:
        while True:
            text = read(log)
            missing = [p for p in patterns if not re.search(p, text, re.M)]
            if not missing:
                return text
            if time.time() > deadline or process.poll() is not None:
                raise Failure(f"{' '.join(args)}: no {missing} in a log of {len(text)} bytes: {text[:300]}")
            time.sleep(0.1)
    finally:
        process.kill()
        process.wait()


def each_item(arch):
    exe = executable(arch) if arch != "ppc" else EXE
    with temp_dir() as folder:
        args = program.build(arch, folder)[1] if arch in NO_PROGRAM else []
        for number, (item, pattern) in enumerate(ITEMS.items()):
            log = os.path.join(folder, f"log{number}")
            text = log_shows(exe, [*args, "-d", item, "-D", log], [pattern], log)
            others = [name for name, other in ITEMS.items() if name != item and re.search(other, text, re.M)]
            assert not others, (item, others)
        log = os.path.join(folder, "int")
        log_shows(exe, [*NO_PROGRAM.get(arch, []), "-d", "int", "-D", log], [INTERRUPTS[arch]], log)
        log = os.path.join(folder, "cpu")
        text = log_shows(exe, [*args, "-d", "cpu", "-D", log], [REGISTERS[arch]], log)
        if arch in FLOATS:
            assert not re.search(FLOATS[arch], text, re.M)
            log = os.path.join(folder, "fpu")
            log_shows(exe, ["-d", "cpu,fpu", "-D", log], [REGISTERS[arch], FLOATS[arch]], log)
        if "86" in arch:
            log = os.path.join(folder, "pcall")
            log_shows(exe, ["-d", "pcall", "-D", log], [r"^far jump from \w+ \(CPL 0\) to \w+:\w+ \(CPL 0\), stack"], log)


def dead_ends():
    """A handler that cannot run: told once, with registers and the walk where int is on."""
    with temp_dir() as folder:
        log, vector = os.path.join(folder, "log"), os.path.join(folder, "vector")
        text = log_shows(executable("riscv32"), ["-bios", "none", "-d", "guest_errors,int", "-D", log],
                         [r"^CPU 0: nothing but traps from here on: cause 1 at its own handler 00000000, tval 00000000, first at 80000000$",
                          r"^ pc +00000000 priv M hart 0$", r"^ +00000000: satp is bare$"], log)
        assert text.count("nothing but traps") == 1
        # lui r1, 0x4; mts r1, vector: then a word that is no instruction, there and here
        with open(vector, "wb") as file:
            file.write(((0x15 << 26) | (1 << 22) | 4).to_bytes(4, "little") + ((0x34 << 26) | (1 << 22) | 5).to_bytes(4, "little"))
        text = log_shows(executable("teach"), ["-kernel", vector, "-d", "guest_errors", "-D", log],
                         [r"^CPU 0: exception 1 at its own handler 00010000$"], log)
        assert text.count("own handler") == 1


def thread_files():
    """-d tid: the CPU's thread has a file of its own, the main thread the one with the process id."""
    with temp_dir() as folder:
        path = os.path.join(folder, "%d")
        process = subprocess.Popen([EXE, *QUIET, "-monitor", "none", "-d", "in_asm,tid,trace:device_reset", "-D", path], stdin=subprocess.DEVNULL)
        deadline = time.time() + 20 * TIMEOUT_FACTOR
        while len(os.listdir(folder)) < 2 and time.time() < deadline:
            time.sleep(0.05)
        process.kill()
        process.wait()
        texts = {name: read(os.path.join(folder, name)) for name in os.listdir(folder)}
        main = texts.pop(str(process.pid))
        assert "device_reset" in main and "IN:" not in main, main[:300]
        assert len(texts) == 1 and list(texts.values())[0].startswith("----------------\nIN: "), texts.keys()


def device_items():
    with temp_dir() as folder:
        log = os.path.join(folder, "log")
        with QTest("-M", "pc", "-d", "guest_errors,unimp", "-D", log, exe=executable("i386")) as qtest:
            qtest.write("outb", 0x1f6, 0xb0)            # the CD-ROM drive
            qtest.write("outb", 0x177, 0x11)
            qtest.read("readl", 0xfd000000)             # nothing is there
        text = read(log)
        assert re.search(r"^ide-cd: ATA command 0x11$", text, re.M), text
        assert "unassigned memory" in text, text


def help_text():
    result = subprocess.run([EXE, "-d", "help"], capture_output=True, text=True)
    names = re.findall(r"^(\w+)(?::PATTERN)? +\w", result.stdout, re.M)
    for item in [*ITEMS, "int", "cpu", "fpu", "pcall", "unimp", "guest_errors", "nochain", "page", "strace", "tid", "trace", "all"]:
        assert item in names, item


def symbols(arch):
    """Names in the log, and addresses chosen by every form of -dfilter."""
    exe = executable(arch) if arch != "ppc" else EXE
    with temp_dir() as folder:
        elf, args = program.build(arch, folder)
        log = os.path.join(folder, "log")
        log_shows(exe, [*args, "-symbols", elf, "-d", "in_asm,exec,nochain", "-D", log],
                  [r"^IN: leaf_work$", r"^Trace 0: \S+ \[\S+\] leaf_work$", r"^IN: busy_middle$"], log)
        nm = subprocess.run(["nm", elf], capture_output=True, text=True, check=True).stdout
        names = os.path.join(folder, "System.map")
        with open(names, "w") as file:
            file.write(" " * 17 + "w undefined\n" + nm)
        at = int(re.search(r"^(\w+) T lazy_middle$", nm, re.M).group(1), 16)
        for form in f"0x{at:x}..0x{at + 3:x}", f"0x{at:x}+4", f"0x{at + 3:x}-4", f"1..2,0x{at:x}+1":
            os.unlink(log)
            text = log_shows(exe, [*args, "-symbols", names, "-d", "in_asm,exec,nochain", "-dfilter", form, "-D", log],
                             [r"^IN: lazy_middle$", r"^Trace .* lazy_middle$"], log)
            assert set(re.findall(r"^IN: (.*)", text, re.M)) == {"lazy_middle"}, text[:300]


def file_names():
    with temp_dir() as folder:
        path = os.path.join(folder, "log-%d.txt")
        process = subprocess.Popen([EXE, *QUIET, "-monitor", "none", "-d", "in_asm", "-D", path],
                                   stdin=subprocess.DEVNULL)
        expected = os.path.join(folder, f"log-{process.pid}.txt")
        deadline = time.time() + 20 * TIMEOUT_FACTOR
        while not read(expected) and time.time() < deadline:
            time.sleep(0.05)
        process.kill()
        process.wait()
        assert read(expected).startswith("----------------\nIN: ")


def refused(words, *args):
    result = subprocess.run([EXE, *QUIET, *args], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                            timeout=30 * TIMEOUT_FACTOR)
    assert result.returncode == 1 and len(result.stderr.splitlines()) == 1 and words in result.stderr, (args, result)


def bad_input():
    refused("unknown log item", "-d", "in_asm,nonsense")
    refused("cannot open", "-d", "in_asm", "-D", "/nonexistent/log")
    refused("only one %d", "-D", "/tmp/%s")
    refused("has no %d", "-d", "tid", "-D", "/tmp/log")
    refused("has no %d", "-d", "tid")
    for text in "1", "1..", "5..4", "1+", "1+0", "x..y", "1-", "1..2,":
        refused("-dfilter", "-dfilter", text)
    refused("cannot read", "-symbols", "/nonexistent/map")
    refused("neither", "-symbols", os.path.abspath(__file__))


def monitor_switches():
    """The guest goes on whatever happens to its log."""
    with temp_dir() as folder:
        first, second, path = (os.path.join(folder, name) for name in ("first", "second", "monitor"))
        process = subprocess.Popen([EXE, *QUIET, "-D", first, "-monitor", f"unix:{path},server,nowait"],
                                   stdin=subprocess.DEVNULL)
        try:
            monitor = Monitor(path)
            assert not os.path.exists(first)
            assert monitor.command("log exec,nochain") == ""
            wait_until(lambda: "Trace 0: " in read(first), "blocks are logged")
            monitor.command("log none")
            time.sleep(0.1)                             # who is at a line finishes it
            size = os.path.getsize(first)
            monitor.command("info version")
            assert os.path.getsize(first) == size
            assert monitor.command("log cpu,nochain") == ""
            wait_until(lambda: os.path.getsize(first) > size, "the processor is logged")
            monitor.command("log none")
            assert read(first).startswith("Trace 0: ")
            assert "unknown log item" in monitor.command("log nonsense")
            assert re.search(r"^in_asm +guest code", monitor.command("log help"), re.M)
            monitor.command("log exec,nochain")
            assert "cannot open" in monitor.command("logfile /nonexistent/log")
            assert monitor.command(f"logfile {second}") == ""
            wait_until(lambda: "Trace 0: " in read(second), "blocks are logged in the new file")
            assert "running" in monitor.command("info status")
        finally:
            process.kill()
            process.wait()


tap = Tap()
for guest_arch in program.ARCHES:
    tap.test(f"each item of -d, {guest_arch}", each_item, guest_arch)
    tap.test(f"symbols and -dfilter, {guest_arch}", symbols, guest_arch)
tap.test("traps without end", dead_ends)
tap.test("-d tid", thread_files)
tap.test("unimp and guest_errors", device_items)
tap.test("-d help", help_text)
tap.test("-D with the process id", file_names)
tap.test("bad input is one line", bad_input)
tap.test("log and logfile in the monitor", monitor_switches)
tap.done()
