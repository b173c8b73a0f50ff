#!/usr/bin/env python3
"""Trace events: -trace, -d trace:, trace-event and the three outputs. Breaks when
an event of the declared ones cannot be switched, text and binary differ, or bad
input is met with anything but one clear line.

SPDX-License-Identifier: MIT
"""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../scripts"))
from guest import EXE, TIMEOUT_FACTOR, Tap, executable, temp_dir
from qtest import QTest
import tracereader


def run(*args):
    return subprocess.run([EXE, "-display", "none", *args], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=30 * TIMEOUT_FACTOR)


def refused(words, *args):
    result = run(*args)
    lines = result.stderr.splitlines()
    assert result.returncode == 1 and len(lines) == 1 and words in lines[0], (args, result)


def read(path):
    with open(path, encoding="latin1") as file:
        return file.read()


def declared():
    """The names in all trace-events files."""
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
    names = []
    for folder, folders, files in os.walk(root):
        folders[:] = [f for f in folders if not f.startswith("build") and f not in ("tests-bin", ".git")]
        if "trace-events" in files:
            names += re.findall(r"^(\w+)\(", read(os.path.join(folder, "trace-events")), re.M)
    return names


def listing():
    names = run("-trace", "help").stdout.split()
    assert sorted(names) == sorted(declared()), set(names) ^ set(declared())
    assert run("-d", "trace:help").stdout.split() == names


def register_access(qtest):
    """Something that every machine here traces: a write and a read of fw_cfg."""
    qtest.write("writew", 0xf0000510, 0x0000)
    assert qtest.read("readb", 0xf0000512) == ord("Q")


def patterns():
    with temp_dir() as folder:
        log = os.path.join(folder, "log")
        with QTest("-M", "mac99", "-trace", f"memory_region_ops_*,file={log}", "-trace", "enable=-*_read") as qtest:
            register_access(qtest)
            qtest.monitor.command("trace-file flush")
            text = read(log)
        assert re.search(r"^memory_region_ops_write fwcfg\S* \+0x0 size 2 value 0x0$", text, re.M), text[:500]
        assert "memory_region_ops_read" not in text


def events_file():
    with temp_dir() as folder:
        names, log = os.path.join(folder, "events"), os.path.join(folder, "log")
        with open(names, "w") as file:
            file.write("# what is wanted\n\nfw_cfg_select\nmemory_region_ops_*\n-memory_region_ops_write\n")
        with QTest("-M", "mac99", "-trace", f"events={names}", "-D", log) as qtest:
            register_access(qtest)
            text = read(log)
        assert "fw_cfg_select 0x0000\n" in text and "memory_region_ops_read" in text, text[:500]
        assert "memory_region_ops_write" not in text


def monitor_switches():
    with temp_dir() as folder:
        log = os.path.join(folder, "log")
        with QTest("-M", "mac99", "-D", log) as qtest:
            command = qtest.monitor.command
            assert command("info trace-events fw_cfg_sel*") == "fw_cfg_select : state 0\n"
            register_access(qtest)
            assert not os.path.exists(log)
            assert command("trace-event fw_cfg_* on") == ""
            assert command("info trace-events fw_cfg_select") == "fw_cfg_select : state 1\n"
            register_access(qtest)
            assert read(log).count("fw_cfg_select") == 1
            command("trace-event fw_cfg_select off")
            register_access(qtest)
            assert read(log).count("fw_cfg_select") == 1
            command("log trace:fw_cfg_select")
            register_access(qtest)
            assert read(log).count("fw_cfg_select") == 2
            assert "no trace event is called 'nosuch'" in command("trace-event nosuch on")
            assert "expected NAME|PATTERN on|off" in command("trace-event fw_cfg_select maybe")
            assert "no trace event is called 'nosuch'" in command("info trace-events nosuch")
            assert len(command("info trace-events").splitlines()) == len(declared())


def binary():
    """The same accesses as text and as records, printed by the reader: equal."""
    with temp_dir() as folder:
        texts = []
        for output in "log", "binary":
            path = os.path.join(folder, output)
            with QTest("-M", "mac99", "-trace", f"*,output={output},file={path}") as qtest:
                register_access(qtest)
                qtest.write("writel", 0x80040000 + 0x1020, 0x20000000)      # OpenPIC, if it is mapped
        texts.append(read(os.path.join(folder, "log")).splitlines())
        with open(os.path.join(folder, "binary"), "rb") as file:
            texts.append([f"{event.name} {event.text(values)}" for _, event, values in tracereader.Trace(file)])
        assert len(texts[0]) > 50
        for left, right in zip(*texts):
            assert left == right, (left, right)
        assert len(texts[0]) == len(texts[1])
        reader = [sys.executable, tracereader.__file__]
        result = subprocess.run([*reader, "--count", os.path.join(folder, "binary")], capture_output=True, text=True)
        assert re.search(r"^ *\d+ memory_region_ops_write$", result.stdout, re.M), result.stdout
        damaged = os.path.join(folder, "damaged")
        with open(damaged, "wb") as file, open(os.path.join(folder, "binary"), "rb") as whole:
            file.write(whole.read(1000))
        result = subprocess.run([*reader, damaged], capture_output=True, text=True)
        assert result.returncode == 1 and "ends inside an event" in result.stderr


def ftrace():
    """The kernel's marker file is stood in for by a plain one."""
    with temp_dir() as folder:
        marker = os.path.join(folder, "marker")
        open(marker, "w").close()
        with QTest("-M", "mac99", "-trace", f"fw_cfg_select,output=ftrace,file={marker}") as qtest:
            register_access(qtest)
        assert read(marker).endswith("fw_cfg_select 0x0000\n"), read(marker)


def interrupt_edges():
    """A PC's timer: the 8254's wire through the 8259 to the CPU."""
    with temp_dir() as folder:
        log = os.path.join(folder, "log")
        with QTest("-M", "pc", "-D", log, "-trace", "qemu_set_irq", "-trace", "i8259_*",
                   exe=executable("i386")) as qtest:
            qtest.write("outb", 0x43, 0x30)     # mode 0: one edge after the count
            qtest.write("outb", 0x40, 100)
            qtest.write("outb", 0x40, 0)
            qtest.clock_step(10 ** 6)
            text = read(log)
        assert re.search(r"^qemu_set_irq pc\.gsi 0 level 1$", text, re.M), text
        assert re.search(r"^i8259_set_line .*: line 0 level 1$", text, re.M), text


def bad_input():
    refused("no trace event is called 'nosuch'", "-trace", "nosuch")
    refused("no trace event is called 'nosuch'", "-d", "trace:nosuch")
    refused("cannot open", "-trace", "*,file=/nonexistent/file")
    refused("cannot open", "-trace", "*,output=binary,file=/nonexistent/file")
    refused("cannot open", "-trace", "*,output=ftrace,file=/nonexistent/file")
    refused("cannot read", "-trace", "events=/nonexistent")
    refused("no such output", "-trace", "fw_cfg_select,output=paper")
    refused("unknown", "-trace", "fw_cfg_select,colour=red")


tap = Tap()
tap.test("-trace help lists what trace-events files declare", listing)
tap.test("patterns and files", patterns)
tap.test("events=FILE", events_file)
tap.test("trace-event and info trace-events", monitor_switches)
tap.test("binary output and its reader", binary)
tap.test("ftrace output", ftrace)
tap.test("interrupt edges", interrupt_edges)
tap.test("bad input is one line", bad_input)
tap.done()
