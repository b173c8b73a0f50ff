#!/usr/bin/env python3
"""-profile and flame graphs, -perfmap, -jitdump, info jit and info opcount. Breaks
when a guest function is not named or its callers are lost.

SPDX-License-Identifier: MIT
"""
import os
import re
import signal
import struct
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from guest import EXE, TIMEOUT_FACTOR, Failure, Monitor, Tap, executable, temp_dir
import program

QUIET = ["-display", "none", "-serial", "null", "-nic", "none"]
FLAMEGRAPH = os.path.join(HERE, "../../scripts/flamegraph.py")
STACK = "outer_loop;busy_middle;leaf_work"


def start(arch, folder, *options, cwd=None):
    elf, args = program.build(arch, folder)
    exe = os.path.abspath(EXE if arch == "ppc" else executable(arch))
    return subprocess.Popen([exe, *QUIET, *args, "-symbols", elf, *options], stdin=subprocess.DEVNULL, cwd=cwd,
                            stderr=subprocess.PIPE)


def run_for(seconds, process):
    time.sleep(seconds * TIMEOUT_FACTOR)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=20 * TIMEOUT_FACTOR)
    assert process.returncode == 0, (process.returncode, errors)


def folded_stacks(path):
    with open(path) as file:
        lines = [line.rsplit(" ", 1) for line in file]
    return {stack: int(count) for stack, count in lines}


def profile(arch):
    with temp_dir() as folder:
        path = os.path.join(folder, "folded")
        run_for(1, start(arch, folder, "-monitor", "none", "-profile", f"{path},hz=500"))
        stacks = folded_stacks(path)
        if arch == "teach":             # nothing says where its callers are
            assert stacks["leaf_work"] > 0.8 * sum(stacks.values()), stacks
            return
        busy = sum(count for stack, count in stacks.items() if stack.endswith(STACK))
        lazy = sum(count for stack, count in stacks.items() if stack.endswith("outer_loop;lazy_middle;leaf_work"))
        assert busy > lazy > 0 and busy + lazy > 0.8 * sum(stacks.values()), stacks
        graph = subprocess.run([sys.executable, FLAMEGRAPH, "--title", "a < b", path], check=True, capture_output=True,
                               text=True).stdout
        svg = ElementTree.fromstring(graph)
        boxes = {g.get("data-name"): float(g.get("data-w")) for g in svg.iter("{http://www.w3.org/2000/svg}g")}
        assert boxes["all"] == 1 and boxes["busy_middle"] > boxes["lazy_middle"] > 0, boxes


def perf_map():
    with temp_dir() as folder:
        process = start("ppc", folder, "-monitor", "none", "-perfmap")
        path = f"/tmp/perf-{process.pid}.map"
        try:
            run_for(0.5, process)
            with open(path) as file:
                rows = [line.split(" ", 2) for line in file.read().splitlines()]
        finally:
            if os.path.exists(path):
                os.unlink(path)
        names = {name for _, _, name in rows}
        assert {"leaf_work", "busy_middle", "prologue and thunks"} <= names, names
        assert all(int(address, 16) and int(size, 16) for address, size, _ in rows)


def jit_dump():
    with temp_dir() as folder:
        process = start("ppc", folder, "-monitor", "none", "-jitdump", cwd=folder)
        run_for(0.5, process)
        with open(os.path.join(folder, f"jit-{process.pid}.dump"), "rb") as file:
            data = file.read()
    magic, version, position, _, _, pid = struct.unpack_from("=6I", data)
    assert (magic, version, position, pid) == (0x4a695444, 1, 40, process.pid)
    names, indexes = set(), []
    while position < len(data):
        kind, size, _, pid, _, vma, address, code_size, index = struct.unpack_from("=IIQIIQQQQ", data, position)
        name = data[position + 56:data.index(0, position + 56)]
        assert kind == 0 and pid == process.pid and vma == address and size == 56 + len(name) + 1 + code_size
        names.add(name)
        indexes.append(index)
        position += size
    assert {b"leaf_work", b"busy_middle"} <= names and indexes == list(range(len(indexes)))


def statistics():
    with temp_dir() as folder:
        path = os.path.join(folder, "monitor")
        process = start("ppc", folder, "-monitor", f"unix:{path},server,nowait")
        try:
            monitor = Monitor(path)
            time.sleep(0.3 * TIMEOUT_FACTOR)
            jit = monitor.command("info jit")
            assert int(re.search(r"^TB count +(\d+) \((\d+) regions\)", jit, re.M).group(1)) > 5, jit
            ops = dict(re.findall(r"^(\w+) +(\d+)$", monitor.command("info opcount"), re.M))
            assert int(ops["insn_start"]) > 10 and "mul_i32" in ops, ops
        finally:
            process.kill()
            process.communicate()


def refused(words, *args):
    result = subprocess.run([os.path.abspath(EXE), *QUIET, *args], stdin=subprocess.DEVNULL, capture_output=True,
                            text=True, timeout=30 * TIMEOUT_FACTOR, cwd="/proc")
    if result.returncode != 1 or len(result.stderr.splitlines()) != 1 or words not in result.stderr:
        raise Failure(f"{args}: {result}")


def bad_input():
    refused("cannot create", "-profile", "/nonexistent/folded")
    refused("expected file=", "-profile", "hz=100")
    refused("expected file=", "-profile", "/tmp/x,hz=0")
    refused("-profile", "-profile", "/tmp/x,hz=many")
    refused("cannot create", "-jitdump")
    result = subprocess.run([sys.executable, FLAMEGRAPH, "-"], input="no count\n", capture_output=True, text=True)
    assert result.returncode == 1 and "line 1" in result.stderr, result


tap = Tap()
for guest_arch in program.ARCHES:
    tap.test(f"profile and flame graph, {guest_arch}", profile, guest_arch)
tap.test("-perfmap", perf_map)
tap.test("-jitdump", jit_dump)
tap.test("info jit, info opcount", statistics)
tap.test("bad input is one line", bad_input)
tap.done()
